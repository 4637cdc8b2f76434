import ArgumentParser
import LinuxHost
import Provisioning

struct ConfirmCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "confirm",
    abstract: "Keeps what 'apply --confirm-within' did.",
    discussion: """
      To be typed in a new session: that it can be opened is what is confirmed. Exit code 1 \
      when nothing waits to be confirmed, or when it is too late. Needs root.

      EXAMPLES
        sudo dpdk-host apply --confirm-within 60
        sudo dpdk-host confirm
      """)

  @Option(help: "How the result is written: text, json or junit.")
  var format: OutputFormat = .text

  func run() async throws {
    try requireRoot(for: "confirm")
    var report = Report(command: "confirm", profile: "")
    do throws(HostError) { try await confirm() } catch { report.failure = error.description }
    try finish(report, format)
  }
}
