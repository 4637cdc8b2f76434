import ArgumentParser
import LinuxHost
import Provisioning

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Says whether this host is what the profile asks for.",
    discussion: """
      Changes nothing. Prints findings; what 'apply' would do is in 'plan'. Exit code 0 \
      when ready, 2 when there is something to apply, 3 when a reboot is due, 4 when a finding \
      blocks.

      EXAMPLES
        dpdk-host check
        dpdk-host check --profile virtual --format json
        dpdk-host check --profile image --root /mnt/image --format junit
        dpdk-host check --waive kernel.tooOld
      """)

  @OptionGroup var options: ProfileOptions
  @OptionGroup var root: RootOptions

  func run() throws {
    try judge("check", options, root: root.hostRoot())
  }
}

/// `check` and `plan` differ in what they print (``Report/showsActions``), not in what they find.
func judge(_ command: String, _ options: ProfileOptions, root: HostRoot) throws {
  let inputs = try Inputs(options, root: root)
  var report = Report(command: command, profile: inputs.profile.name, actionsArePending: true)
  report.options = inputs.optionWords
  do throws(HostError) {
    let facts = gather(root, scope: gatherScope(for: inputs.profile))
    let plan = plan(
      inputs.profile, inputs.requirements, on: facts, waiving: options.waived, lasting: try inputs.persistence(options))
    // Of an image nothing waits.
    report.findings = plan.findings + (root.isRunningHost ? unconfirmedFindings() : [])
    report.actions = plan.actions
    report.isSettledByReboot =
      plan.actions.allSatisfy(\.action.isReservation) && bootReservesPages(inputs.profile, on: facts)
    if !report.showsActions, inputs.profile.boot.wantsArguments { report.bootEntries = facts.boot?.entries ?? [] }
  } catch { report.failure = error.description }
  try finish(report, options.format, waived: options.waived)
}
