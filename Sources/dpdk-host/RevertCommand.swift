import ArgumentParser
import LinuxHost
import Provisioning

struct RevertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revert",
    abstract: "Undoes what 'apply' did.",
    discussion: """
      Restores page counts, mounts, modules and directories to what they were before the \
      first 'apply', from the journal in /var/lib/dpdk-host, and removes the journal. Map \
      files that were deleted, and modules that others brought along, stay as they are. \
      Nothing is taken from under a running DPDK process: it is named, and the exit code \
      is 4. Safe to run twice. Needs root.

      EXAMPLES
        sudo dpdk-host revert
      """)

  @Option(help: "How the result is written: text, json or junit.")
  var format: OutputFormat = .text

  func run() throws {
    try requireRoot(for: "revert")
    var report = Report(command: "revert", profile: "")
    let style = Style.forStandardError()
    do throws(HostError) {
      let outcome = try revert { event in log(progress(event, style: style)) }
      report.findings = outcome.findings
      report.undone = outcome.steps.map(title)
      if !outcome.failures.isEmpty { report.failure = outcome.failures.map(\.description).joined(separator: "; ") }
    } catch { report.failure = error.description }
    if report.undone.isEmpty, report.verdict == .ready { log("nothing to revert") }
    try finish(report, format)
  }
}
