import EngineMessages
import Provisioning
import Testing

@Suite("Judging traffic")
struct JudgementTests {
  func result(pps: Double, driver: String = "net_failsafe", lost: UInt64 = 0) -> TrafficResult {
    let packets = UInt64(pps * 2)
    func port(_ number: Int, rx: Double, tx: Double) -> PortResult {
      PortResult(
        port: number, name: "\(driver)\(number)", driver: driver, rxPackets: UInt64(rx * 2), txPackets: UInt64(tx * 2),
        rxPps: rx, txPps: tx, rxBps: rx * 512, txBps: tx * 512, rxMissed: 0, txDropped: 0)
    }
    return TrafficResult(
      seconds: 2, ports: [port(0, rx: 0, tx: pps), port(1, rx: pps, tx: 0)],
      loss: Loss(sent: packets + lost, received: packets, lost: lost, reordered: 0, foreign: 0))
  }

  func ids(_ result: TrafficResult, minimum: Int? = 1_000_000, mode: TrafficMode = .loopback) -> [String] {
    let verification = Profile.Verification(duration: 2, minimum: minimum.map { .init(packetsPerSecond: $0) })
    return judge(result, of: mode, against: verification, expecting: .init(driver: "net_failsafe")).map(\.id)
  }

  @Test("enough packets are good, and exactly enough are enough", arguments: [1_000_000, 8_000_000.0])
  func enough(pps: Double) { #expect(ids(result(pps: pps)).isEmpty) }

  @Test("one packet too few is below the rate")
  func belowRate() { #expect(ids(result(pps: 999_999)) == ["engine.belowRate"]) }

  @Test("zero is no packets, with or without a minimum", arguments: [nil, 0, 1_000_000])
  func zero(minimum: Int?) { #expect(ids(result(pps: 0), minimum: minimum) == ["engine.noPackets"]) }

  @Test("a receiver that receives nothing fails, whatever was sent")
  func silent() {
    var silent = result(pps: 5_000_000)
    silent.ports[1].rxPps = 0
    #expect(ids(silent) == ["engine.noPackets"])
  }

  @Test("a port with another driver fails, also when it is fast")
  func wrongDriver() {
    #expect(ids(result(pps: 8_000_000, driver: "net_tap")) == ["engine.wrongDriver", "engine.wrongDriver"])
  }

  @Test("where the wrong ports came up and stayed silent, both is said")
  func wrongDriverAndSilent() {
    #expect(
      ids(result(pps: 0, driver: "mlx5_pci")) == ["engine.wrongDriver", "engine.wrongDriver", "engine.noPackets"])
  }

  @Test("a run that was cut short proves nothing")
  func cutShort() {
    var short = result(pps: 8_000_000)
    short.seconds = 1.7
    #expect(ids(short) == ["engine.cutShort"])
  }

  @Test("loss is a warning")
  func loss() {
    let findings = judge(
      result(pps: 2_000_000, lost: 3), of: .loopback, against: .init(duration: 2), expecting: .init())
    #expect(findings.map(\.id) == ["engine.loss"])
    #expect(findings.first?.severity == .warning)
    #expect(findings.first?.message == "3 of 4 000 003 packets did not arrive")
  }

  @Test("numbers that no engine can have measured are told, not trapped on")
  func absurd() {
    var absurd = result(pps: 1)
    absurd.loss?.lost = .max
    absurd.loss?.foreign = .max
    absurd.loss?.sent = .max
    absurd.ports[1].rxPps = 1e300
    absurd.ports[0].txPackets = .max
    absurd.ports[1].txPackets = .max
    #expect(ids(absurd) == ["engine.loss"])
    absurd.ports[1].rxPps = 0
    #expect(ids(absurd) == ["engine.noPackets"])
    #expect(grouped(1e300) == "18 446 744 073 709 551 615")
    #expect(grouped(Double.nan) == "0")
    #expect(grouped(-1.0) == "0")
  }

  @Test("a sender is judged by what left")
  func sender() {
    var both = result(pps: 2_000_000)
    for index in both.ports.indices { both.ports[index].txPackets = 1 }
    #expect(ids(both, mode: .tx) == ["verification.unproven"])
  }

  @Test("a drill that only sends says that arrival is unproven, and what was not sent")
  func sendingDrill() throws {
    var result = result(pps: 9000)
    result.ports[1].txPackets = 20_000
    result.interruptions = [
      Interruption(port: 0, device: "tap", elapsed: 1, absence: 0.1, standstill: 0.15, resolution: 0.01)
    ]
    let findings = judge(
      result, of: .tx, against: Profile.Verification(duration: 2), expecting: .init(driver: "net_failsafe"),
      sending: .packetsPerSecond(10_000), drill: Drill(kind: .revoke, after: 1))
    let found = try #require(findings.first { $0.id == "verification.unproven" })
    #expect(found.severity == .info && found.subject == "drill")
    #expect(
      found.message == "the drill sends only, arrival unproven: sent 38 000 packets of the 40 000 that were due, "
        + "some 1 500 were not while a port stood still")
  }

  @Test("a port that sent nothing is told, however much the others sent")
  func oneSilent() {
    #expect(ids(result(pps: 2_000_000), mode: .tx).contains("engine.noPackets"))
  }
}

@Suite("The verdict")
struct VerdictTests {
  func finding(_ id: String, _ severity: Finding.Severity) -> Finding {
    Finding(id, severity, subject: "s", message: "m")
  }

  func report(_ findings: Finding..., pending: Bool = false, failure: String? = nil) -> Report {
    let action = PlannedAction(.loadModule(name: "ib_uverbs"), reason: "r")
    return Report(
      command: "check", profile: "p", findings: findings, actions: pending ? [action] : [], actionsArePending: pending,
      failure: failure)
  }

  @Test("the first that holds counts: blocked, failed, below rate, action needed, reboot needed, ready")
  func order() {
    let blocker = finding("kernel.tooOld", .blocker)
    let slow = finding("engine.belowRate", .blocker)
    let reboot = finding("boot.pending", .warning)
    #expect(report(blocker, slow, pending: true, failure: "f").verdict == .blocked)
    #expect(report(slow, pending: true, failure: "f").verdict == .failed)
    #expect(report(slow, reboot, pending: true).verdict == .belowRate)
    #expect(report(reboot, pending: true).verdict == .actionNeeded)
    #expect(report(reboot).verdict == .rebootNeeded)
    #expect(report(finding("kernel.flavourUnlisted", .warning)).verdict == .ready)
  }

  @Test("no packets is failed, not blocked")
  func noPackets() { #expect(report(finding("engine.noPackets", .blocker)).verdict == .failed) }

  @Test("a waived blocker does not block")
  func waived() {
    let findings = waive(["kernel.tooOld"], in: [finding("kernel.tooOld", .blocker)]).findings
    #expect(Report(command: "check", profile: "p", findings: findings).verdict == .ready)
  }

  @Test(
    "exit codes are those of the contract",
    arguments: [
      (Verdict.ready, Int32(0)), (.failed, 1), (.actionNeeded, 2), (.rebootNeeded, 3), (.blocked, 4), (.belowRate, 5),
    ])
  func exitCodes(verdict: Verdict, code: Int32) { #expect(verdict.exitCode == code) }
}
