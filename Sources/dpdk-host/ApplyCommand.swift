import ArgumentParser
import LinuxHost
import Provisioning

struct ApplyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Makes this host what the profile asks for.",
    discussion: """
      Idempotent, and journalled before each change, so that 'revert' can undo it. \
      Nothing is done while a finding blocks. Needs root.

      EXAMPLES
        sudo dpdk-host apply
        sudo dpdk-host apply --profile virtual
      """)

  @OptionGroup var options: ProfileOptions

  func run() async throws {
    try requireRoot(for: "apply")
    let inputs = try Inputs(options)
    inputs.awaitNetwork()
    var report = Report(command: "apply", profile: inputs.profile.name)
    await applyProfile(inputs, options, into: &report)
    try finish(report, options.format, waived: options.waived)
  }
}

/// Applies and tells each action on standard error; what came of it goes into the report.
func applyProfile(_ inputs: Inputs, _ options: ProfileOptions, into report: inout Report) async {
  do throws(HostError) {
    let style = Style.forStandardError()
    let outcome = try await apply(inputs.profile, inputs.requirements, waiving: options.waived) { event in
      log(progress(event, style: style))
    }
    report.findings = outcome.findings
    report.actions = outcome.actions
    report.failure = outcome.failure?.description
  } catch { report.failure = error.description }
}
