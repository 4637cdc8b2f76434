import ArgumentParser
import LinuxHost
import Provisioning
import SystemPackage

struct ProvisionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "provision",
    abstract: "Checks, applies and verifies: from a bare host to a measured packet rate.",
    discussion: """
      What cloud-init runs at first boot. Stops at the first of the three that does not \
      succeed; 'revert' undoes what it did. Needs root.

      Where a reboot is due, the exit code is 3, and /run/reboot-required says so to other \
      programs. With --reboot, or with --verify-after-reboot where something else reboots, \
      packets are measured after it, by a unit that then takes itself away.

      EXAMPLES
        sudo dpdk-host provision --profile virtual
        sudo dpdk-host provision --format junit > provision.xml
        sudo dpdk-host provision --reboot --result /var/log/dpdk-host.json --console
      """)

  @OptionGroup var options: ProfileOptions
  @OptionGroup var change: ChangeOptions

  @Flag(help: "Where a reboot is due, leave the measuring to a unit that runs after it, whoever reboots.")
  var verifyAfterReboot = false

  @Option(help: ArgumentHelp("Write the report as JSON to this file, too, whole at once.", valueName: "file"))
  var result: String?

  @Flag(help: "Tell the verdict on the machine's console, too.")
  var console = false

  /// What the unit runs that goes on after the reboot.
  @Flag(help: .hidden)
  var continued = false

  private var measuresAfterReboot: Bool { change.reboot || verifyAfterReboot }

  func validate() throws {
    if let resultPath {
      let folder = FilePath(resultPath).removingLastComponent()
      guard (try? HostRoot.runningHost.entries(folder.string)) ?? nil != nil else {
        throw ValidationError("--result '\(resultPath)': '\(folder)' is not a directory")
      }
      if ((try? HostRoot.runningHost.entries(resultPath)) ?? nil) != nil {
        throw ValidationError("--result '\(resultPath)' is a directory: name a file in it")
      }
    }
    guard let resultPath, measuresAfterReboot, !Persistence.canStandInUnit(resultPath) else { return }
    throw ValidationError("--result '\(resultPath)' cannot stand in a unit: take letters, digits and '/._-+@:=,~'")
  }

  func run() async throws {
    try requireRoot(for: "provision")
    try change.requireReboot()
    let inputs: Inputs
    do { inputs = try Inputs(options) } catch {
      if continued { try? removeContinuation() }
      throw error
    }
    inputs.awaitNetwork()
    var report = Report(command: "provision", profile: inputs.profile.name)
    report.options = inputs.optionWords
    let goesOn = await provision(inputs, into: &report)
    try tellElsewhere(report)
    try await finish(report, options, rebooting: goesOn && change.reboot)
  }

  /// - Returns: whether what is left is to be done after a reboot.
  private func provision(_ inputs: Inputs, into report: inout Report) async -> Bool {
    var settlement = RebootSettlement.open
    do throws(HostError) {
      if continued, try !beginContinuation() {
        throw HostError(
          "the proof after the reboot was begun \(RebootRecord.mostContinuations) times and never came to its end",
          remedy: "see the journal of the boots before, then run 'dpdk-host verify'")
      }
      await prepare(inputs, into: &report)
      settlement = report.settleReboot(isExpected: measuresAfterReboot || continued)
      if settlement == .due, measuresAfterReboot, !continued {
        try leaveContinuation(for: inputs)
        return true
      }
      // Pages that only the next boot gives cannot be measured on in this one.
      if report.verdict == .rebootNeeded, report.findings.contains(where: { $0.id == Finding.shortID }) { return false }
      if [.ready, .rebootNeeded].contains(report.verdict) { await verifyProfile(inputs, options, into: &report) }
    } catch { report.failure = error.description }
    do throws(HostError) {
      switch settlement {
      case .settled: try forgetReboot()
      case .due, .open: if continued { try removeContinuation() }
      }
    } catch { report.failure = report.failure ?? error.description }
    return false
  }

  /// Applies, where the host could be verified afterwards: on another nothing is changed.
  private func prepare(_ inputs: Inputs, into report: inout Report) async {
    let obstacles = obstaclesToVerification(
      inputs.profile, inputs.requirements, try? inputs.persistence(options), waiving: options.waived,
      installation: Installation())
    report.findings = obstacles.findings
    report.failure = obstacles.failure?.description
    guard report.verdict == .ready || report.verdict == .rebootNeeded else { return }
    await applyProfile(inputs, options, change, into: &report)
  }

  private func leaveContinuation(for inputs: Inputs) throws(HostError) {
    guard inputs.profile.boot.units == .auto, systemdRuns() else {
      let reason = systemdRuns() ? "the profile has 'boot.units: none'" : "no systemd runs here"
      return log("nothing goes on after the reboot, as \(reason): run 'dpdk-host verify' then")
    }
    guard let continuation = Continuation(try inputs.persistence(options), result: resultPath, console: console) else {
      throw HostError(
        "cannot leave '\(Continuation.unit)', which would measure after the reboot",
        remedy: "install this program with 'make install PREFIX=…', and without --verify-after-reboot and --reboot "
          + "run 'dpdk-host verify' after the reboot")
    }
    try LinuxHost.leaveContinuation(continuation)
  }

  private var resultPath: String? {
    result.map { FilePath($0).isAbsolute ? $0 : workingDirectory().appending($0).lexicallyNormalized().string }
  }

  private func tellElsewhere(_ report: Report) throws {
    if let resultPath {
      let text = try json(report) + "\n"
      do throws(HostError) { try writeResult(text, to: resultPath) } catch {
        complain(error.description)
        throw ExitCode(Verdict.failed.exitCode)
      }
    }
    if console { tellConsole(consoleLine(report)) }
  }
}
