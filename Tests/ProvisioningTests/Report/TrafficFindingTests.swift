import EngineMessages
import Provisioning
import Testing

@Suite("Judging loss, counters and interruptions")
struct TrafficFindingTests {
  private func result(
    loss: Loss? = nil, account: PortAccount? = nil, interruptions: [Interruption]? = nil
  ) -> TrafficResult {
    let port = PortResult(
      port: 1, name: "net_failsafe0", driver: "net_failsafe", rxPackets: 20, txPackets: 20, rxPps: 10, txPps: 10,
      rxBps: 9, txBps: 9, rxMissed: 0, txDropped: 0, account: account)
    return TrafficResult(seconds: 2, ports: [port], loss: loss, interruptions: interruptions)
  }

  private func findings(
    _ result: TrafficResult, drill: Drill? = nil, minimum: Int? = nil, expecting: ExpectedPorts = .init()
  ) -> [Finding] {
    let verification = Profile.Verification(duration: 2, minimum: minimum.map { .init(packetsPerSecond: $0) })
    return judge(result, of: .loopback, against: verification, expecting: expecting, drill: drill)
  }

  private func interruption(absence: Double? = 4.25) -> Interruption {
    Interruption(
      port: 1, device: "acf1:00:02.0", elapsed: 2, absence: absence, standstill: 0.123, resolution: 0.002, lost: 1234)
  }

  private let drill = Drill(kind: .revoke, after: 2)

  @Test("damage is a blocker, order is only told")
  func damage() {
    let found = findings(
      result(loss: Loss(sent: 20, received: 18, lost: 0, reordered: 3, duplicated: 1, foreign: 0, damaged: 2)))
    #expect(found.map(\.id) == ["engine.damaged", "engine.reordered"])
    #expect(found.map(\.severity) == [.blocker, .info])
    #expect(found[1].message == "of 18 packets that arrived 3 came out of order, and 1 came again")
  }

  @Test("counts that differ by more than the queues hold are a warning that has both")
  func counters() {
    var account = PortAccount(
      received: 1000, portReceived: 3000, unread: 1024, sent: 20, portSent: 20, portSendErrors: 0, uncompleted: 1024)
    let found = findings(result(account: account))
    #expect(found.map(\.id) == ["engine.countersDiffer"])
    #expect(found.first?.severity == .warning)
    #expect(
      found.first?.message
        == "the engine received 1 000 packets, the port counted 3 000: 976 more apart than its queues hold")
    account.portReceived = 2024
    #expect(findings(result(account: account)).isEmpty)
    account.portReceived = 9000
    #expect(findings(result(account: account, interruptions: [interruption()])).map(\.id) == ["engine.interrupted"])
  }

  @Test("an interruption that nobody asked for is a warning, also where it did not end")
  func interrupted() {
    let found = findings(result(interruptions: [interruption(), interruption(absence: nil)]))
    #expect(found.map(\.id) == ["engine.interrupted", "engine.interrupted"])
    #expect(found.allSatisfy { $0.severity == .warning && $0.subject == "acf1:00:02.0" })
    #expect(
      found[0].message
        == "was away for 4 250 ms, port 1 stood still for 123 ms (give or take 2 ms), 1 234 packets were lost")
    #expect(found[1].message.hasPrefix("did not come back while the run lasted"))
  }

  @Test("of a drill it is what one wanted to know; its loss and its rate are not held against the host")
  func drilled() {
    let loss = Loss(sent: 30, received: 20, lost: 10, reordered: 0, foreign: 0)
    let found = findings(result(loss: loss, interruptions: [interruption()]), drill: drill, minimum: 1_000_000)
    #expect(found.map(\.id) == ["engine.loss", "engine.interrupted"])
    #expect(found.allSatisfy { $0.severity == .info })
  }

  @Test("a drill that took nothing away, or gets nothing back, has failed")
  func failedDrill() {
    #expect(findings(result(), drill: drill).map(\.id) == ["engine.notRevoked"])
    let gone = findings(
      result(interruptions: [interruption(absence: nil)]), drill: drill,
      expecting: ExpectedPorts(driver: "net_failsafe", subdeviceDrivers: ["mlx5_pci"]))
    #expect(gone.map(\.id) == ["engine.interrupted", "engine.notReplugged"])
    let report = Report(command: "verify", profile: "p", findings: gone)
    #expect(report.verdict == .failed)
  }

  @Test("a reflector that sends nothing back, and a benchmark that finds no rate, have failed")
  func zero() {
    var silent = result()
    silent.ports[0].txPps = 0
    func ids(_ result: TrafficResult, _ mode: TrafficMode) -> [String] {
      judge(result, of: mode, against: .init(duration: 2), expecting: .init()).map(\.id)
    }
    #expect(ids(silent, .reflect) == ["engine.noPackets"])
    #expect(ids(result(), .reflect).isEmpty)
    var benchmark = result()
    benchmark.benchmark = BenchmarkReport(sizes: [
      FrameSizeReport(
        frameSize: 1518,
        throughput: Throughput(packetsPerSecond: 9e5, bitsPerSecond: 1e10, failedAt: nil, isResolved: true)),
      FrameSizeReport(frameSize: 64),
    ])
    #expect(ids(benchmark, .rfc2544) == ["engine.noPackets"])
    benchmark.benchmark?.sizes[1].throughput = Throughput(
      packetsPerSecond: 5e6, bitsPerSecond: 2e9, failedAt: 6e6, isResolved: true)
    benchmark.seconds = 0.5
    #expect(ids(benchmark, .rfc2544).isEmpty)
    let slow = judge(
      benchmark, of: .rfc2544, against: .init(duration: 2, minimum: .init(packetsPerSecond: 5_000_001)),
      expecting: .init())
    #expect(slow.map(\.id) == ["engine.belowRate"])
  }

  @Test("events of ports are notes, very many of them a few")
  func events() {
    let events = (0..<25).map { PortEvent(elapsed: Double($0), port: 1, device: "vf", kind: .removed) }
    let found = notes(of: events)
    #expect(found.count == 21 && found.allSatisfy { $0.severity == .info })
    #expect(found[3].message == "removed at 3.0 s (port 1)")
    #expect(found[20].message == "and 5 events more")
    #expect(notes(of: []).isEmpty)
  }
}
