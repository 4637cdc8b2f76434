import ArgumentParser
import LinuxHost

/// What `verify --drill revoke` starts before it takes a VF away, to give it back whatever becomes of `verify`: not for people.
struct GiveBackFunctionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "give-back-function", abstract: "Scans the PCI bus for a VF some seconds later.",
    shouldDisplay: false)

  @Argument var address: String
  @Option var after: Int

  func run() async throws {
    try requireRoot(for: "give-back-function")
    do throws(HostError) { try await giveBackFunction(address, afterSeconds: after) } catch {
      complain(error.description)
      throw ExitCode.failure
    }
  }
}
