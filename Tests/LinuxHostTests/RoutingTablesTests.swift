import Foundation
import Glibc
import Provisioning
import SystemPackage
import TestSupport
import Testing

/// Links of the kernel's own in a namespace of each test's own; the program looks from inside.
@Suite(
  "rtnetlink in a namespace",
  .enabled("needs network namespaces, with root or in user namespaces") { await NetworkNamespace.isAvailable() })
struct RoutingTablesTests {
  /// Two ends of a cable, of which one is called as a NIC of the host.
  private static let cable = """
    link add data0 type veth peer name far0
    link set data0 up
    link set far0 up
    addr add 10.0.0.4/24 dev data0
    """

  private static func facts(_ namespace: NetworkNamespace) async throws -> HostFacts {
    let result = try await namespace.run(dpdkHost, ["facts", "--format", "json"])
    try #require(result.code == 0, "\(result.errors)")
    return try JSONDecoder().decode(HostFacts.self, from: Data(result.output.utf8))
  }

  @Test("has names, kinds and addresses of links, and sysfs what they are made of")
  func links() async throws {
    try await NetworkNamespace.with { namespace in
      try await namespace.ip(Self.cable)
      try await namespace.ip(
        """
        link property add dev data0 altname enP31819p0s2
        link property add dev data0 altname enP31819s1
        addr add fd00::4/64 dev data0 nodad
        addr add 10.0.1.4 peer 10.0.1.5/32 dev data0
        link add bridge0 type bridge
        link set far0 master bridge0
        """)
      let facts = try await Self.facts(namespace)
      let data = try #require(facts.devices.first { $0.name == "data0" })
      #expect(data.alternativeNames == ["enP31819p0s2", "enP31819s1"])
      #expect(data.kind == "veth")
      #expect(data.linkType == 1)
      #expect(data.flags == 0x1003)
      #expect(data.permanentMAC == nil)
      // The kernel may have given it a link-local address by now.
      #expect(data.addresses.filter { !$0.hasPrefix("fe80") } == ["10.0.0.4/24", "10.0.1.4/32", "fd00::4/64"])
      #expect(facts.devices.first { $0.name == "far0" }?.uppers == ["bridge0"])
      let bridge = try #require(facts.devices.first { $0.name == "bridge0" })
      #expect(bridge.lowers == ["far0"])
      #expect(bridge.kind == "bridge")
      #expect(facts.devices.first { $0.name == "lo" }?.addresses.first == "127.0.0.1/8")
      #expect(facts.unreadable.isEmpty)
    }
  }

  @Test("has the default routes of the main table, with metric and gateway, and those alone")
  func defaultRoutes() async throws {
    try await NetworkNamespace.with { namespace in
      try await namespace.ip(Self.cable)
      #expect(try await Self.facts(namespace).routing.defaultRoutes.isEmpty)
      try await namespace.ip(
        """
        addr add fd00::4/64 dev data0 nodad
        route add default via 10.0.0.1 dev data0 metric 200
        route add default dev far0 metric 100
        route add default via 10.0.0.3 dev data0 table 100
        route add default via 10.0.0.3 dev data0 table 1278
        route add blackhole default metric 5
        route add 0.0.0.0/1 dev far0
        route add default via fd00::1 dev data0 metric 7
        route add unreachable ::/0 metric 3
        """)
      let routes = try await Self.facts(namespace).routing.defaultRoutes
      #expect(
        routes == [
          DefaultRoute(.ipv4, interface: "far0", metric: 100),
          DefaultRoute(.ipv4, interface: "data0", metric: 200, gateway: "10.0.0.1"),
          DefaultRoute(.ipv6, interface: "data0", metric: 7, gateway: "fd00::1"),
        ])
      let text = try await namespace.run(dpdkHost, ["facts"]).output
      #expect(text.contains("default via 10.0.0.1 dev data0 metric 200\n"))
      #expect(text.contains("default dev far0 metric 100\n"))
    }
  }

  @Test("has every next hop of a multipath route")
  func multipath() async throws {
    try await NetworkNamespace.with { namespace in
      try await namespace.ip(Self.cable)
      try await namespace.ip(
        """
        addr add 10.0.1.4/24 dev far0
        route add default metric 3 nexthop via 10.0.0.1 dev data0 nexthop via 10.0.1.1 dev far0
        """)
      let routes = try await Self.facts(namespace).routing.defaultRoutes
      #expect(
        routes == [
          DefaultRoute(.ipv4, interface: "data0", metric: 3, gateway: "10.0.0.1"),
          DefaultRoute(.ipv4, interface: "far0", metric: 3, gateway: "10.0.1.1"),
        ])
    }
  }

  @Test("has a route by a next-hop object, a group too, or says that it cannot be told")
  func nextHopObjects() async throws {
    try await NetworkNamespace.with { namespace in
      try await namespace.ip(Self.cable)
      try await namespace.ip(
        """
        addr add 10.0.1.4/24 dev far0
        nexthop add id 5 via 10.0.0.1 dev data0
        nexthop add id 6 via 10.0.1.1 dev far0
        nexthop add id 7 group 5/6
        route add default nhid 5 metric 50
        route add default nhid 7 metric 60
        """)
      var facts = try await Self.facts(namespace)
      #expect(facts.routing.defaultRoutes.map(\.interface) == ["data0", "data0", "far0"])
      #expect(facts.unreadable.isEmpty)
      let plain = try await namespace.run(
        "/bin/sh", ["-c", "echo 0 > /proc/sys/net/ipv4/nexthop_compat_mode"])
      try #require(plain.code == 0, "\(plain.errors)")
      facts = try await Self.facts(namespace)
      #expect(facts.routing.defaultRoutes.isEmpty)
      #expect(facts.unreadable.map(\.path) == ["rtnetlink"])
    }
  }

  @Test("has the kernel's own way to the platform, past the default route and by its rules")
  func ways() async throws {
    try await NetworkNamespace.with { namespace in
      try await namespace.ip(Self.cable)
      #expect(try await Self.facts(namespace).routing.ways.map(\.interface) == [nil, nil])
      try await namespace.ip(
        """
        addr add 10.0.1.4/24 dev far0
        route add default via 10.0.0.1 dev data0
        route add 168.63.129.16 via 10.0.1.1 dev far0
        rule add to 169.254.169.254 lookup 100
        route add default via 10.0.1.1 dev far0 table 100
        """)
      var facts = try await Self.facts(namespace)
      #expect(facts.routing.ways.map(\.interface) == ["far0", "far0"])
      #expect(facts.routing.ways.map(\.destination) == Routing.platformAddresses)
      try await namespace.ip("route replace unreachable 168.63.129.16\nrule del to 169.254.169.254 lookup 100")
      facts = try await Self.facts(namespace)
      #expect(facts.routing.ways.map(\.interface) == [nil, "data0"])
    }
  }

  @Test("and the tables of sockets show SSH sessions with their way back", .enabled(if: isRoot, "needs root"))
  func sessions() async throws {
    let directory = NSTemporaryDirectory() + "dpdk-host-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    // By a process of its own: a copy that this one wrote could be open for writing in a child of another test.
    let copied = try await run("/usr/bin/install", ["-m", "755", "/bin/bash", directory + "/sshd"])
    try #require(copied.code == 0)
    try await NetworkNamespace.with { namespace in
      try await namespace.ip(Self.cable)
      try await namespace.ip("addr add fd00::4/64 dev data0 nodad\naddr add fd00::4/128 dev lo")
      let (sockets, ports) = try await namespace.onThread {
        let six = try Connection(to: "::1", port: 22)
        let mapped = try Connection(to: "::ffff:10.0.0.4", port: 22)
        let foreign = try Connection(to: "::ffff:10.0.0.4", port: 8080)
        return ([six, mapped, foreign], [six.port, mapped.port, foreign.port])
      }
      #expect(ports.allSatisfy { $0 > 0 })
      #expect(
        try await Self.facts(namespace).routing.sessions == [
          RemoteSession(local: "10.0.0.4", peer: "10.0.0.4", interface: "lo"),
          RemoteSession(local: "::1", peer: "::1", interface: "lo"),
        ])
      #expect(try await namespace.run(dpdkHost, ["facts"]).output.contains("10.0.0.4 from 10.0.0.4 by lo\n"))
      // A process of that name holds one end of a connection to a port that tells nothing.
      let script = "\(directory)/sshd -c 'exec 3<>/dev/tcp/127.0.0.1/8080; echo held; read -t 20 <&3'"
      async let held = namespace.run("/bin/sh", ["-c", script])
      var locals: [String] = []
      for _ in 0..<100 where !locals.contains("127.0.0.1") {
        locals = try await Self.facts(namespace).routing.sessions.map(\.local)
      }
      #expect(locals == ["10.0.0.4", "127.0.0.1", "::1"])
      for socket in sockets { socket.close() }
      _ = try await held
    }
  }
}

extension RoutingTablesTests {
  @Test("shows each of many SSH sessions, more than one read of the tables gives", .enabled(if: isRoot, "needs root"))
  func manySessions() async throws {
    try await NetworkNamespace.with { namespace in
      let peers = (1...60).map { "127.0.1.\($0)" }
      let connections = try await namespace.onThread {
        let first = try Connection(to: "::ffff:127.0.0.1", port: 22)
        return try [first] + peers.map { try first.another(from: "::ffff:\($0)") }
      }
      let sessions = try await Self.facts(namespace).routing.sessions
      #expect(Set(sessions.map(\.peer)) == Set(peers + ["127.0.0.1"]))
      #expect(sessions.map(\.peer) == sessions.map(\.peer).sorted())
      for connection in connections.reversed() { connection.close() }
    }
  }
}

/// A socket that listens on a port of all addresses, and a connection to it.
private struct Connection: Sendable {
  var listener: Int32
  var client: Int32
  var port: UInt16

  init(to address: String, port: UInt16) throws {
    self.port = port
    listener = socket(AF_INET6, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    client = socket(AF_INET6, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var on: Int32 = 1
    setsockopt(listener, SOL_SOCKET, SO_REUSEPORT, &on, 4)
    try Self.check(Self.with("::", port) { bind(listener, $0, $1) })
    try Self.check(listen(listener, 128))
    try Self.check(Self.with(address, port) { connect(client, $0, $1) })
  }

  /// One more connection to the first one's listener, from another address.
  func another(from address: String) throws -> Connection {
    var other = self
    other.client = socket(AF_INET6, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    try Self.check(Self.with(address, 0) { bind(other.client, $0, $1) })
    try Self.check(Self.with("::ffff:127.0.0.1", port) { connect(other.client, $0, $1) })
    other.listener = -1
    return other
  }

  func close() {
    Glibc.close(client)
    Glibc.close(listener)
  }

  private static func with(
    _ address: String, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var name = sockaddr_in6()
    name.sin6_family = sa_family_t(AF_INET6)
    name.sin6_port = port.bigEndian
    inet_pton(AF_INET6, address, &name.sin6_addr)
    return withUnsafePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in6>.size)) }
    }
  }

  private static func check(_ result: Int32) throws {
    guard result == 0 else { throw Errno(rawValue: errno) }
  }
}
