import ArgumentParser
import LinuxHost

/// What `apply --root` runs a boot loader's tool through: not for people.
struct EnterImageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "enter-image", abstract: "Runs a program inside an image.", shouldDisplay: false)

  @Argument var root: String
  @Argument(parsing: .captureForPassthrough) var command: [String]

  func run() throws {
    try requireRoot(for: "enter-image")
    do throws(HostError) { try enterImage(root, command) } catch {
      complain(error.description)
      throw ExitCode.failure
    }
  }
}
