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

      With --confirm-within everything is undone by itself unless 'dpdk-host confirm' \
      comes in time, counted from the end: for a host that is reached through the network \
      that is changed. What undoes it runs before anything is changed. A reboot undoes it, too; the serial console is the other way back.

      Where a reboot is due, the exit code is 3, and /run/reboot-required says so to other programs.

      With --root an image that is mounted there is made what the profile asks for, as far as \
      that lasts on its disk; the rest is done when it boots.

      EXAMPLES
        sudo dpdk-host apply
        sudo dpdk-host apply --root /mnt/image --profile azure
        sudo dpdk-host apply --reboot
        sudo dpdk-host apply --profile virtual
        sudo dpdk-host apply --confirm-within 60
      """)

  @OptionGroup var options: ProfileOptions
  @OptionGroup var change: ChangeOptions
  @OptionGroup var root: RootOptions

  @Option(help: ArgumentHelp("Apply this part of the profile alone: hugepages.", valueName: "part"), transform: part)
  var only: ProfilePart?

  @Option(
    help: ArgumentHelp(
      "Undo it all unless 'dpdk-host confirm' comes within this many seconds.", valueName: "seconds"))
  var confirmWithin: Int?

  func validate() throws {
    if root.root != nil, change.reboot || confirmWithin != nil || only != nil {
      throw ValidationError("--reboot, --confirm-within and --only are about a running host: leave them or --root out")
    }
    guard let confirmWithin else { return }
    if change.reboot {
      throw ValidationError("--reboot would undo what --confirm-within waits for: leave one of them out")
    }
    guard !(1...86400).contains(confirmWithin) else { return }
    throw ValidationError("--confirm-within \(confirmWithin) is no time to confirm in: 1 to 86400 seconds")
  }

  func run() async throws {
    try requireRoot(for: "apply")
    try change.requireReboot()
    let inputs = try Inputs(options, root: try root.hostRoot())
    // Pools need no network, and come before it.
    if only == nil, inputs.root.isRunningHost { inputs.awaitNetwork() }
    var report = Report(command: "apply", profile: inputs.profile.name)
    report.options = inputs.optionWords
    await applyProfile(inputs, options, change, only: only, confirmWithin: confirmWithin, into: &report)
    let isDue = only == nil && inputs.root.isRunningHost && report.settleReboot(isExpected: change.reboot) == .due
    if confirmWithin != nil, report.actions.isEmpty, report.failure == nil {
      log("nothing was changed, so there is nothing to confirm")
    }
    try await finish(report, options, rebooting: isDue && change.reboot)
  }
}

private func part(_ name: String) throws -> ProfilePart {
  guard let part = ProfilePart(rawValue: name) else {
    throw ValidationError("'\(name)' is none of \(ProfilePart.allCases.map(\.rawValue).joined(separator: ", "))")
  }
  return part
}

/// Applies and tells each action on standard error; what came of it goes into the report.
func applyProfile(
  _ inputs: Inputs, _ options: ProfileOptions, _ change: ChangeOptions, only part: ProfilePart? = nil,
  confirmWithin seconds: Int? = nil, into report: inout Report
) async {
  do throws(HostError) {
    let style = Style.forStandardError()
    let outcome = try await apply(
      inputs.profile, inputs.requirements, try inputs.persistence(options), in: inputs.root, waiving: options.waived,
      only: part, waitingForLock: change.waitForLock, confirmWithin: seconds
    ) { event in
      log(progress(event, style: style))
    }
    report.findings = outcome.findings
    report.actions = outcome.actions
    report.failure = outcome.failure?.description
  } catch { report.failure = error.description }
}
