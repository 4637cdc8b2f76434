import EngineMessages
import Foundation
import Testing

extension EngineProgram {
  @Suite("Frames of the engine as a program")
  struct FrameTests {
    private static let v6 = ["--source-address", "2001:2::1-2001:2::20", "--destination-address", "2001:2:0:1::1"]

    /// What a loopback lost, damaged, saw twice, out of order or took for foreign.
    private func expectWhole(_ result: TrafficResult) throws {
      let loss = try #require(result.loss)
      #expect(loss.sent > 0)
      #expect(
        loss == Loss(sent: loss.sent, received: loss.sent, lost: 0, reordered: 0, duplicated: 0, foreign: 0, damaged: 0)
      )
      // A worker that a busy machine kept from running for the whole of the interval measured nothing in it.
      guard result.seconds > 0, result.latency != nil else { return }
      let uncertainty = try #require(result.latency?.uncertainty)
      #expect(uncertainty > 0)
    }

    @Test(
      "A loopback over memory interfaces finds every frame as it was sent",
      arguments: [
        ["--flows", "1000"],
        ["--flows", "1000", "--frame-size", "imix", "--source-address", "198.18.0.1-198.18.0.200"],
        ["--frame-size", "84", "--flows", "64"] + v6,
        ["--frame-size", "84", "--frame-size", "1001", "--frame-size", "1518", "--flows", "5"] + v6,
        ["--vlan", "4094", "--frame-size", "68", "--frame-size", "1522"],
        ["--vlan", "7", "--frame-size", "88"] + v6,
        // Longer than a buffer of the interface: such a frame arrives in several.
        ["--frame-size", "9216", "--frame-size", "9001"],
      ])
    func memoryInterface(options: [String]) throws {
      try expectWhole(EngineProcess.run("loopback", memoryInterfaces() + options).result())
    }

    @Test("A loopback carries frames of 9000 bytes over rings, and over memory interfaces with buffers to match")
    func jumbo() throws {
      let jumbo = ["--frame-size", "9000", "--rate", "20kpps"]
      try expectWhole(EngineProcess.run("loopback", ["--vdev", "net_ring0"] + jumbo).result())
      let devices = memoryInterfaces { _, device in device + ",bsize=9216" }
      try expectWhole(EngineProcess.run("loopback", devices + jumbo).result())
    }

    @Test(
      "Where flows are fewer than workers, workers share them, each with numbers of its own",
      .enabled(if: ProcessInfo.processInfo.activeProcessorCount >= 2, "it takes two CPUs"))
    func sharedFlow() throws {
      // Two workers beside the main lcore, all three on two CPUs.
      let options = ["--lcores", "0@0,1@0,2@1", "--queues", "2", "--rate", "20kpps"]
      let devices = ["--vdev", "net_ring0"]
      for flows in ["1", "5"] {
        try expectWhole(EngineProcess.run("loopback", devices + options + ["--flows", flows]).result())
      }
    }

    @Test("A sender stops after as many packets as it was given, and what they hold another program reads as right")
    func onTheWire() throws {
      let file = FileManager.default.temporaryDirectory.appendingPathComponent(EngineProcess.newPrefix() + ".pcap")
      defer { try? FileManager.default.removeItem(at: file) }
      let ended = try EngineProcess.run(
        "tx",
        [
          "--vdev", "net_pcap0,tx_pcap=\(file.path)", "--packets", "12", "--warm-up", "0", "--flows", "6", "--vlan",
          "99",
          "--source-address", "2001:2::ffff-2001:2::1:0", "--destination-address", "2001:2:0:1::1-2001:2:0:1::3",
          "--destination-mac", "02:00:00:00:00:01", "--destination-port", "9-10", "--frame-size", "88", "--frame-size",
          "301",
        ], duration: 20)
      _ = try ended.result()
      let frames = try capturedFrames(file).map { FrameReader($0) }
      #expect(frames.count == 12)
      for (index, frame) in frames.enumerated() {
        #expect(frame.wrongHeaderFields.isEmpty && frame.isV6 && frame.vlan == 99 && frame.hasRightChecksum)
        #expect(frame.bytes.count == (index % 2 == 0 ? 84 : 297))
        let flow = index % 6
        #expect(frame.sourcePort == 49_152 + flow && frame.destinationPort == 9 + flow % 2)
        #expect(Array(frame.source.suffix(4)) == (flow % 2 == 0 ? [0, 0, 0xff, 0xff] : [0, 1, 0, 0]))
        #expect(frame.destination.last == UInt8(1 + flow % 3))
      }
    }

    @Test(
      "Flows that cannot be built are wrong usage, with what to change",
      arguments: [
        (["--source-address", "2001:2::1"], "frame size '64' has no room for the engine's mark: IPv6 takes 84 bytes"),
        (["--vlan", "5000"], "VLAN '5000' is not between 1 and 4094"),
        (["--source-address", "198.18.0.9-198.18.0.1"], "range '198.18.0.9-198.18.0.1' runs backwards"),
        (["--destination-port", "9-x"], "'x' is not a UDP port"),
      ])
    func wrongUsage(options: [String], message: String) throws {
      let ended = try EngineProcess.run("tx", ["--vdev", "net_null0"] + options)
      #expect(ended.code == 64 && ended.errors.contains(message), "\(ended.errors)")
    }

    @Test("An address that is none, and a range beyond the last one, fail the run")
    func wrongAddresses() throws {
      for (endpoints, message) in [
        (FlowEndpoints(sourceAddress: "198.18.0"), "source address '198.18.0' is no IP address"),
        (
          FlowEndpoints(destinationAddress: "255.255.255.250", destinationAddresses: 7),
          "destination addresses '7' go beyond the last one from '255.255.255.250' on"
        ),
      ] {
        let request = EngineRequest(
          mode: .tx, virtualDevices: ["net_null0"], endpoints: endpoints, duration: 0.1,
          memory: .ordinaryPages(mebibytes: 64), filePrefix: EngineProcess.newPrefix())
        let text = String(decoding: try JSONEncoder().encode(request), as: UTF8.self)
        let ended = try EngineProcess(["--request", "-"], input: text).finish()
        #expect(ended.code == 64)
        #expect(try ended.failure().message.hasPrefix(message))
      }
    }
  }
}
