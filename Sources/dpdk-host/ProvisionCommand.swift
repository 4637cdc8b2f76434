import ArgumentParser
import LinuxHost
import Provisioning

struct ProvisionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "provision",
    abstract: "Checks, applies and verifies: from a bare host to a measured packet rate.",
    discussion: """
      What cloud-init runs at first boot. Stops at the first of the three that does not \
      succeed; 'revert' undoes what it did. Needs root.

      EXAMPLES
        sudo dpdk-host provision --profile virtual
        sudo dpdk-host provision --format junit > provision.xml
      """)

  @OptionGroup var options: ProfileOptions

  func run() async throws {
    try requireRoot(for: "provision")
    let inputs = try Inputs(options)
    inputs.awaitNetwork()
    var report = Report(command: "provision", profile: inputs.profile.name)
    // Nothing is changed on a host that could not be verified afterwards.
    let obstacles = obstaclesToVerification(
      inputs.profile, inputs.requirements, waiving: options.waived, installation: Installation())
    report.findings = obstacles.findings
    report.failure = obstacles.failure?.description
    guard report.verdict == .ready || report.verdict == .rebootNeeded else {
      return try finish(report, options.format, waived: options.waived)
    }
    await applyProfile(inputs, options, into: &report)
    // Applied, the verdict so far is about the host alone: only a ready one is worth measuring.
    if [.ready, .rebootNeeded].contains(report.verdict) {
      await verifyProfile(inputs, options, into: &report)
    }
    try finish(report, options.format, waived: options.waived)
  }
}
