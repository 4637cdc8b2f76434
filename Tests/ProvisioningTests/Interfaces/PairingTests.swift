import Testing

@testable import Provisioning

/// Devices, and the VF of each synthetic interface among them.
struct PairingCase: CustomTestStringConvertible {
  var testDescription: String
  var devices: [NetworkDevice]
  var bound: [NetworkDevice] = []
  /// VF by the name of its synthetic interface; empty for none.
  var pairs: [String: String]
  /// Names that are in doubt, each with all that share it.
  var doubts: [Set<String>] = []

  init(
    _ sentence: String, _ devices: [NetworkDevice], bound: [NetworkDevice] = [], pairs: [String: String],
    doubts: [Set<String>] = []
  ) {
    testDescription = sentence
    self.devices = devices
    self.bound = bound
    self.pairs = pairs
    self.doubts = doubts
  }

  static let ordinary: [PairingCase] = [
    PairingCase("a NETVSC has its linked VF", accelerated(1), pairs: ["eth1": "enP1s1"]),
    PairingCase("a NETVSC whose VF is away has none", [synthetic("eth1", 1)], pairs: ["eth1": ""]),
    PairingCase("a VF without a NETVSC is an interface of its own", [function("enP1s1", 1)], pairs: [:]),
    PairingCase(
      "without a link the MAC address decides", [synthetic("eth1", 1), function("enP1s1", 1)], pairs: ["eth1": "enP1s1"]
    ),
    PairingCase(
      "each port of one MANA function goes to its NETVSC",
      accelerated(1, id: "1414:00ba") + accelerated(2, id: "1414:00ba") + accelerated(3, id: "1414:00ba"),
      pairs: ["eth1": "enP1s1", "eth2": "enP2s1", "eth3": "enP3s1"]),
    PairingCase(
      "MANA ports without links go by MAC address",
      [
        synthetic("eth0", 1), synthetic("eth1", 2), function("b", 2, id: "1414:00ba"),
        function("a", 1, id: "1414:00ba"),
      ], pairs: ["eth0": "a", "eth1": "b"]),
    PairingCase(
      "a VF with addresses of its own is a VF all the same",
      [
        synthetic("eth1", 1, addresses: ["10.0.0.4/24", "fe80::1/64"]),
        function("enP1s1", 1, of: "eth1").with { $0.addresses = ["10.0.0.4/24", "fe80::1/64"] },
      ], pairs: ["eth1": "enP1s1"]),
    PairingCase(
      "bond, bridge, VLAN and macvlan with its MAC address are no VF",
      accelerated(1) + [
        virtual("bond0", "bond", on: "eth1", mac: mac(1), number: 901),
        virtual("br0", "bridge", on: "bond0", mac: mac(1), number: 902),
        virtual("eth1.7", "vlan", on: "eth1", mac: mac(1), number: 903),
        virtual("mv0", "macvlan", on: "eth1", mac: mac(1), number: 904),
      ], pairs: ["eth1": "enP1s1"]),
    PairingCase(
      "two NETVSCs in one bond keep their VFs, by the addresses of their hardware",
      (accelerated(1) + accelerated(2)).map { device in device.with { $0.mac = mac(1) } }
        + [virtual("bond0", "bond", on: "eth1", "eth2", mac: mac(1))],
      pairs: ["eth1": "enP1s1", "eth2": "enP2s1"]),
    PairingCase(
      "an InfiniBand port is no VF, whatever its address",
      [
        synthetic("eth1", 1),
        function("ib0", 1, id: "15b3:101a").with {
          $0.linkType = 32
          $0.pciClass = "020700"
        },
      ], pairs: ["eth1": ""]),
    PairingCase(
      "an Ethernet device of an InfiniBand function is no VF",
      [synthetic("eth1", 1), function("ib0", 1, id: "15b3:101a").with { $0.pciClass = "020700" }], pairs: ["eth1": ""]),
    PairingCase(
      "the representor of a switch's port is no VF",
      [
        synthetic("eth1", 1),
        function("rep", 1).with {
          $0.switchID = "aa"
          $0.portName = "pf0vf1"
        },
      ], pairs: ["eth1": ""]),
    PairingCase(
      "a VF called eth8 is a VF",
      [synthetic("eth1", 1), function("eth8", 1, of: "eth1", id: "15b3:1004")], pairs: ["eth1": "eth8"]),
    PairingCase(
      "names swapped between the halves mislead nobody",
      [synthetic("enP1s1", 1), function("eth1", 1, of: "enP1s1")], pairs: ["enP1s1": "eth1"]),
    PairingCase(
      "names swapped between two pairs mislead nobody",
      [
        synthetic("eth0", 1), synthetic("eth1", 2), function("enP2s1np0", 1, of: "eth0"),
        function("enP1s1np0", 2, of: "eth1"),
      ], pairs: ["eth0": "enP2s1np0", "eth1": "enP1s1np0"]),
    PairingCase(
      "a virtio pair has the same shape",
      [
        NetworkDevice(
          name: "ens3", index: 2, linkType: 1, mac: mac(1), driver: "virtio_net", bus: "virtio", busAddress: "virtio0",
          lowers: ["ens3nsby", "ens4"]),
        NetworkDevice(
          name: "ens3nsby", index: 3, linkType: 1, mac: mac(1), driver: "virtio_net", bus: "virtio",
          busAddress: "virtio0", uppers: ["ens3"]),
        function("ens4", 1, of: "ens3", id: "8086:1889"),
      ], pairs: ["ens3": "ens4"]),
    PairingCase(
      "plain PCI and virtio NICs are no pairs",
      [
        function("ens1", 1, id: "8086:10d3"), function("ens2", 2, id: "8086:10d3"),
        NetworkDevice(name: "ens3", index: 5, linkType: 1, mac: mac(3), bus: "virtio", busAddress: "virtio0"),
      ], pairs: [:]),
    PairingCase(
      "a VMBus device of another class is no NETVSC",
      [synthetic("eth1", 1).with { $0.vmbusClass = "ba6163d9-04a1-4d29-b605-72e2ffb1dc7f" }, function("enP1s1", 1)],
      pairs: [:]),
    PairingCase(
      "a NETVSC whose class could not be read is known by its driver",
      [synthetic("eth1", 1).with { $0.vmbusClass = nil }, function("enP1s1", 1)], pairs: ["eth1": "enP1s1"]),
  ]

  static let bound: [PairingCase] = [
    PairingCase(
      "a bound NETVSC keeps its VF by what was recorded", [function("enP1s1", 1)], bound: [synthetic("eth1", 1)],
      pairs: ["eth1": "enP1s1"]),
    PairingCase(
      "bound NETVSCs of one MANA function keep theirs",
      [function("a", 1, id: "1414:00ba"), function("b", 2, id: "1414:00ba")] + accelerated(3, id: "1414:00ba"),
      bound: [synthetic("eth1", 1), synthetic("eth2", 2)], pairs: ["eth1": "a", "eth2": "b", "eth3": "enP3s1"]),
    PairingCase(
      "a VF that is linked to the heir of a bound NETVSC's name is the heir's",
      [synthetic("eth1", 2), function("enP2s1", 2, of: "eth1"), function("enP1s1", 1)], bound: [synthetic("eth1", 1)],
      pairs: ["eth1": "enP2s1", "eth1, bound": "enP1s1"]),
    PairingCase(
      "the VF of one that somebody else bound is an interface of its own", [function("enP1s1", 1)] + accelerated(2),
      pairs: ["eth2": "enP2s1"]),
    PairingCase(
      "what was recorded counts for nothing once the kernel has the device again", accelerated(1),
      bound: [synthetic("old", 1)], pairs: ["eth1": "enP1s1"]),
  ]

  static let doubtful: [PairingCase] = [
    PairingCase(
      "link and MAC address disagree", [synthetic("eth1", 1), synthetic("eth2", 2), function("vf", 2, of: "eth1")],
      pairs: ["eth1": "", "eth2": ""], doubts: [["eth1", "eth2", "vf"]]),
    PairingCase(
      "a link to one that has quite another address",
      [synthetic("eth1", 1), function("vf", 7, of: "eth1")], pairs: ["eth1": ""], doubts: [["eth1", "vf"]]),
    PairingCase(
      "one address on two NETVSCs, and no link",
      [synthetic("eth1", 1), synthetic("eth2", 2).with { $0.mac = mac(1) }, function("vf", 1)],
      pairs: ["eth1": "", "eth2": ""], doubts: [["eth1", "eth2", "vf"]]),
    PairingCase(
      "one address on two NETVSCs, and a link that settles it",
      [synthetic("eth1", 1), synthetic("eth2", 2).with { $0.mac = mac(1) }, function("vf", 1, of: "eth1")],
      pairs: ["eth1": "vf", "eth2": ""]),
    PairingCase(
      "two VFs of one address", [synthetic("eth1", 1), function("a", 1), function("b", 1).with { $0.index = 99 }],
      pairs: ["eth1": ""], doubts: [["eth1", "a", "b"]]),
    PairingCase(
      "one linked VF, and another with the same address",
      accelerated(1) + [function("b", 1, at: "0099:00:02.0").with { $0.index = 99 }], pairs: ["eth1": ""],
      doubts: [["eth1", "enP1s1", "b"]]),
    PairingCase(
      "a VF that was put into a bond by mistake",
      [synthetic("eth1", 1), function("vf", 1), virtual("bond0", "bond", on: "vf", mac: mac(1))], pairs: ["eth1": ""],
      doubts: [["eth1", "vf"]]),
    PairingCase(
      "a VF that is linked to two NETVSCs",
      [
        synthetic("eth1", 1), synthetic("eth2", 2),
        function("vf", 1, of: "eth1").with { $0.uppers = ["eth1", "eth2"] },
      ],
      pairs: ["eth1": "", "eth2": ""], doubts: [["eth1", "eth2", "vf"]]),
    PairingCase(
      "two VFs with the address of a bound NETVSC",
      [function("a", 1), function("b", 1).with { $0.index = 99 }], bound: [synthetic("eth1", 1)],
      pairs: ["eth1": ""], doubts: [["eth1", "a", "b"]]),
  ]
}

@Suite("Pairs of synthetic interface and VF")
struct PairingTests {
  @Test(arguments: PairingCase.ordinary + PairingCase.bound + PairingCase.doubtful)
  func pairs(example: PairingCase) {
    let facts = machine(example.devices, bound: example.bound)
    let pairing = pair(facts.devices, bindings: facts.bindings)
    var pairs: [String: String] = [:]
    for interface in pairing.interfaces where interface.kind == .synthetic {
      let isHeirless =
        interface.binding == nil || pairs[interface.name] == nil && example.pairs[interface.name + ", bound"] == nil
      pairs[isHeirless ? interface.name : interface.name + ", bound"] = interface.virtualFunction?.name ?? ""
    }
    #expect(pairs == example.pairs)
    #expect(pairing.doubts.map { Set($0.synthetics + $0.functions) } == example.doubts)
    let names = facts.devices.filter { $0.bus != "virtio" }.map(\.name).sorted()
    let shown = pairing.interfaces.flatMap { [$0.name, $0.virtualFunction?.name].compactMap { $0 } }
    #expect(names.allSatisfy(shown.contains), "every device is an interface or the half of one")
  }

  @Test(
    "the functions of Azure's NICs are known",
    arguments: [
      ("15b3:1004", NICGeneration.connectX3), ("15b3:1016", .connectX4Lx), ("15b3:1018", .connectX5),
      ("15b3:101a", .connectX5), ("15b3:101e", .laterConnectX), ("1414:00ba", .mana),
    ])
  func generation(id: String, generation: NICGeneration) {
    let pairing = pair(machine(accelerated(1, id: id)).devices)
    #expect(pairing.interfaces.map(\.generation) == [generation])
  }

  @Test("one to eight NICs pair in any order of devices", arguments: 1...8)
  func anyOrder(count: Int) {
    var random = SeededGenerator(seed: UInt64(count))
    let facts = machine((0..<count).flatMap { accelerated($0 + 1) })
    let expected = pair(facts.devices)
    #expect(expected.interfaces.map(\.virtualFunction?.name) == (1...count).map { "enP\($0)s1" })
    for _ in 0..<20 { #expect(pair(facts.devices.shuffled(using: &random)) == expected) }
  }
}
