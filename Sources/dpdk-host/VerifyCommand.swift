import ArgumentParser
import EngineMessages
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

      With --drill revoke on NICs the traffic of the profile runs, and the VF goes by PCI \
      removal and comes back by a bus scan three seconds later. With 'data: none' another run \
      is made: 10 000 packets a second are sent for 15 s by a failsafe over one TAP, which \
      goes and comes back (a memory interface could not). Its arrival is not counted: the \
      report says how long the port stood still, and what was not sent.

      EXAMPLES
        sudo dpdk-host verify
        sudo dpdk-host verify --profile virtual --format json
        sudo dpdk-host verify --drill revoke      what it costs when the host takes
                                                  the VF away to service it
      """)

  @OptionGroup var options: ProfileOptions

  @Option(
    help: ArgumentHelp(
      "Have a device go and come back while traffic runs: revoke. Of a NIC that is the VF; see above.",
      valueName: "fault"))
  var drill: DrillOption?

  func run() async throws {
    try requireRoot(for: "verify")
    let inputs = try Inputs(options)
    inputs.awaitNetwork()
    var report = Report(command: "verify", profile: inputs.profile.name)
    report.options = inputs.optionWords
    await verifyProfile(inputs, options, drill: drill.map { _ in .revoke }, into: &report)
    // It is about this boot.
    report.findings.removeAll { $0.id == Finding.bootPendingID }
    try finish(report, options.format, waived: options.waived)
  }
}

/// Verifies with live progress on standard error; what came of it goes into the report.
func verifyProfile(
  _ inputs: Inputs, _ options: ProfileOptions, drill: Drill.Kind? = nil, into report: inout Report
) async {
  let progress = TrafficProgress(duration: inputs.profile.verification.seconds(drill))
  let outcome = await verify(
    inputs.profile, inputs.requirements, try? inputs.persistence(options), waiving: options.waived,
    installation: Installation(), drill: drill,
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

/// What `--drill` takes: the engine's own other kind, `watch`, is for whoever takes the device away.
enum DrillOption: String, ExpressibleByArgument, CaseIterable { case revoke }
