import Testing

@testable import Provisioning

/// A host and a profile's wish, with what becomes of each interface.
struct RoleCase: CustomTestStringConvertible {
  var testDescription: String
  var facts: HostFacts
  var data: Profile.Interfaces.DataPorts
  var pmd: Profile.Interfaces.PMD
  /// Names of the interfaces that carry data, in order.
  var expected: [String]
  var blockers: [String]
  /// Identifiers of further findings that must be there.
  var findings: [String]
  /// What the reason of an interface says.
  var reasons: [String: String]

  init(
    _ sentence: String, _ facts: HostFacts, data: Profile.Interfaces.DataPorts = .auto,
    pmd: Profile.Interfaces.PMD = .auto, is expected: [String], blockers: [String] = [], findings: [String] = [],
    reasons: [String: String] = [:]
  ) {
    testDescription = sentence
    self.facts = facts
    self.data = data
    self.pmd = pmd
    self.expected = expected
    self.blockers = blockers
    self.findings = findings
    self.reasons = reasons
  }

  static let chosen: [RoleCase] = [
    RoleCase(
      "all but management carry data", machine(accelerated(0) + accelerated(1) + accelerated(2)), is: ["eth1", "eth2"],
      findings: ["interface.management", "interface.managementAccelerated"]),
    RoleCase(
      "with one interface there is none for data", machine(accelerated(0)), is: [], findings: ["interface.tooFew"]),
    RoleCase(
      "a data NIC whose VF is away is data, and says so", machine(accelerated(0) + [synthetic("eth1", 1)]),
      is: ["eth1"],
      findings: ["interface.noVirtualFunction"]),
    RoleCase(
      "a NETVSC that is up and has no address yet is not taken, as DHCP may make it management",
      machine(
        accelerated(0)
          + accelerated(1).map {
            $0.with {
              $0.flags = 0x1003; $0.addresses = ["fe80::1/64"]
            }
          }), is: [],
      findings: ["interface.tooFew"], reasons: ["eth1": "up without an address"]),
    RoleCase(
      "it is taken by name, and so is one that is down",
      machine(
        accelerated(0) + accelerated(1).map { $0.with { $0.flags = 0x1003 } }
          + accelerated(2).map { $0.with { $0.flags = 0x1002 } }),
      data: .listed([1, 2].compactMap { MACAddress(mac($0)) }), is: ["eth1", "eth2"]),
    RoleCase(
      "a NETVSC in a bond is no data interface",
      machine(accelerated(0) + accelerated(1) + accelerated(2) + [virtual("bond0", "bond", on: "eth1")]), is: ["eth2"],
      reasons: ["eth1": "part of bond0", "bond0": "virtual"]),
    RoleCase(
      "a MAC address that another NIC has as well is no data interface's",
      machine(accelerated(0) + accelerated(1) + [synthetic("eth2", 2).with { $0.mac = mac(1) }]), is: [],
      reasons: ["eth1": "its MAC address is that of eth2", "eth2": "its MAC address is that of eth1"]),
    RoleCase(
      "management's MAC address on a second NETVSC gives it to nobody",
      machine(accelerated(0) + [synthetic("eth1", 1).with { $0.mac = mac(0) }] + accelerated(2)), is: ["eth2"]),
    RoleCase(
      "a VF that has another address now would not be found",
      machine([synthetic("eth1", 1), function("vf", 1, of: "eth1").with { $0.mac = mac(9) }] + accelerated(0)), is: [],
      reasons: ["eth1": "its VF has another MAC address"]),
    RoleCase(
      "a VF that DPDK drives over vfio-pci alone is none beside the kernel",
      machine([synthetic("eth1", 1), function("vf", 1, of: "eth1", id: "8086:1515")] + accelerated(0)), is: [],
      reasons: ["eth1": "none that DPDK drives beside 'e1000e'"]),
    RoleCase(
      "a VF without its partner is told of, and is not taken",
      machine(accelerated(0) + accelerated(1) + [function("enP9s1", 9)]), is: ["eth1"],
      findings: ["interface.unpairedVirtualFunction"], reasons: ["enP9s1": "without a synthetic partner"]),
    RoleCase(
      "an InfiniBand port is neither data nor a lost VF",
      machine(
        accelerated(0) + accelerated(1) + [
          function("ib0", 5, id: "15b3:101a").with {
            $0.linkType = 32
            $0.mac = nil
          }
        ]), is: ["eth1"], reasons: ["ib0": "InfiniBand"]),
    RoleCase(
      "a pair in doubt stops all until it is waived",
      machine(accelerated(0) + [synthetic("eth1", 1), function("a", 1), function("b", 1).with { $0.index = 99 }]),
      is: [],
      blockers: ["interface.ambiguousPair"]),
    RoleCase(
      "a ConnectX function with management's port and another's is nobody's",
      machine(
        [
          synthetic("eth0", 0), function("a", 0, of: "eth0", at: "0005:00:02.0"), synthetic("eth1", 1),
          function("b", 1, of: "eth1", at: "0005:00:02.0"),
        ]), is: [], reasons: ["eth1": "shares its PCI function with a"]),
    RoleCase(
      "two data ports on one function that is none of MANA's are not taken apart",
      machine(
        [
          function("ens1", 1, id: "15b3:1003"), function("ens1d1", 2, id: "15b3:1003", at: "0001:00:02.0"),
          function("ens3", 3, id: "15b3:1003"),
        ].map { $0.name == "ens1" ? $0.with { $0.busAddress = "0001:00:02.0" } : $0 }, route: "ens3", isAzure: false),
      is: [], reasons: ["ens1": "shares its PCI function with ens1d1"]),
    RoleCase(
      "a virtio pair has no PMD",
      machine(
        accelerated(0) + [
          NetworkDevice(
            name: "ens3", index: 52, linkType: 1, mac: mac(5), bus: "virtio", busAddress: "virtio0",
            lowers: ["ens3nsby", "ens4"]),
          NetworkDevice(
            name: "ens3nsby", index: 53, linkType: 1, mac: mac(5), bus: "virtio", busAddress: "virtio0",
            uppers: ["ens3"]), function("ens4", 5, of: "ens3", id: "8086:1889"),
        ]), is: [], reasons: ["ens3": "virtio pair"]),
    RoleCase(
      "on a plain host a NIC with addresses is in use",
      machine(
        [
          function("ens1", 1, id: "8086:10d3"),
          function("ens2", 2, id: "8086:10d3").with { $0.addresses = ["10.0.0.5/24"] },
          function("ens3", 3, id: "8086:10d3").with { $0.addresses = ["fe80::3/64"] },
        ], route: "ens1", isAzure: false), is: ["ens3"], reasons: ["ens2": "in use"]),
    RoleCase(
      "a container with a veth alone has nothing for data",
      machine([virtual("eth0", "veth", mac: mac(1))], isAzure: false), is: [], findings: ["interface.tooFew"]),
    RoleCase(
      "a NETVSC that somebody else bound is nobody's, and every DPDK program takes it",
      machine(accelerated(0) + accelerated(1)).with {
        $0.busDevices.append(
          BusDevice(
            bus: "vmbus", address: vmbusID(7), driver: "uio_hv_generic", deviceClass: BusDevice.vmbusNetworkClass))
      }, is: ["eth1"], findings: ["interface.strayBinding"]),
    RoleCase(
      "a bound NETVSC stays data with its VF",
      machine(accelerated(0) + [function("enP1s1", 1)], bound: [synthetic("eth1", 1)]), is: ["eth1"]),
    RoleCase(
      "a bound NETVSC whose name management has by now stays data",
      machine(
        [synthetic("eth1", 2), function("enP2s1", 2, of: "eth1"), function("enP1s1", 1)], bound: [synthetic("eth1", 1)],
        route: "eth1"), is: ["eth1"], findings: ["interface.management"]),
  ]

  static let listed: [RoleCase] = [
    RoleCase(
      "the profile's choice is taken, and no more", machine(accelerated(0) + accelerated(1) + accelerated(2)),
      data: .nics(2), is: ["eth2"], reasons: ["eth1": "not among the profile's"]),
    RoleCase(
      "who lists an address that no interface has is told", machine(accelerated(0) + accelerated(1)), data: .nics(1, 9),
      is: ["eth1"], blockers: ["interface.absent"]),
    RoleCase(
      "who lists management is refused", machine(accelerated(0) + accelerated(1)), data: .nics(0, 1), is: ["eth1"],
      blockers: ["interface.dataIsManagement"]),
    RoleCase(
      "who lists what cannot be used is told why",
      machine(accelerated(0) + accelerated(1) + [virtual("br0", "bridge", on: "eth1")]), data: .nics(1), is: [],
      blockers: ["interface.unusable"], reasons: ["eth1": "part of br0"]),
    RoleCase(
      "a bridge with the listed address is not what was meant",
      machine(accelerated(0) + accelerated(1) + [virtual("br0", "bridge", on: "eth0", mac: mac(1))]), data: .nics(1),
      is: ["eth1"]),
    RoleCase(
      "NETVSC and PCI device are not driven by one PMD",
      machine(accelerated(0) + accelerated(1) + [function("ens5", 5, id: "8086:10d3")]), data: .nics(1, 5),
      is: ["eth1", "ens5"], blockers: ["interface.pmdUnsuitable"]),
    RoleCase(
      "a MANA NETVSC and a PCI device neither",
      machine(
        accelerated(0, id: "1414:00ba") + accelerated(1, id: "1414:00ba") + [function("ens5", 5, id: "8086:10d3")]),
      data: .nics(1, 5), is: ["eth1", "ens5"], blockers: ["interface.pmdUnsuitable"]),
    RoleCase(
      "the profile wants no NIC", machine(accelerated(0) + accelerated(1)), data: .none, is: []),
  ]
}

extension HostFacts {
  func with(_ change: (inout HostFacts) -> Void) -> HostFacts {
    var changed = self
    change(&changed)
    return changed
  }
}

@Suite("What each interface is for")
struct RoleTests {
  @Test(arguments: RoleCase.chosen + RoleCase.listed)
  func roles(example: RoleCase) {
    let plan = interfacePlan(example.facts, data: example.data, pmd: example.pmd)
    #expect(plan.names(.data) == example.expected)
    // Without a data interface, and without another reason for that, there are too few.
    let none = example.data != .none && example.expected.isEmpty && example.blockers.isEmpty
    #expect(plan.blockers == (none ? ["interface.tooFew"] : example.blockers))
    #expect(Set(example.findings).isSubset(of: plan.findings.map(\.id)))
    for (name, reason) in example.reasons { #expect(plan.reason(name).contains(reason), "\(plan.reason(name))") }
    let lost = plan.findings.filter { $0.id == "interface.unpairedVirtualFunction" }.map(\.subject)
    #expect(!lost.contains("ib0"))
  }

  @Test("that management is listed for data cannot be waived")
  func lockOut() throws {
    let facts = machine(accelerated(0) + accelerated(1))
    let profile = Profile(name: "test", interfaces: .init(data: .nics(0)))
    let plan = plan(
      profile, Requirements(), on: facts, waiving: ["interface.dataIsManagement", "interface.pmdUnsuitable"])
    let finding = try #require(plan.findings.first { $0.id == "interface.dataIsManagement" })
    #expect(finding.severity == .blocker)
    #expect(!finding.waived)
    #expect(plan.isBlocked)
  }

  @Test("a waived doubt about a pair gives none of it to DPDK")
  func waivedDoubt() {
    let facts = machine(
      accelerated(0) + accelerated(2) + [
        synthetic("eth1", 1), function("a", 1), function("b", 1).with { $0.index = 99 },
      ])
    let words = interfacePlan(facts).eal.arguments()
    #expect(!words.contains { $0.contains(vmbusID(1)) || $0.contains("0001:00:02.0") })
    #expect(words.contains(vmbusID(2)))
  }

  @Test("in any order of devices the 8 NICs get the same roles")
  func anyOrder() {
    var random = SeededGenerator(seed: 8)
    let facts = machine((0..<8).flatMap { accelerated($0, id: "15b3:1004") })
    let expected = interfacePlan(facts)
    #expect(expected.names(.data) == (1..<8).map { "eth\($0)" })
    for _ in 0..<20 {
      #expect(interfacePlan(facts.with { $0.devices.shuffle(using: &random) }) == expected)
    }
  }
}
