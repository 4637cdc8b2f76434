import EngineMessages
import Foundation
import Testing

@Suite("Engine events")
struct EngineEventTests {
  private func line(_ event: EngineEvent) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(event), as: UTF8.self)
  }

  private static let port = PortResult(
    port: 0, name: "net_null0", driver: "net_null", rxPackets: 10, txPackets: 20, rxPps: 1.5, txPps: 2, rxBps: 3,
    txBps: 4, rxMissed: 5, txDropped: 6)
  private static let latency = Latency(
    samples: 1, minimum: 2, mean: 2.5, p50: 3, p90: 4, p99: 5, p999: 6, maximum: 7)

  static let lines: [(EngineEvent, String)] = [
    (
      .started(
        EngineStart(
          mode: .forward, dpdk: "DPDK 22.11.11",
          ports: [
            PortDescription(port: 0, name: "net_null0", driver: "net_null", mac: "02:00:00:00:00:01", numaNode: 1)
          ],
          workers: [1])),
      #"{"dpdk":"DPDK 22.11.11","event":"started","mode":"forward","ports":[{"driver":"net_null","#
        + #""mac":"02:00:00:00:00:01","name":"net_null0","numaNode":1,"port":0}],"workers":[1]}"#
    ),
    (
      .started(
        EngineStart(
          mode: .tx, dpdk: "D",
          ports: [
            PortDescription(
              port: 0, name: "f", driver: "net_failsafe", mac: "m", numaNode: nil,
              subdevices: [Subdevice(name: "acf1:00:02.0", driver: "mlx5_pci", mac: "m")])
          ],
          workers: [1])),
      #"{"dpdk":"D","event":"started","mode":"tx","ports":[{"driver":"net_failsafe","mac":"m","name":"f","port":0,"#
        + #""subdevices":[{"driver":"mlx5_pci","mac":"m","name":"acf1:00:02.0"}]}],"workers":[1]}"#
    ),
    (
      .result(
        TrafficResult(
          seconds: 1,
          ports: [
            PortResult(
              port: 0, name: "f", driver: "net_failsafe", rxPackets: 1, txPackets: 2, rxPps: 1, txPps: 2, rxBps: 0,
              txBps: 0, rxMissed: 0, txDropped: 0,
              subdevices: [Subdevice(name: "s", driver: "net_tap", mac: "m", rxPackets: 1, txPackets: 2)])
          ])),
      #"{"event":"result","ports":[{"driver":"net_failsafe","name":"f","port":0,"rxBps":0,"rxMissed":0,"rxPackets":1,"#
        + #""rxPps":1,"subdevices":[{"driver":"net_tap","mac":"m","name":"s","rxPackets":1,"txPackets":2}],"#
        + #""txBps":0,"txDropped":0,"txPackets":2,"txPps":2}],"seconds":1}"#
    ),
    (
      .sample(TrafficSample(elapsed: -0.5, ports: [PortRates(port: 2, rxPps: 1, txPps: 2, rxBps: 3, txBps: 4)])),
      #"{"elapsed":-0.5,"event":"sample","ports":[{"port":2,"rxBps":3,"rxPps":1,"txBps":4,"txPps":2}]}"#
    ),
    (.notice(EngineNotice(message: "a/b")), #"{"event":"notice","message":"a/b"}"#),
    (
      .result(
        TrafficResult(
          seconds: 2, ports: [port], loss: Loss(sent: 9, received: 8, lost: 1, reordered: 2, duplicated: 3, foreign: 4),
          latency: latency)),
      #"{"event":"result","latency":{"maximum":7,"mean":2.5,"minimum":2,"p50":3,"p90":4,"p99":5,"p999":6,"samples":1},"#
        + #""loss":{"damaged":0,"duplicated":3,"foreign":4,"lost":1,"received":8,"reordered":2,"sent":9},"ports":[{"driver":"net_null","#
        + #""name":"net_null0","port":0,"rxBps":3,"rxMissed":5,"rxPackets":10,"rxPps":1.5,"txBps":4,"txDropped":6,"#
        + #""txPackets":20,"txPps":2}],"seconds":2}"#
    ),
    (
      .result(TrafficResult(seconds: 1, ports: [])), #"{"event":"result","ports":[],"seconds":1}"#
    ),
    (
      .failed(EngineFailure(function: "rte_eal_init", message: "no")),
      #"{"event":"failed","function":"rte_eal_init","message":"no"}"#
    ),
    (.failed(EngineFailure(message: "no")), #"{"event":"failed","message":"no"}"#),
  ]

  @Test("An event is one flat object with sorted keys, and reads back as it was", arguments: lines)
  func roundTrip(event: EngineEvent, expected: String) throws {
    let text = try line(event)
    #expect(text == expected)
    #expect(try JSONDecoder().decode(EngineEvent.self, from: Data(text.utf8)) == event)
  }

  @Test(
    "What is no event is refused",
    arguments: [
      "", "{}", #"{"event":"finished"}"#, #"{"event":"sample"}"#,
      #"{"dpdk":"","event":"started","mode":"rx","ports":[{"driver":"","mac":"","name":"","port":0,"subdevices":[{}]}],"workers":[]}"#,
      #"{"event":"result","seconds":"x","ports":[]}"#,
    ])
  func refused(text: String) {
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(EngineEvent.self, from: Data(text.utf8)) }
  }

  @Test("A loss that does not tell duplicates apart reads as one without")
  func olderLoss() throws {
    let text = #"{"sent":3,"received":2,"lost":1,"reordered":0,"foreign":0}"#
    let loss = try JSONDecoder().decode(Loss.self, from: Data(text.utf8))
    #expect(loss == Loss(sent: 3, received: 2, lost: 1, reordered: 0, duplicated: 0, foreign: 0))
  }
}
