import EngineMessages
import Foundation
import Testing

@testable import TrafficEngine

/// A directory of capture files that `net_pcap` reads packets from and writes them to.
private struct Captures: ~Copyable {
  let directory: URL

  init() throws {
    directory = FileManager.default.temporaryDirectory.appendingPathComponent(EngineProcess.newPrefix())
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: directory) }

  /// Devargs of a port that receives these frames and writes what it sends.
  func port(_ index: Int, receiving frames: [[UInt8]]) throws -> String {
    func long(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (8 * $0) & 0xff) } }
    var bytes = long(0xa1b2_c3d4) + [2, 0, 4, 0] + long(0) + long(0) + long(65_535) + long(1)
    for frame in frames { bytes += long(0) + long(0) + long(frame.count) + long(frame.count) + frame }
    try Data(bytes).write(to: directory.appendingPathComponent("\(index).in"))
    return "net_pcap\(index),rx_pcap=\(path(index, "in")),tx_pcap=\(path(index, "out"))"
  }

  /// What the port sent, in order.
  func sent(_ index: Int) throws -> [[UInt8]] {
    try capturedFrames(directory.appendingPathComponent("\(index).out"))
  }

  private func path(_ index: Int, _ end: String) -> String {
    directory.appendingPathComponent("\(index).\(end)").path
  }
}

extension EngineProgram {
  @Suite("Packets that are written into")
  struct RewriteTests {
    /// A net_pcap's MAC address ends in the number of those before it.
    private static let ports = ["02:70:63:61:70:00", "02:70:63:61:70:01"]
    private static let own: [UInt8] = [2, 0x70, 0x63, 0x61, 0x70, 0]
    private static let sender: [UInt8] = [2, 0, 0, 0, 0, 0x55]

    private func run(_ request: EngineRequest) throws -> TrafficResult {
      var request = request
      request.duration = 0.5
      request.memory = .ordinaryPages(mebibytes: 128)
      let text = String(decoding: try JSONEncoder().encode(request), as: UTF8.self)
      return try EngineProcess(["--request", "-"], input: text).finish().result()
    }

    /// UDP to the first port, numbered.
    private func datagram(_ number: Int, from: [UInt8] = [10, 0, 0, 9], hops: UInt8 = 64) -> [UInt8] {
      let to: [UInt8] = [10, 0, 0, 1]
      let udp = Built.udp(from: from, to: to, ports: (UInt16(number), 9), [UInt8](repeating: 1, count: number % 50))
      return Built.ethernet(
        to: Self.own, from: Self.sender, tags: number % 3 == 0 ? [0x8100] : [], type: 0x0800,
        Built.ipv4(from: from, to: to, 17, hops: hops, udp))
    }

    private func request(for address: [UInt8]) -> [UInt8] {
      Built.ethernet(
        to: [UInt8](repeating: 0xff, count: 6), from: Self.sender, type: 0x0806,
        Built.arp(1, from: Self.sender, [10, 0, 0, 9], address) + [UInt8](repeating: 0, count: 18))
    }

    private var reply: [UInt8] {
      Built.ethernet(
        to: Self.sender, from: Self.own, type: 0x0806,
        Built.arp(2, from: Self.own, [10, 0, 0, 1], to: Self.sender, [10, 0, 0, 9]) + [UInt8](repeating: 0, count: 18))
    }

    /// In an order in which bursts begin and end with each: datagrams, some of them expired, questions, what is not IP.
    private var mixed: [[UInt8]] {
      (0..<200).map { number in
        switch number % 7 {
        case 2: request(for: [10, 0, 0, 1])
        case 4: request(for: [10, 0, 0, 2])
        case 5: datagram(number, hops: 1)
        default: datagram(number)
        }
      }
    }

    @Test("route passes on what may pass in its order, and answers what asks", arguments: [1, 32])
    func route(burst: Int) throws {
      let captures = try Captures()
      let devices = [try captures.port(0, receiving: mixed), try captures.port(1, receiving: [])]
      let result = try run(
        EngineRequest(
          mode: .forward, forwarding: .route, virtualDevices: devices, burst: burst,
          portEndpoints: [
            Self.ports[0]: FlowEndpoints(sourceAddress: "10.0.0.1"),
            Self.ports[1]: FlowEndpoints(
              sourceMAC: "02:00:00:00:00:66", destinationMAC: "02:00:00:00:00:77", sourceAddress: "10.1.0.1",
              destinationAddress: "10.1.0.3"),
          ], warmUp: 0))
      let ethernet = EthernetAddresses(
        destination: MACAddress([2, 0, 0, 0, 0, 0x77]), source: MACAddress([2, 0, 0, 0, 0, 0x66]))
      let route = IPv4Rewrite(ethernet: ethernet, source: [10, 1, 0, 1], destination: [10, 1, 0, 3])
      let passing = mixed.compactMap { Path.rewritten($0, by: route) }
      let questions = mixed.filter { $0 == request(for: [10, 0, 0, 1]) }
      #expect(try captures.sent(1) == passing)
      #expect(try captures.sent(0) == questions.map { _ in reply })
      let left = try #require(result.ports[0].account)
      let right = try #require(result.ports[1].account)
      #expect(left.received == 200 && left.sent == UInt64(questions.count))
      #expect(right.sent == UInt64(passing.count) && right.received == 0)
    }

    @Test("what is not routed is counted as dropped, packet by packet; mac passes the same on, with all its bytes")
    func dropped() throws {
      // They make up packets of zeros.
      let nulls = ["--vdev", "net_null0,size=60,copy=1", "--vdev", "net_null1,size=100,copy=1"]
      let routed = try EngineProcess.run("forward", nulls + ["--forwarding", "route"]).result().ports
      #expect(routed[0].rxPackets > 0 && routed[1].rxPackets > 0)
      #expect(routed.map(\.txDropped) == [routed[1].rxPackets, routed[0].rxPackets])
      #expect(routed.allSatisfy { $0.txPackets == 0 })
      let passed = try EngineProcess.run("forward", nulls + ["--forwarding", "mac"]).result().ports
      #expect(passed.map(\.txPackets) == [passed[1].rxPackets, passed[0].rxPackets])
      #expect(passed.allSatisfy { $0.txDropped == 0 })
      for (port, size) in zip(passed, [64.0, 104]) { #expect(abs(port.rxBps / port.rxPps / 8 - size) < 0.01) }
      for (port, size) in zip(passed, [104.0, 64]) { #expect(abs(port.txBps / port.txPps / 8 - size) < 0.01) }
    }

    @Test("mac passes everything on but what it answers")
    func mac() throws {
      let captures = try Captures()
      let devices = [try captures.port(0, receiving: mixed), try captures.port(1, receiving: [])]
      let result = try run(
        EngineRequest(
          mode: .forward, forwarding: .mac, virtualDevices: devices,
          endpoints: FlowEndpoints(sourceAddress: "10.0.0.1"), warmUp: 0))
      let ethernet = EthernetAddresses(
        destination: MACAddress([2, 0, 0, 0, 0, 1]), source: MACAddress(Array(Self.own.dropLast()) + [1]))
      let passing = mixed.filter { $0 != request(for: [10, 0, 0, 1]) }
      #expect(
        try captures.sent(1) == passing.compactMap { Path.rewritten($0, by: MACRewrite(ethernet: ethernet)) })
      #expect(try captures.sent(0).count == 200 - passing.count)
      #expect(result.ports[1].txDropped == 0)
    }

    @Test(
      "reflect sends everything back on its port, with and without an address to answer for", arguments: [true, false])
    func reflect(answers: Bool) throws {
      let captures = try Captures()
      let devices = [try captures.port(0, receiving: mixed), try captures.port(1, receiving: [datagram(3)])]
      let result = try run(
        EngineRequest(
          mode: .reflect, virtualDevices: devices,
          endpoints: FlowEndpoints(sourceAddress: answers ? "10.0.0.1" : nil), warmUp: 0))
      let reflected = mixed.filter { !answers || $0 != request(for: [10, 0, 0, 1]) }
      let sent = try captures.sent(0)
      #expect(sent.filter { $0 != reply } == reflected.compactMap { Path.rewritten($0, by: Reflection()) })
      #expect(sent.filter { $0 == reply }.count == 200 - reflected.count)
      #expect(try captures.sent(1) == [Path.rewritten(datagram(3), by: Reflection())])
      #expect(result.ports[0].account?.sent == 200 && result.ports[0].txDropped == 0)
    }

    @Test("rx answers and counts all")
    func receive() throws {
      let captures = try Captures()
      let result = try run(
        EngineRequest(
          mode: .rx, virtualDevices: [try captures.port(0, receiving: mixed)],
          endpoints: FlowEndpoints(sourceAddress: "10.0.0.1"), warmUp: 0))
      let questions = mixed.filter { $0 == request(for: [10, 0, 0, 1]) }
      #expect(try captures.sent(0) == questions.map { _ in reply })
      let account = try #require(result.ports[0].account)
      #expect(account.received == 200 && account.sent == UInt64(questions.count))
    }

    @Test("reflect keeps what was put on a ring going round")
    func reflectRing() throws {
      let ports = try EngineProcess.run("reflect", ["--vdev", "net_ring0", "--send-first", "4"]).result().ports
      #expect(ports[0].rxPackets > 128 && ports[0].txDropped == 0)
    }

    @Test("the frames that reflect sends first carry right checksums, of both families", arguments: [true, false])
    func sendFirst(isV6: Bool) throws {
      let captures = try Captures()
      var endpoints = FlowEndpoints()
      if isV6 { (endpoints.sourceAddress, endpoints.destinationAddress) = ("2001:2::1", "2001:2::2") }
      _ = try run(
        EngineRequest(
          mode: .reflect, virtualDevices: [try captures.port(0, receiving: [])], burst: 8, frameSizes: [84, 301, 1518],
          endpoints: endpoints, sendFirst: 3, warmUp: 0))
      let sent = try captures.sent(0).map { FrameReader($0) }
      #expect(sent.count == 24)
      for frame in sent {
        #expect(frame.wrongHeaderFields.isEmpty && frame.isV6 == isV6)
        // IPv4 goes without.
        #expect(isV6 ? frame.hasRightChecksum : frame.checksum == 0)
      }
    }

    @Test("what cannot be resolved or is no address ends the run in words")
    func refused() throws {
      let unanswered = try EngineProcess.run(
        "tx", ["--vdev", "net_ring0", "--source-address", "10.0.0.1", "--destination-address", "10.0.0.9"])
      let message = try unanswered.failure().message
      #expect(message.hasPrefix("nobody answered the ARP requests of port 'net_ring0' for '10.0.0.9' in 5 seconds"))
      #expect(message.contains("--destination-mac") && unanswered.code == 1)
      let given = try EngineProcess.run(
        "tx",
        [
          "--vdev", "net_null0", "--destination-address", "10.0.0.9", "--destination-mac", "02:00:00:00:00:09",
        ])
      #expect(try given.result().ports[0].txPackets > 0)
      let wrong = try EngineProcess.run("rx", ["--vdev", "net_null0", "--address", "10.0.0"])
      #expect(wrong.code == 64 && wrong.errors.contains("address '10.0.0' is no IP address"))
      let io = try EngineProcess.run("forward", ["--vdev", "net_null0", "--address", "10.0.0.1"])
      #expect(io.code == 64 && io.errors.contains("--forwarding mac or route"))
    }
  }
}
