import EngineMessages
import Foundation
import Testing

extension EngineProgram {
  @Suite("Modes")
  struct ModeTests {
    private static let nulls = ["--vdev", "net_null0", "--vdev", "net_null1"]

    @Test("forward moves packets both ways between net_null ports")
    func forwardNull() throws {
      let ended = try EngineProcess.run("forward", Self.nulls + ["--stats-period", "0.1"])
      let result = try ended.result()
      #expect(result.ports.map(\.name) == ["net_null0", "net_null1"])
      #expect((0.29...1.5).contains(result.seconds))
      for port in result.ports {
        #expect(port.driver == "net_null")
        #expect(port.rxPackets > 0 && port.txPackets > 0 && port.txDropped == 0 && port.rxMissed == 0)
        #expect(abs(port.rxPps * result.seconds / Double(port.rxPackets) - 1) < 1e-6)
        #expect(abs(port.rxBps / port.rxPps - 68 * 8) < 0.01, "net_null makes mbufs of 64 bytes")
      }
      #expect(result.loss == nil && result.latency == nil)
      let events = try ended.events()
      guard case .started(let start) = events.first else {
        Issue.record("no start")
        return
      }
      #expect(start.mode == .forward && start.ports.count == 2 && start.workers.count == 1)
      #expect(start.dpdk.hasPrefix("DPDK "))
      let samples = events.compactMap { event in if case .sample(let sample) = event { sample } else { nil } }
      #expect(samples.count >= 3)
      #expect(samples.map(\.elapsed) == samples.map(\.elapsed).sorted())
      #expect(samples.first.map { $0.elapsed < 0 } == true, "the warm-up has samples too")
      #expect(samples.allSatisfy { $0.ports.allSatisfy { $0.rxPps > 0 } })
    }

    @Test("forward keeps what was put on rings going round, and estimates the bits of mixed sizes")
    func forwardRing() throws {
      let rings = ["--vdev", "net_ring0", "--vdev", "net_ring1", "--send-first", "15", "--frame-size", "imix"]
      for port in try EngineProcess.run("forward", rings).result().ports {
        #expect(port.rxPackets > 480 && port.txDropped == 0)
        let meanSize = port.rxBps / port.rxPps / 8
        #expect(abs(meanSize - 4246.0 / 12) < 4)
      }
    }

    @Test("forward sends what a lone port receives back on it")
    func forwardLonePort() throws {
      let result = try EngineProcess.run("forward", ["--vdev", "net_null0"]).result()
      #expect(result.ports.count == 1 && result.ports[0].txPackets == result.ports[0].rxPackets)
    }

    @Test("tx builds packets of the sizes asked for", arguments: [("64", 64.0), ("1518", 1518), ("imix", 4246.0 / 12)])
    func transmit(size: String, mean: Double) throws {
      let result = try EngineProcess.run("tx", ["--vdev", "net_null0", "--frame-size", size, "--flows", "7"]).result()
      let port = try #require(result.ports.first)
      #expect(port.txPackets > 0 && port.rxPackets == 0 && port.txDropped == 0)
      #expect(abs(port.txBps / port.txPps / 8 - mean) < 0.1)
    }

    @Test("tx keeps to a rate")
    func transmitPaced() throws {
      var rates: [Double] = []
      for _ in 0..<3 {
        let result = try EngineProcess.run("tx", ["--vdev", "net_null0", "--rate", "100kpps"], duration: 1).result()
        let port = try #require(result.ports.first)
        #expect(port.txPps <= 125_500, "what a stall put off is made good a quarter faster at the most")
        if abs(port.txPps / 100_000 - 1) <= 0.01 { return }
        rates.append(port.txPps)
      }
      // Stalls differ from run to run.
      let spread = (rates.max() ?? 0) / (rates.min() ?? 1)
      #expect(spread > 1.01, "another rate is kept: \(rates)")
      try Test.cancel("inconclusive: this machine was too busy to send at a rate, three times: \(rates)")
    }

    @Test("A limit of packets ends the run when they have left, each worker with its part of them", arguments: [1, 3])
    func transmitSome(queues: Int) throws {
      let request = EngineRequest(
        mode: .tx, lcores: "(0-3)@0", virtualDevices: ["net_null0"], queues: queues, packets: 1_001, duration: 60,
        warmUp: 0, memory: .ordinaryPages(mebibytes: 128), filePrefix: EngineProcess.newPrefix())
      let text = String(decoding: try JSONEncoder().encode(request), as: UTF8.self)
      let result = try EngineProcess(["--request", "-"], input: text).finish().result()
      let account = try #require(result.ports.first?.account)
      #expect(account.sent == 1_001 && account.portSent == 1_001)
      #expect(result.seconds < 60)
    }

    @Test("rx receives and counts packets with their sizes")
    func receive() throws {
      let result = try EngineProcess.run("rx", ["--vdev", "net_null0,size=128"]).result()
      let port = try #require(result.ports.first)
      #expect(port.rxPackets > 0 && port.txPackets == 0)
      #expect(abs(port.rxBps / port.rxPps / 8 - 132) < 0.01)
    }

    @Test("loopback over a pair of memory interfaces loses nothing, at full rate too")
    func loopbackMemif() throws {
      try expectNoLoss(EngineProcess.run("loopback", memoryInterfaces()).result())
    }

    @Test("loopback over failsafes with a memory interface each loses nothing")
    func loopbackFailsafe() throws {
      let devices = memoryInterfaces { index, device in "net_failsafe\(index),dev(\(device))" }
      let result = try EngineProcess.run("loopback", devices + ["--frame-size", "imix", "--flows", "16"]).result()
      #expect(result.ports.map(\.driver) == ["net_failsafe", "net_failsafe"])
      try expectNoLoss(result)
    }

    @Test("loopback on a lone ring port sends to itself, with the latency of every burst")
    func loopbackRing() throws {
      let result = try EngineProcess.run("loopback", ["--vdev", "net_ring0", "--rate", "200kpps"]).result()
      try expectNoLoss(result)
      #expect(try #require(result.latency).p50 < 1_000_000)
    }

    @Test("loopback says what never arrives")
    func loopbackLost() throws {
      // Each ring gives back what it was sent itself, so the second port receives nothing.
      let result = try EngineProcess.run("loopback", ["--vdev", "net_ring0", "--vdev", "net_ring1"]).result()
      let loss = try #require(result.loss)
      #expect(loss.sent > 0 && loss.lost == loss.sent && loss.received == 0 && loss.foreign == 0)
      #expect(result.latency == nil)
    }

    @Test("loopback takes packets of others for what they are")
    func loopbackForeign() throws {
      // With copy=1 the driver writes its own packets; without, it hands out what the memory holds: ours, used.
      let devices = ["--vdev", "net_null0", "--vdev", "net_null1,copy=1"]
      let loss = try #require(try EngineProcess.run("loopback", devices).result().loss)
      #expect(loss.foreign > 0 && loss.received == 0 && loss.lost == loss.sent)
    }

    private func expectNoLoss(_ result: TrafficResult) throws {
      let loss = try #require(result.loss)
      #expect(loss.sent > 0 && loss.received == loss.sent)
      #expect(loss.lost == 0 && loss.reordered == 0 && loss.duplicated == 0 && loss.foreign == 0)
      #expect(result.ports.allSatisfy { $0.txDropped == 0 })
      // A worker that a busy machine kept from running for the whole of the interval measured nothing in it.
      guard result.seconds > 0 else { return }
      let latency = try #require(result.latency)
      #expect(latency.samples > 0 && latency.minimum <= latency.p50 && latency.p50 <= latency.maximum)
    }
  }
}
