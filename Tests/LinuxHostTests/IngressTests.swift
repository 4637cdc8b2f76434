import EngineMessages
import Provisioning
import SystemPackage
import TestSupport
import Testing

@testable import LinuxHost

@Suite("What DPDK's TAP leaves on a NETVSC")
struct IngressTests {
  private static func names(_ found: Set<IngressQdisc>, _ links: [Link]) -> [String] {
    links.filter { link in found.contains { Int($0.device) == link.index } }.map(\.name).sorted()
  }

  @Test(
    "is taken away, from its device alone, and not what was there before",
    .enabled(if: isRoot, "needs root"),
    .enabled("needs network namespaces and ingress queueing disciplines") { await Self.isAvailable() })
  func takenAway() async throws {
    try await NetworkNamespace.with { namespace in
      try await Self.make(["a0", "a1"], in: namespace)
      try await Self.tc("add", ["a1"], in: namespace)
      let before = try await namespace.onThread {
        var socket = try NetlinkSocket()
        return try socket.ingressQdiscs()
      }
      try await Self.tc("add", ["a0", "far-a0"], in: namespace)
      let (during, after) = try await namespace.onThread {
        var socket = try NetlinkSocket()
        let links = try socket.links()
        let during = Self.names(try socket.ingressQdiscs(), links)
        try removeIngress(from: links.filter { ["a0", "a1"].contains($0.name) }.map(\.index), but: before)
        return (during, Self.names(try socket.ingressQdiscs(), links))
      }
      #expect(during == ["a0", "a1", "far-a0"])
      #expect(after == ["a1", "far-a0"])
    }
  }

  @Test("is looked for on the devices that the request puts a TAP beside, and on no other")
  func devices() {
    let request = EngineRequest(
      mode: .loopback, virtualDevices: ["net_vdev_netvsc0,iface=eth1", "net_vdev_netvsc1,force=1,iface=eth12"])
    let all = ["eth0", "eth1", "eth2", "eth12"].map { NetworkDevice(name: $0, index: 1, linkType: 1) }
    #expect(request.remoteDevices(among: all).map(\.name) == ["eth1", "eth12"])
    #expect(EngineRequest(mode: .loopback).remoteDevices(among: all).isEmpty)
  }

  private static func make(_ names: [String], in namespace: NetworkNamespace) async throws {
    for name in names { try await namespace.ip("link add \(name) type veth peer name far-\(name)") }
  }

  private static func tc(_ verb: String, _ names: [String], in namespace: NetworkNamespace) async throws {
    for name in names {
      let found = try await namespace.run("/sbin/tc", ["qdisc", verb, "dev", name, "ingress"])
      try #require(found.code == 0, "\(found.errors)")
    }
  }

  private static func isAvailable() async -> Bool {
    guard await NetworkNamespace.isAvailable() else { return false }
    return
      (try? await NetworkNamespace.with { namespace in
        try await make(["a0"], in: namespace)
        return try await namespace.run("/sbin/tc", ["qdisc", "add", "dev", "a0", "ingress"]).code == 0
      }) ?? false
  }
}
