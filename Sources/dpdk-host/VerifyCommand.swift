import ArgumentParser
import LinuxHost
import Provisioning

struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Moves packets with DPDK and judges how many.",
    discussion: """
      Launches the packet engine on the pages and the mount of the profile. Zero packets \
      is a failure, also when everything came up. Exit code 5 when the rate is below the \
      profile's minimum. Needs root, and a host that 'apply' has prepared.

      EXAMPLES
        sudo dpdk-host verify
        sudo dpdk-host verify --profile virtual --format json
      """)

  @OptionGroup var options: ProfileOptions

  func run() async throws {
    try requireRoot(for: "verify")
    let inputs = try Inputs(options)
    inputs.awaitNetwork()
    var report = Report(command: "verify", profile: inputs.profile.name)
    report.options = inputs.optionWords
    await verifyProfile(inputs, options, into: &report)
    // It is about this boot.
    report.findings.removeAll { $0.id == Finding.bootPendingID }
    try finish(report, options.format, waived: options.waived)
  }
}

/// Verifies with live progress on standard error; what came of it goes into the report.
func verifyProfile(_ inputs: Inputs, _ options: ProfileOptions, into report: inout Report) async {
  let progress = TrafficProgress(duration: Double(inputs.profile.verification.duration))
  let outcome = await verify(
    inputs.profile, inputs.requirements, try? inputs.persistence(options), waiving: options.waived,
    installation: Installation(),
    tell: { progress.show($0) })
  progress.end()
  if !outcome.engineLog.isEmpty {
    log("the engine's last words:")
    outcome.engineLog.forEach { log("  \($0)") }
  }
  report.findings = outcome.findings + unconfirmedFindings()
  report.traffic = outcome.traffic
  report.failure = outcome.failure?.description
}
