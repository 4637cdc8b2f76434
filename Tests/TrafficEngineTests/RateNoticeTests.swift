import EngineMessages
import Testing

@testable import TrafficEngine

@Suite("A rate that was not kept")
struct RateNoticeTests {
  private func notices(
    _ rate: TrafficRate, sent: [Double], mode: TrafficMode = .tx, seconds: Double = 10
  ) -> [String] {
    let ports = sent.enumerated().map { index, pps in
      PortResult(
        port: index, name: "p\(index)", driver: "d", rxPackets: 0, txPackets: 0, rxPps: 0, txPps: pps, rxBps: 0,
        txBps: 0, rxMissed: 0, txDropped: 0)
    }
    return EngineRequest(mode: mode, rate: rate)
      .rateNotices(about: TrafficResult(seconds: seconds, ports: ports), ofPorts: ports.count).map(\.message)
  }

  @Test("is told of each port that missed it by more than a hundredth, in either direction")
  func missed() {
    let rate = TrafficRate.packetsPerSecond(1e6)
    #expect(notices(rate, sent: [1e6, 1.009e6, 0.991e6]).isEmpty)
    #expect(
      notices(rate, sent: [1e6, 500_000, 1.06e6]) == [
        "port 'p1' sent 500000 packets a second of the 1000000 asked for with --rate: this machine sent too few, or the port took no more",
        "port 'p2' sent 1060000 packets a second of the 1000000 asked for with --rate: a stall before was made good",
      ])
    #expect(notices(.bitsPerSecond(512e6), sent: [900_000]).count == 1, "a rate in bits is one of packets")
  }

  @Test("is not told without a rate, of a port that only receives, and of a burst more or less")
  func kept() {
    #expect(notices(.maximum, sent: [5]).isEmpty)
    #expect(notices(.packetsPerSecond(1e6), sent: [1e6, 0], mode: .loopback).isEmpty)
    #expect(notices(.packetsPerSecond(1e6), sent: [5e5, 0], mode: .loopback).count == 1)
    #expect(notices(.packetsPerSecond(10), sent: [0], mode: .forward).isEmpty)
    #expect(notices(.packetsPerSecond(100), sent: [90], seconds: 1).isEmpty)
    #expect(notices(.packetsPerSecond(100), sent: [50], seconds: 0).isEmpty)
  }
}
