import Testing

@testable import Provisioning

/// A host's routes and sessions, and what is management by them.
struct ManagementCase: CustomTestStringConvertible {
  var testDescription: String
  var facts: HostFacts
  var named: Profile.Interfaces.Management
  var expected: Set<String>
  var isDoubtful: Bool

  /// - Parameter expected: names of management devices, `lo` and what is not there aside; of a doubtful host, of those
  ///   that are management for certain.
  init(
    _ sentence: String, _ devices: [NetworkDevice] = accelerated(0) + accelerated(1), bound: [NetworkDevice] = [],
    routes: [DefaultRoute] = [], ways: [String?] = [], sessions: [RemoteSession] = [],
    named: Profile.Interfaces.Management = .auto, is expected: Set<String>, isDoubtful: Bool = false
  ) {
    testDescription = sentence
    facts = machine(devices, bound: bound, route: nil)
    facts.routing = Routing(
      defaultRoutes: routes,
      ways: zip(Routing.platformAddresses, ways).map { Way(destination: $0, interface: $1) }, sessions: sessions)
    self.named = named
    self.expected = expected
    self.isDoubtful = isDoubtful
  }

  static let first: Set = ["eth0", "enP0s1"]
  static let second: Set = ["eth1", "enP1s1"]

  static let routes: [ManagementCase] = [
    ManagementCase(
      "the default route's interface and its VF", routes: [DefaultRoute(.ipv4, interface: "eth0", metric: 100)],
      is: first),
    ManagementCase(
      "of several default routes the one of the lowest metric",
      routes: [
        DefaultRoute(.ipv4, interface: "eth0", metric: 200), DefaultRoute(.ipv4, interface: "eth1", metric: 100),
      ], is: second),
    ManagementCase(
      "a route that names no metric is the best",
      routes: [DefaultRoute(.ipv4, interface: "eth0", metric: 100), DefaultRoute(.ipv4, interface: "eth1")], is: second),
    ManagementCase(
      "a host of IPv6 alone", routes: [DefaultRoute(.ipv6, interface: "eth1", metric: 1024)], is: second),
    ManagementCase(
      "each family has its own",
      routes: [
        DefaultRoute(.ipv4, interface: "eth0", metric: 100), DefaultRoute(.ipv6, interface: "eth1", metric: 1024),
      ],
      is: first.union(second)),
    ManagementCase(
      "a tie of IPv6 is settled by IPv4",
      routes: [
        DefaultRoute(.ipv6, interface: "eth1", metric: 1024), DefaultRoute(.ipv6, interface: "eth0", metric: 1024),
        DefaultRoute(.ipv4, interface: "eth0", metric: 100), DefaultRoute(.ipv4, interface: "eth1", metric: 200),
      ], is: first),
    ManagementCase(
      "a tie of IPv4 is all of them, whichever the kernel's hash names for a way",
      routes: [DefaultRoute(.ipv4, interface: "eth0"), DefaultRoute(.ipv4, interface: "eth1")], ways: ["eth1", "eth1"],
      is: first.union(second)),
    ManagementCase(
      "a tie of IPv4 is settled by the profile",
      routes: [DefaultRoute(.ipv4, interface: "eth0"), DefaultRoute(.ipv4, interface: "eth1")], named: .name("eth1"),
      is: second),
    ManagementCase(
      "a named interface does not tell what is below a tunnel",
      accelerated(0) + accelerated(1) + [virtual("tun0", "tun")],
      routes: [DefaultRoute(.ipv4, interface: "tun0")],
      sessions: [RemoteSession(local: "10.0.0.5", peer: "10.9.9.9", interface: "eth1")], named: .name("tun0"),
      is: ["tun0", "eth1", "enP1s1"], isDoubtful: true),
    ManagementCase(
      "a tie that nothing settles is all of them",
      routes: [
        DefaultRoute(.ipv4, interface: "eth0", metric: 100), DefaultRoute(.ipv4, interface: "eth1", metric: 100),
      ], is: first.union(second)),
    ManagementCase(
      "multipath is one route of several hops",
      routes: [DefaultRoute(.ipv4, interface: "eth0"), DefaultRoute(.ipv4, interface: "eth1")],
      is: first.union(second)),
    ManagementCase(
      "the device of the default route is the VF", routes: [DefaultRoute(.ipv4, interface: "enP0s1")], is: first),
    ManagementCase(
      "the way to the platform goes by another NIC", routes: [DefaultRoute(.ipv4, interface: "eth0")],
      ways: ["eth0", "eth1"], is: first.union(second)),
    ManagementCase("the way to the platform alone is enough", ways: ["eth1", nil], is: second),
    ManagementCase("no route at all", is: [], isDoubtful: true),
    ManagementCase("no way to the platform, and nothing else", ways: [nil, nil], is: [], isDoubtful: true),
    ManagementCase(
      "a default route over a device that is not there", routes: [DefaultRoute(.ipv4, interface: "gone0")],
      is: ["gone0"],
      isDoubtful: true),
  ]

  static let stacked: [ManagementCase] = [
    ManagementCase(
      "over a bridge", accelerated(0) + accelerated(1) + [virtual("br0", "bridge", on: "eth0")],
      routes: [DefaultRoute(.ipv4, interface: "br0")], is: first.union(["br0"])),
    ManagementCase(
      "over a bond of two NETVSCs, with both VFs",
      accelerated(0) + accelerated(1) + accelerated(2) + [virtual("bond0", "bond", on: "eth0", "eth1", mac: mac(0))],
      routes: [DefaultRoute(.ipv4, interface: "bond0")], is: first.union(second).union(["bond0"])),
    ManagementCase(
      "over a VLAN", accelerated(0) + accelerated(1) + [virtual("eth0.7", "vlan", on: "eth0")],
      routes: [DefaultRoute(.ipv4, interface: "eth0.7")], is: first.union(["eth0.7"])),
    ManagementCase(
      "over a VLAN on a bond",
      accelerated(0) + accelerated(1)
        + [virtual("bond0", "bond", on: "eth0", number: 901), virtual("bond0.7", "vlan", on: "bond0", number: 902)],
      routes: [DefaultRoute(.ipv4, interface: "bond0.7")], is: first.union(["bond0", "bond0.7"])),
    ManagementCase(
      "over a macvlan", accelerated(0) + accelerated(1) + [virtual("mv0", "macvlan", on: "eth0")],
      routes: [DefaultRoute(.ipv4, interface: "mv0")], is: first.union(["mv0"])),
    ManagementCase(
      "over a tunnel, the device below which cannot be seen",
      accelerated(0) + accelerated(1) + [virtual("wg0", "wireguard")], routes: [DefaultRoute(.ipv4, interface: "wg0")],
      is: ["wg0"], isDoubtful: true),
    ManagementCase(
      "over a tunnel, though a session shows another way",
      accelerated(0) + accelerated(1) + [virtual("wg0", "wireguard")], routes: [DefaultRoute(.ipv4, interface: "wg0")],
      sessions: [RemoteSession(local: "10.0.0.4", peer: "203.0.113.9", interface: "eth0")],
      is: first.union(["wg0"]), isDoubtful: true),
    ManagementCase(
      "over a tunnel, and the profile names the NIC",
      accelerated(0) + accelerated(1) + [virtual("wg0", "wireguard")], routes: [DefaultRoute(.ipv4, interface: "wg0")],
      named: .name("eth0"), is: first.union(["wg0"])),
    ManagementCase(
      "a pair in doubt is management with all its devices",
      [synthetic("eth0", 0), synthetic("eth1", 1), function("vf", 1, of: "eth0"), synthetic("eth2", 2)],
      routes: [DefaultRoute(.ipv4, interface: "eth0")], is: ["eth0", "eth1", "vf"]),
    ManagementCase(
      "a container that has a veth alone", [virtual("eth0", "veth")], routes: [DefaultRoute(.ipv4, interface: "eth0")],
      is: ["eth0"]),
  ]

  static let sessions: [ManagementCase] = [
    ManagementCase(
      "an SSH session on a second NIC",
      accelerated(0) + [synthetic("eth1", 1, addresses: ["10.1.0.4/24"]), function("enP1s1", 1, of: "eth1")],
      routes: [DefaultRoute(.ipv4, interface: "eth0")],
      sessions: [RemoteSession(local: "10.1.0.4", peer: "10.1.0.9", interface: "eth1")], is: first.union(second)),
    ManagementCase(
      "a session that comes in by one NIC and is answered by another",
      accelerated(0) + [synthetic("eth1", 1, addresses: ["10.1.0.4/24"]), function("enP1s1", 1, of: "eth1")],
      routes: [DefaultRoute(.ipv4, interface: "eth0")],
      sessions: [RemoteSession(local: "10.1.0.4", peer: "203.0.113.9", interface: "eth0")], is: first.union(second)),
    ManagementCase(
      "a session to an address that no device has any more, answered by a NIC",
      sessions: [RemoteSession(local: "10.9.9.9", peer: "203.0.113.9", interface: "eth1")], is: second),
    ManagementCase(
      "a session over IPv6", accelerated(0) + [synthetic("eth1", 1, addresses: ["2001:db8::4/64"])],
      routes: [DefaultRoute(.ipv4, interface: "eth0")],
      sessions: [RemoteSession(local: "2001:db8::4", peer: "2001:db8::9", interface: nil)], is: first.union(["eth1"])),
    ManagementCase(
      "sessions of the host with itself are nothing",
      routes: [DefaultRoute(.ipv4, interface: "eth0")],
      sessions: [
        RemoteSession(local: "127.0.0.1", peer: "127.0.0.1", interface: "lo"),
        RemoteSession(local: "::1", peer: "::1", interface: "lo"),
      ], is: first),
    ManagementCase(
      "a session to the address that VF and NETVSC both got",
      [
        synthetic("eth0", 0, addresses: ["10.0.0.4/24"]),
        function("enP0s1", 0, of: "eth0").with { $0.addresses = ["10.0.0.4/24"] },
      ] + accelerated(1), sessions: [RemoteSession(local: "10.0.0.4", peer: "203.0.113.9", interface: "enP0s1")],
      is: first),
  ]

  static let named: [ManagementCase] = [
    ManagementCase("named by MAC address", named: .nic(1), is: second),
    ManagementCase("named by its name", named: .name("eth1"), is: second),
    ManagementCase("named by the name of its VF", named: .name("enP1s1"), is: second),
    ManagementCase(
      "named by another of its names",
      accelerated(0) + accelerated(1).map { $0.with { $0.alternativeNames = ["alt-\($0.name)"] } },
      named: .name("alt-eth1"), is: second),
    ManagementCase(
      "what is named is added to what the routes say", routes: [DefaultRoute(.ipv4, interface: "eth0")],
      named: .name("eth1"), is: first.union(second)),
    ManagementCase(
      "what is named and not there leaves all in doubt", routes: [DefaultRoute(.ipv4, interface: "eth0")],
      named: .name("eth9"), is: [], isDoubtful: true),
    ManagementCase(
      "a bound NETVSC that is named has its VF with it, and not the heir of its name",
      [synthetic("eth1", 2), function("enP2s1", 2, of: "eth1"), function("enP1s1", 1)] + accelerated(0),
      bound: [synthetic("eth1", 1)], routes: [DefaultRoute(.ipv4, interface: "eth0")],
      named: .nic(1), is: first.union([vmbusID(1), "enP1s1"])),
    ManagementCase(
      "the heir of a bound NETVSC's name is management, and what had it before is not",
      [synthetic("eth1", 2), function("enP2s1", 2, of: "eth1"), function("enP1s1", 1)], bound: [synthetic("eth1", 1)],
      routes: [DefaultRoute(.ipv4, interface: "eth1")], is: ["eth1", "enP2s1"]),
  ]
}

@Suite("Management is found")
struct ManagementTests {
  @Test(arguments: ManagementCase.routes + ManagementCase.stacked + ManagementCase.sessions + ManagementCase.named)
  func management(example: ManagementCase) {
    let pairing = pair(example.facts.devices, bindings: example.facts.bindings)
    let management = findManagement(example.named, among: pairing, on: example.facts)
    #expect(Set(management.reasons.keys) == example.expected)
    #expect((management.doubt != nil) == example.isDoubtful, "\(management.doubt ?? "no doubt")")
  }

  @Test(
    "while it is in doubt, nothing is given to DPDK, and a blocker says where the way back is",
    arguments: [
      ManagementCase.routes.last!, ManagementCase.stacked.first { $0.isDoubtful }!,
    ])
  func doubt(example: ManagementCase) {
    let plan = interfacePlan(example.facts)
    #expect(plan.data.isEmpty)
    #expect(plan.blockers == ["interface.managementUnknown"])
    #expect(plan.findings.first?.remedy.contains("serial console") == true)
    #expect(plan.eal.arguments() == ["--no-pci", "--vdev=net_vdev_netvsc0,ignore=1"])
  }
}
