import EngineMessages
import Foundation
import Testing

@testable import TrafficEngine

extension EngineProgram {
  @Suite("Capture")
  struct CaptureTests {
    private func withFile(_ body: (String) throws -> Void) throws {
      let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(EngineProcess.newPrefix()).pcapng")
        .path
      defer { try? FileManager.default.removeItem(atPath: path) }
      try body(path)
    }

    private func notices(_ ended: EngineProcess.Ended) throws -> [String] {
      try ended.events().compactMap { event in if case .notice(let notice) = event { notice.message } else { nil } }
    }

    @Test("tx keeps exactly the first packets of each port as they were built, one after the other")
    func transmit() throws {
      try withFile { path in
        let ended = try EngineProcess.run(
          "tx",
          [
            "--vdev", "net_null0", "--vdev", "net_null1", "--frame-size", "128", "--rate", "100kpps", "--capture", path,
            "--capture-packets", "100", "--source-address", "10.1.2.3", "--destination-port", "4000",
          ])
        #expect(try ended.result().ports.allSatisfy { $0.txPackets > 100 })
        // A machine that does not keep up with the rate says so, too.
        #expect(try notices(ended).contains("captured 200 packets in '\(path)'"))
        let file = try CaptureBlocks(contentsOf: path)
        #expect(file.interfaces.count >= 2 && file.packets.count == 200)
        #expect(file.packets.map(\.time) == file.packets.map(\.time).sorted())
        for interface in Set(file.packets.map(\.interface)) {
          let packets = file.packets.filter { $0.interface == interface }
          #expect(packets.count == 100)
          #expect(packets.allSatisfy { $0.bytes.count == 124 && $0.originalLength == 124 && $0.direction == 2 })
          let first = try #require(packets.first).bytes
          #expect(Array(first[12..<14]) == [0x08, 0x00] && Array(first[26..<30]) == [10, 1, 2, 3])
          #expect(Array(first[36..<38]) == [0x0f, 0xa0] && first[23] == 17)
          #expect(Built.checksum(Array(first[14..<34])) == 0)
          // Headers are alike, and what numbers the packets counts from zero.
          #expect(Set(packets.map { Array($0.bytes[..<34]) }).count == 1)
          let sequences = packets.map { packet in
            packet.bytes.withUnsafeBytes { FrameMark(at: $0.baseAddress! + 42).sequence }
          }
          #expect(sequences == Array(0..<100))
        }
      }
    }

    @Test("A packet that a full queue did not take at once is kept once")
    func fullQueue() throws {
      try withFile { path in
        // Nobody empties the ring: it takes 1023 packets, and then each burst is offered in vain, again and again.
        _ = try EngineProcess.run(
          "tx", ["--vdev", "net_ring0", "--capture", path, "--capture-packets", "5000"]
        ).result()
        let file = try CaptureBlocks(contentsOf: path)
        let sequences = file.packets.map { packet in
          packet.bytes.withUnsafeBytes { FrameMark(at: $0.baseAddress! + 42).sequence }
        }
        #expect(
          sequences == (0..<UInt64(sequences.count)).map { $0 } && sequences.count >= 1000 && sequences.count < 1200)
      }
    }

    @Test("loopback keeps what is sent and what arrives, as many of each port as asked for")
    func loopback() throws {
      try withFile { path in
        let start = Date().timeIntervalSince1970
        let ended = try EngineProcess.run(
          "loopback", memoryInterfaces() + ["--rate", "50kpps", "--capture", path, "--capture-packets", "64"])
        let loss = try #require(try ended.result().loss)
        #expect(loss.lost == 0 && loss.foreign == 0 && loss.sent > 64)
        let file = try CaptureBlocks(contentsOf: path)
        let sent = file.packets.filter { $0.direction == 2 }
        let received = file.packets.filter { $0.direction == 1 }
        #expect(sent.count == 64 && received.count == 64)
        let times = file.packets.map { Double($0.time) / 1e9 }
        #expect(times.allSatisfy { $0 > start - 1 && $0 < Date().timeIntervalSince1970 + 1 }, "times are of today")
        #expect(
          Set(sent.map(\.interface)).count == 1
            && Set(received.map(\.interface)).isDisjoint(with: sent.map(\.interface)))
        // What is offered again gets a new time stamp behind the number, and with it a new checksum.
        #expect(sent.map { $0.bytes[..<40] } == received.map { $0.bytes[..<40] })
        #expect(sent.map { $0.bytes[42..<50] } == received.map { $0.bytes[42..<50] })
        #expect(sent.map(\.bytes.count) == received.map(\.bytes.count))
      }
    }

    @Test("forward on rings keeps both ways of a port, also of the mbufs that it sent itself")
    func forward() throws {
      try withFile { path in
        _ = try EngineProcess.run(
          "forward",
          [
            "--vdev", "net_ring0", "--vdev", "net_ring1", "--send-first", "2", "--capture", path, "--capture-packets",
            "500",
          ]
        ).result()
        let file = try CaptureBlocks(contentsOf: path)
        #expect(file.packets.count == 1000)
        for interface in Set(file.packets.map(\.interface)) {
          let packets = file.packets.filter { $0.interface == interface }
          #expect(packets.count == 500 && Set(packets.map(\.direction)) == [1, 2])
        }
      }
    }

    @Test("Several queues fill one port's share together")
    func queues() throws {
      try withFile { path in
        _ = try EngineProcess.run(
          "tx",
          [
            "--vdev", "net_null0", "--lcores", "0@0,1@0,2@1", "--queues", "2", "--rate", "50kpps", "--capture", path,
            "--capture-packets", "1001",
          ]
        ).result()
        #expect(try CaptureBlocks(contentsOf: path).packets.count == 1001)
      }
    }

    @Test("A run of fewer packets than asked for keeps them all, and a file that exists is overwritten")
    func few() throws {
      try withFile { path in
        try Data(repeating: 7, count: 1_000_000).write(to: URL(fileURLWithPath: path))
        _ = try EngineProcess.run("rx", ["--vdev", "net_ring0", "--capture", path]).result()
        #expect(try CaptureBlocks(contentsOf: path).packets.isEmpty)
      }
    }

    @Test("A file that cannot be opened fails the run before anything else, and one is left alone where the run fails")
    func failures() throws {
      func failure(_ path: String, _ more: [String] = []) throws -> EngineFailure {
        let ended = try EngineProcess.run("rx", ["--vdev", "net_null0", "--capture", path] + more)
        #expect(ended.code == 1)
        return try ended.failure()
      }
      #expect(
        try failure("/nonexistent/f").message.hasPrefix("capture file '/nonexistent/f' cannot be opened: No such file"))
      #expect(try failure("/tmp").message.contains("cannot be opened"))
      try withFile { path in
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/tmp/elsewhere")
        #expect(
          try failure(path).message == "capture file '\(path)' cannot be opened: is a symbolic link: change --capture")
        #expect(!FileManager.default.fileExists(atPath: "/tmp/elsewhere"))
      }
      try withFile { path in
        #expect(try failure(path, ["--vdev", "net_bogus0"]).function == "rte_eal_init")
        #expect(!FileManager.default.fileExists(atPath: path), "what was not there before is not there after")
        try Data("mine".utf8).write(to: URL(fileURLWithPath: path))
        #expect(try failure(path, ["--vdev", "net_bogus0"]).function == "rte_eal_init")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
      }
    }

    @Test("A device that is full from the start fails the run before traffic begins")
    func full() throws {
      let ended = try EngineProcess.run("tx", ["--vdev", "net_null0", "--capture", "/dev/full"])
      #expect(ended.code == 1)
      let failure = try ended.failure()
      #expect(failure.function == "rte_pcapng_fdopen" && failure.message.contains("/dev/full"))
      #expect(try ended.events().last == .failed(failure))
    }

    @Test("A file that becomes too large costs the capture, and not the result")
    func tooLarge() throws {
      try withFile { path in
        // A limit of 16 blocks of 512 bytes, which a write meets as an error where its signal is ignored. The engine's own
        // output is a file too, and shorter.
        let ended = try EngineProcess(
          [
            "tx", "--no-huge", "128", "--duration", "0.2", "--stats-period", "0", "--format", "json", "--vdev",
            "net_null0",
            "--capture", path, "--file-prefix", EngineProcess.newPrefix(),
          ], launcher: ["/bin/sh", "-c", "trap '' XFSZ; ulimit -f 16; exec \"$@\"", "sh"]
        ).finish()
        #expect(try ended.result().ports[0].txPackets > 0)
        #expect(try notices(ended).contains { $0.hasPrefix("capture file '\(path)' is incomplete") })
      }
    }
  }
}
