import EngineMessages
import Testing

@testable import TrafficEngine

@Suite("Answers of our telemetry commands")
struct TelemetryAnswerTests {
  private var running: RunStatus {
    var status = RunStatus(EngineRequest(mode: .tx, warmUp: 1))
    status.note(
      .started(
        EngineStart(
          mode: .tx, dpdk: "D",
          ports: [
            PortDescription(
              port: 3, name: "net_failsafe0", driver: "net_failsafe", mac: "m", numaNode: 1,
              subdevices: [Subdevice(name: "net_tap0", driver: "net_tap", mac: "m")])
          ], workers: [1])))
    return status
  }

  private let sample = TrafficSample(
    elapsed: 1.5,
    ports: [
      PortRates(
        port: 3, rxPps: 1, txPps: 2.6, rxBps: 3, txBps: 4, dropPps: 5,
        queues: [QueueRates(queue: 0, rxPps: 1, txPps: 1.6), QueueRates(queue: 1, rxPps: 0, txPps: 1)])
    ])

  @Test("The run goes from its start through the warm-up to the end, whether it sends samples or not")
  func phases() {
    let start = ContinuousClock.now
    var status = RunStatus(EngineRequest(mode: .rfc2544, warmUp: 1))
    #expect(TelemetryAnswer(run: status).entries.map(\.name) == ["mode", "phase"])
    #expect(status.phase(at: start) == .starting)
    status.note(.started(EngineStart(mode: .rfc2544, dpdk: "D", ports: [], workers: [])), at: start)
    #expect(status.phase(at: start + .milliseconds(999)) == .warmUp)
    #expect(status.phase(at: start + .seconds(1)) == .measuring)
    status.note(.result(TrafficResult(seconds: 1, ports: [])))
    #expect(status.phase(at: start + .seconds(2)) == .over)
    var cold = RunStatus(EngineRequest(mode: .rx, warmUp: 0))
    cold.note(.started(EngineStart(mode: .rx, dpdk: "D", ports: [], workers: [])), at: start)
    #expect(cold.phase(at: start) == .measuring)
  }

  @Test("Rates are whole numbers, of all ports or of one with its queues")
  func rates() throws {
    var status = running
    #expect(TelemetryAnswer(rates: status).entries.isEmpty && TelemetryAnswer(ratesOfPort: 3, of: status) == nil)
    status.note(.sample(sample))
    let all = TelemetryAnswer(rates: status)
    #expect(
      all.entries.map(\.name) == [
        "elapsed_ms", "port_3/rx_pps", "port_3/tx_pps", "port_3/rx_bps", "port_3/tx_bps", "port_3/drop_pps",
      ])
    #expect(all.entries.map(\.value) == [.number(1500), .number(1), .number(3), .number(3), .number(4), .number(5)])
    let one = try #require(TelemetryAnswer(ratesOfPort: 3, of: status))
    #expect(
      one.entries.map(\.name).suffix(4) == ["queue_0/rx_pps", "queue_0/tx_pps", "queue_1/rx_pps", "queue_1/tx_pps"])
    #expect(TelemetryAnswer(ratesOfPort: 0, of: status) == nil)
    status.note(
      .sample(
        TrafficSample(elapsed: 2, ports: [PortRates(port: 3, rxPps: .nan, txPps: .infinity, rxBps: -1, txBps: 0)])))
    #expect(TelemetryAnswer(rates: status).entries.dropFirst().allSatisfy { $0.value == .number(0) })
  }

  @Test("A port says what it is and what lies beneath")
  func ports() throws {
    #expect(TelemetryAnswer(ports: running).entries.map(\.value) == [.list([3])])
    let port = try #require(TelemetryAnswer(port: 3, of: running))
    #expect(port.entries.map(\.name) == ["name", "driver", "mac", "numa_node", "subdevice_0"])
    #expect(port.entries.last?.value == .text("net_tap0"))
    #expect(TelemetryAnswer(port: 0, of: running) == nil)
  }

  @Test("The socket is for a directory that can be written to, and a path that fits")
  func possible() {
    #expect(canHoldSocket(base: "/tmp", filePrefix: "p"))
    #expect(!canHoldSocket(base: "/proc/self", filePrefix: "p"))
    #expect(!canHoldSocket(base: "/nonexistent", filePrefix: "p"))
    #expect(!canHoldSocket(base: "/tmp", filePrefix: String(repeating: "p", count: 90)))
  }
}
