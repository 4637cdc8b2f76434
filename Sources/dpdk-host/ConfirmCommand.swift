import ArgumentParser
import LinuxHost
import Provisioning

struct ConfirmCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "confirm",
    abstract: "Keeps what 'apply --confirm-within' did.",
    discussion: """
      To be typed in a new session: that it can be opened is what is confirmed. From then on \
      it lasts: units and boot configuration are written now. Exit code 1 \
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
    let style = Style.forStandardError()
    do throws(HostError) {
      let outcome = try await confirm(Installation()) { log(progress($0, style: style)) }
      report.findings = outcome?.findings ?? []
      report.actions = outcome?.actions ?? []
      report.failure = outcome?.failure?.description
    } catch { report.failure = error.description }
    // Everything is kept: that the next boot has more is told, and no other exit code.
    for finding in report.findings where finding.id == Finding.bootPendingID {
      findingLines(finding, style: style).forEach(log)
    }
    report.findings.removeAll { $0.id == Finding.bootPendingID }
    try finish(report, format)
  }
}
