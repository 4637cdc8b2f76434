import LinuxHost
import TestSupport
import Testing

@Suite(
  "The wait for a default route", .enabled(if: isRoot, "needs root"),
  .enabled("needs network namespaces") { await NetworkNamespace.isAvailable() })
struct AwaitRouteTests {
  private static let cable = """
    link add data0 type veth peer name far0
    link set data0 up
    link set far0 up
    addr add 10.0.0.4/24 dev data0
    addr add fd00::4/64 dev data0 nodad
    """

  private static func wait(_ duration: Duration, in namespace: NetworkNamespace) async throws -> (Bool, Duration) {
    try await namespace.onThread {
      let start = ContinuousClock.now
      return (try awaitDefaultRoute(for: duration), .now - start)
    }
  }

  @Test("ends at once where there is one")
  func atOnce() async throws {
    try await NetworkNamespace.with { namespace in
      try await namespace.ip(Self.cable + "\nroute add default via 10.0.0.1 dev data0")
      let (isThere, duration) = try await Self.wait(.seconds(10), in: namespace)
      #expect(isThere)
      #expect(duration < .seconds(1))
      #expect(try await Self.wait(.zero, in: namespace).0)
    }
  }

  @Test("ends with its time where there is none, whatever else happens to the routes")
  func inVain() async throws {
    try await NetworkNamespace.with { namespace in
      try await namespace.ip(Self.cable)
      #expect(try await !Self.wait(.zero, in: namespace).0)
      async let waiting = Self.wait(.milliseconds(150), in: namespace)
      try await namespace.ip(
        "route add default via 10.0.0.1 dev data0 table 100\nroute add blackhole default\nroute add 10.9.0.0/16 dev data0"
      )
      let (isThere, duration) = try await waiting
      #expect(!isThere)
      #expect(duration >= .milliseconds(150))
      #expect(duration < .seconds(2))
    }
  }

  @Test("ends with the route, of either family", arguments: ["via 10.0.0.1", "via fd00::1"])
  func meanwhile(gateway: String) async throws {
    try await NetworkNamespace.with { namespace in
      try await namespace.ip(Self.cable)
      async let waiting = Self.wait(.seconds(20), in: namespace)
      try await Task.sleep(for: .milliseconds(50))
      try await namespace.ip("route add default \(gateway) dev data0")
      let (isThere, duration) = try await waiting
      #expect(isThere)
      #expect(duration < .seconds(5))
    }
  }
}
