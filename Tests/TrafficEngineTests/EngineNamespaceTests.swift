import EngineMessages
import Foundation
import SystemPackage
import TestSupport
import Testing

/// A family of addresses in three networks: fd01:: or 10.1., where the engine is .2 to its left and .2 to its right.
private struct Family: CustomTestStringConvertible, Sendable {
  let isV6: Bool

  var testDescription: String { isV6 ? "IPv6" : "IPv4" }

  /// Of host `host` in network `network`.
  func address(_ network: Int, _ host: Int) -> String { isV6 ? "fd0\(network)::\(host)" : "10.\(network).0.\(host)" }

  func prefix(_ network: Int, _ host: Int) -> String { address(network, host) + (isV6 ? "/64" : "/24") }

  var flag: String { isV6 ? "-6" : "-4" }

  static let both = [Family(isV6: false), Family(isV6: true)]
}

extension NetworkNamespace {
  /// Joins an interface here to one there by a veth pair, both up.
  ///
  /// - Parameter kernel: what address the interface here gets; without, and always there, the kernel has none and says
  ///   nothing of its own.
  fileprivate func join(
    _ name: String, mac: String, kernel: String? = nil, to other: NetworkNamespace, _ otherName: String,
    mac otherMAC: String
  ) async throws {
    try await ip(
      "link add \(name) address \(mac) type veth peer name \(otherName) address \(otherMAC) netns \(other.holder)")
    if kernel == nil { try await keepQuiet(name) }
    try await other.keepQuiet(otherName)
    if let kernel { try await ip("addr add \(kernel) dev \(name) nodad") }
    try await ip("link set \(name) up")
    try await other.ip("link set \(otherName) up")
  }

  /// A kernel without IPv6 sends nothing by itself.
  fileprivate func keepQuiet(_ name: String) async throws {
    _ = try await run("/bin/sh", ["-c", "echo 1 > /proc/sys/net/ipv6/conf/\(name)/disable_ipv6"])
  }

  fileprivate func ping(_ address: String, count: Int, wait: Int = 10) async throws -> ProgramResult {
    try await run("/bin/ping", ["-n", "-c", "\(count)", "-i", "0.2", "-W", "\(wait)", address])
  }

  /// An engine inside, in JSON on ordinary pages; the ports are the interfaces.
  fileprivate func engine(_ request: EngineRequest, on interfaces: [String], lcore: Int) throws -> EngineProcess {
    var request = request
    // Room for what arrives while another process has the CPU.
    request.virtualDevices = interfaces.enumerated().map {
      "net_af_packet\($0.offset),iface=\($0.element),blocksz=65536,framesz=2048,framecnt=8192"
    }
    request.lcores = "\(lcore)"
    request.warmUp = 0
    request.memory = .ordinaryPages(mebibytes: 128)
    request.filePrefix = EngineProcess.newPrefix()
    let text = String(decoding: try JSONEncoder().encode(request), as: UTF8.self)
    return try EngineProcess(
      ["--request", "-"], launcher: ["/usr/bin/nsenter", "--net=/proc/\(holder)/ns/net"], input: text)
  }
}

extension EngineProcess {
  /// Waits until it says that it started.
  fileprivate func awaitStart() throws {
    let line = try nextLine()
    let event = try JSONDecoder().decode(EngineEvent.self, from: Data(line.utf8))
    guard case .started = event else {
      throw NoResult(ended: Ended(code: -1, output: line, errors: ""))
    }
  }

  /// Ends a run that has no end of its own.
  fileprivate func stop() throws -> TrafficResult {
    kill(id, SIGINT)
    return try finish().result()
  }

  /// Waits until samples show that nothing arrives on any port any more.
  fileprivate func awaitSilence() throws {
    var quiet = 0
    while quiet < 10 {
      let event = try JSONDecoder().decode(EngineEvent.self, from: Data(try nextLine().utf8))
      guard case .sample(let sample) = event else { continue }
      quiet = sample.ports.allSatisfy { $0.rxPps == 0 } ? quiet + 1 : 0
    }
  }
}

extension EngineProgram {
  @Suite(
    "Network namespaces",
    .enabled("needs root, network namespaces and ping") {
      guard isRoot, FileManager.default.isExecutableFile(atPath: "/bin/ping") else { return false }
      return await NetworkNamespace.isAvailable()
    })
  struct NamespaceTests {
    private static let macs = (0..<4).map { "02:00:00:00:01:0\($0)" }

    @Test(
      "what a sender sends to a router, a third machine receives, every packet", .timeLimit(.minutes(5)),
      arguments: Family.both)
    fileprivate func thirdReceiver(family: Family) async throws {
      let packets: UInt64 = 2_000
      try await NetworkNamespace.with { sender in
        try await NetworkNamespace.with { router in
          try await NetworkNamespace.with { receiver in
            try await sender.join("s0", mac: Self.macs[0], to: router, "r0", mac: Self.macs[1])
            try await router.join("r1", mac: Self.macs[2], to: receiver, "t0", mac: Self.macs[3])
            let receiving = try receiver.engine(
              EngineRequest(
                mode: .rx, endpoints: FlowEndpoints(sourceAddress: family.address(2, 3)), statisticsPeriod: 0.2),
              on: ["t0"], lcore: 0)
            try receiving.awaitStart()
            // It asks for the receiver's MAC address, and answers the sender for its own.
            let routing = try router.engine(
              EngineRequest(
                mode: .forward, forwarding: .route,
                portEndpoints: [
                  Self.macs[1]: FlowEndpoints(sourceAddress: family.address(1, 2)),
                  Self.macs[2]: FlowEndpoints(
                    sourceAddress: family.address(2, 2), destinationAddress: family.address(2, 3)),
                ]), on: ["r0", "r1"], lcore: 1)
            try routing.awaitStart()
            let sending = try sender.engine(
              EngineRequest(
                mode: .tx, frameSizes: [128], flows: 7,
                endpoints: FlowEndpoints(
                  sourceAddress: family.address(1, 1), destinationAddress: family.address(1, 2)), packets: packets,
                duration: 120, rate: .packetsPerSecond(1_000)), on: ["s0"], lcore: 0)
            let sent = try #require(try sending.finish().result().ports[0].account)
            try receiving.awaitSilence()
            let routed = try routing.stop().ports
            let received = try #require(try receiving.stop().ports[0].account)
            #expect(sent.sent == packets && sent.portSent == packets)
            let (left, right) = (try #require(routed[0].account), try #require(routed[1].account))
            #expect(routed.allSatisfy { $0.txDropped == 0 })
            // Beside the packets each port got the questions that it answered.
            #expect(left.sent >= 1 && left.received - left.sent == packets)
            #expect(right.received == 0 && right.sent == packets)
            #expect(received.sent >= 1 && received.received - received.sent == packets)
            #expect(received.received == received.portReceived && left.received == left.portReceived)
          }
        }
      }
    }

    @Test(
      "pings of one kernel to another cross a route both ways, with checksums that both take for right",
      .timeLimit(.minutes(5)), arguments: Family.both)
    fileprivate func betweenKernels(family: Family) async throws {
      let count = 10
      try await NetworkNamespace.with { left in
        try await NetworkNamespace.with { router in
          try await NetworkNamespace.with { right in
            try await left.join(
              "k0", mac: Self.macs[0], kernel: family.prefix(1, 1), to: router, "r0", mac: Self.macs[1])
            try await right.join(
              "k0", mac: Self.macs[3], kernel: family.prefix(2, 3), to: router, "r1", mac: Self.macs[2])
            let route = [family.flag, "route", "add", family.prefix(9, 0), "via", family.address(1, 2)]
            try #require(try await left.run("/sbin/ip", route).code == 0)
            let engine = try router.engine(
              EngineRequest(
                mode: .forward, forwarding: .route,
                portEndpoints: [
                  Self.macs[1]: FlowEndpoints(
                    sourceAddress: family.address(1, 2), destinationAddress: family.address(1, 1)),
                  Self.macs[2]: FlowEndpoints(
                    sourceAddress: family.address(2, 2), destinationAddress: family.address(2, 3)),
                ]), on: ["r0", "r1"], lcore: 1)
            try engine.awaitStart()
            // The answers come from the router's address, so ping does not know them; the kernels count them.
            _ = try await left.ping(family.address(9, 9), count: count, wait: 3)
            let there = try await counters(of: right, family)
            let back = try await counters(of: left, family)
            #expect(there.questions == count && there.errors == 0)
            #expect(back.answers == count && back.errors == 0)
            let accounts = try engine.stop().ports.compactMap(\.account)
            #expect(accounts.count == 2 && accounts.allSatisfy { $0.sent >= count })
          }
        }
      }
    }

    /// The kernel's counts of ICMP messages that came in.
    private func counters(
      of namespace: NetworkNamespace, _ family: Family
    ) async throws -> (questions: Int, answers: Int, errors: Int) {
      let text = try await namespace.run("/bin/cat", [family.isV6 ? "/proc/net/snmp6" : "/proc/net/snmp"]).output
      let lines = text.split(separator: "\n").map { $0.split(whereSeparator: \.isWhitespace).map(String.init) }
      var values: [String: Int] = [:]
      if family.isV6 {
        for line in lines where line.count == 2 { values[line[0]] = Int(line[1]) }
        return try (
          #require(values["Icmp6InEchos"]), #require(values["Icmp6InEchoReplies"]), #require(values["Icmp6InErrors"])
        )
      }
      let icmp = lines.filter { $0.first == "Icmp:" }
      try #require(icmp.count == 2)
      for (name, value) in zip(icmp[0], icmp[1]) { values[name] = Int(value) }
      return try (#require(values["InEchos"]), #require(values["InEchoReps"]), #require(values["InErrors"]))
    }

    @Test(
      "a kernel's ping is answered while the engine runs, in every mode that takes an address, and not after",
      .timeLimit(.minutes(5)), arguments: Family.both,
      [
        EngineRequest(mode: .rx), EngineRequest(mode: .reflect), EngineRequest(mode: .forward, forwarding: .mac),
        EngineRequest(mode: .forward, forwarding: .route),
      ])
    fileprivate func ping(family: Family, request: EngineRequest) async throws {
      try await NetworkNamespace.with { kernel in
        try await NetworkNamespace.with { namespace in
          try await kernel.join(
            "k0", mac: Self.macs[0], kernel: family.prefix(1, 1), to: namespace, "e0", mac: Self.macs[1])
          var request = request
          request.endpoints.sourceAddress = family.address(1, 2)
          let engine = try namespace.engine(request, on: ["e0"], lcore: 1)
          try engine.awaitStart()
          // The kernel of a busy machine may drop one on the way.
          var answered = try await kernel.ping(family.address(1, 2), count: 3)
          for _ in 0..<2 where !answered.output.contains(" 0% packet loss") {
            answered = try await kernel.ping(family.address(1, 2), count: 3)
          }
          #expect(answered.code == 0 && answered.output.contains(" 3 received, 0% packet loss"), "\(answered)")
          let other = try await kernel.ping(family.address(1, 7), count: 1, wait: 1)
          #expect(other.code != 0, "nobody has that address")
          let neighbours = try await kernel.run("/sbin/ip", ["neigh", "show", family.address(1, 2)]).output
          #expect(neighbours.contains("lladdr \(Self.macs[1])"))
          let account = try #require(try engine.stop().ports[0].account)
          #expect(account.sent >= 4 && account.received >= account.sent)
          let after = try await kernel.ping(family.address(1, 2), count: 1, wait: 1)
          #expect(after.code != 0)
        }
      }
    }

    @Test("without an address of its own the engine answers nothing", .timeLimit(.minutes(5)))
    func silent() async throws {
      let family = Family(isV6: false)
      try await NetworkNamespace.with { kernel in
        try await NetworkNamespace.with { namespace in
          try await kernel.join(
            "k0", mac: Self.macs[0], kernel: family.prefix(1, 1), to: namespace, "e0", mac: Self.macs[1])
          let engine = try namespace.engine(EngineRequest(mode: .rx), on: ["e0"], lcore: 1)
          try engine.awaitStart()
          let answer = try await kernel.ping(family.address(1, 2), count: 1, wait: 1)
          #expect(answer.code != 0)
          let account = try #require(try engine.stop().ports[0].account)
          #expect(account.received > 0 && account.sent == 0)
        }
      }
    }

    @Test("two engines that ask for each other at once both send", .timeLimit(.minutes(5)), arguments: Family.both)
    fileprivate func eachOther(family: Family) async throws {
      try await NetworkNamespace.with { first in
        try await NetworkNamespace.with { second in
          try await first.join("e0", mac: Self.macs[0], to: second, "e0", mac: Self.macs[1])
          func request(_ own: Int, _ peer: Int) -> EngineRequest {
            EngineRequest(
              mode: .tx, frameSizes: [128],
              endpoints: FlowEndpoints(
                sourceAddress: family.address(1, own), destinationAddress: family.address(1, peer)), packets: 100,
              duration: 60, rate: .packetsPerSecond(1_000))
          }
          let engines = [
            try first.engine(request(1, 2), on: ["e0"], lcore: 0),
            try second.engine(request(2, 1), on: ["e0"], lcore: 1),
          ]
          for engine in engines { #expect(try engine.finish().result().ports[0].account?.sent == 100) }
        }
      }
    }

    @Test("a kernel that is asked by tx receives what it sends", .timeLimit(.minutes(5)))
    func toKernel() async throws {
      let family = Family(isV6: false)
      try await NetworkNamespace.with { kernel in
        try await NetworkNamespace.with { namespace in
          try await kernel.join(
            "k0", mac: Self.macs[0], kernel: family.prefix(1, 1), to: namespace, "e0", mac: Self.macs[1])
          // Nothing listens at the discard service: the kernel counts what it would have delivered.
          let engine = try namespace.engine(
            EngineRequest(
              mode: .tx,
              endpoints: FlowEndpoints(
                sourceAddress: family.address(1, 2), destinationAddress: family.address(1, 1)), packets: 500,
              duration: 60, rate: .packetsPerSecond(2_000)), on: ["e0"], lcore: 1)
          #expect(try engine.finish().result().ports[0].account?.sent == 500)
          let text = try await kernel.run("/bin/cat", ["/proc/net/snmp"]).output
          let udp = text.split(separator: "\n").filter { $0.hasPrefix("Udp:") }.map { $0.split(separator: " ") }
          try #require(udp.count == 2)
          let values = Dictionary(zip(udp[0], udp[1])) { first, _ in first }
          #expect(values["NoPorts"] == "500" && values["InErrors"] == "0")
        }
      }
    }
  }
}
