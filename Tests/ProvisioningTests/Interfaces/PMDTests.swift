import Testing

@testable import Provisioning

/// A host and a wished-for PMD, with the PMD that it comes to and what EAL is told.
struct PMDCase: CustomTestStringConvertible {
  var testDescription: String
  var facts: HostFacts
  var wanted: Profile.Interfaces.PMD
  var data: Profile.Interfaces.DataPorts
  /// Nil where a blocker says why none can be taken.
  var pmd: DataPMD?
  /// A part of the reason, or of the blocker's text.
  var why: String
  /// Nil where it is told elsewhere.
  var arguments: [String]?

  init(
    _ sentence: String, _ facts: HostFacts, wanted: Profile.Interfaces.PMD = .auto,
    data: Profile.Interfaces.DataPorts = .auto, is pmd: DataPMD?, why: String = "", arguments: [String]? = nil
  ) {
    testDescription = sentence
    self.facts = facts
    self.wanted = wanted
    self.data = data
    self.pmd = pmd
    self.why = why
    self.arguments = arguments
  }

  static let twoNICs = accelerated(0) + accelerated(1)
  static let twoMANA = accelerated(0, id: "1414:00ba") + accelerated(1, id: "1414:00ba")
  static let ignored = "--vdev=net_vdev_netvsc0,ignore=1"

  static let automatic: [PMDCase] = [
    PMDCase(
      "netvsc, where all is there", machine(twoNICs), is: .netvsc, why: "recommended over failsafe",
      arguments: ["-a", vmbusID(1), "-a", "0001:00:02.0", ignored]),
    PMDCase(
      "failsafe before DPDK 22.11", machine(twoNICs, dpdk: "21.11"), is: .failsafe,
      why: "netvsc requires DPDK 22.11, is 21.11",
      arguments: ["-a", "0001:00:02.0", "--vdev=net_vdev_netvsc0,iface=eth1"]),
    PMDCase(
      "failsafe without net_netvsc",
      machine(twoNICs).with { $0.dpdk.networkDrivers.removeAll { $0 == "net_netvsc" } }, is: .failsafe,
      why: "no net_netvsc"),
    PMDCase(
      "failsafe where uio_hv_generic is not to be had", machine(twoNICs).with { $0.modules[0].state = .absent },
      is: .failsafe, why: "no uio_hv_generic"),
    PMDCase(
      "failsafe where uio_hv_generic is denied",
      machine(twoNICs).with { $0.modules[0].deniedBy = "blacklist uio_hv_generic" }, is: .failsafe,
      why: "must not be loaded: blacklist uio_hv_generic"),
    PMDCase(
      "failsafe where the kernel gives netvsc one queue",
      machine(twoNICs).with { $0.kernel.running = "4.15.0-1014-azure" }, is: .failsafe, why: "4.17"),
    PMDCase(
      "mana, where the VF is a port of MANA", machine(twoMANA, dpdk: "20.11"), is: .mana, why: "port of a MANA",
      arguments: ["-a", vmbusID(1), "--vdev=7870:00:00.0,mac=\(mac(1))", ignored]),
    PMDCase(
      "mana, where the VF is away and would come back as a port of MANA",
      machine(accelerated(0, id: "1414:00ba") + [synthetic("eth1", 1)]).with { $0.modules = [] }, is: .mana,
      arguments: ["--no-pci", "-a", vmbusID(1), ignored]),
    PMDCase(
      "vfio on a plain host",
      machine(
        [function("ens1", 1, id: "8086:10d3"), function("ens2", 2, id: "8086:10d3")], route: "ens1", isAzure: false),
      is: .vfio, why: "must hand over", arguments: ["-a", "0002:00:02.0"]),
    PMDCase(
      "vfio for a virtio NIC, by the function below it",
      machine(
        [
          function("ens1", 1, id: "8086:10d3"),
          NetworkDevice(
            name: "ens2", index: 20, linkType: 1, mac: mac(2), driver: "virtio_net", bus: "virtio",
            busAddress: "virtio0", virtioFunction: "0000:00:04.0"),
        ], route: "ens1", isAzure: false), is: .vfio, arguments: ["-a", "0000:00:04.0"]),
    PMDCase(
      "the PMD beside the kernel's driver for ConnectX on a plain host",
      machine(
        [function("ens1", 1, id: "15b3:1017"), function("ens2", 2, id: "15b3:1017")], route: "ens1", isAzure: false),
      is: .bifurcated, why: "beside the kernel's driver", arguments: ["-a", "0002:00:02.0"]),
    PMDCase(
      "mana without a NETVSC, by MAC address",
      machine([function("e0", 1, id: "1414:00ba"), function("e1", 2, id: "1414:00ba")], route: "e0"), is: .mana,
      arguments: ["--vdev=7870:00:00.0,mac=\(mac(2))", ignored]),
    PMDCase(
      "none for MANA and another NIC together",
      machine(
        [
          function("e0", 1, id: "1414:00ba"), function("e1", 2, id: "1414:00ba"), function("ens3", 3, id: "8086:10d3"),
        ], route: "e0", isAzure: false), is: nil, why: "over vfio-pci", arguments: ["--no-pci"]),
    PMDCase("none for no data interface", machine(accelerated(0)), is: nil, arguments: ["--no-pci", ignored]),
  ]

  static let asked: [PMDCase] = [
    PMDCase("failsafe over ConnectX", machine(twoNICs), wanted: .failsafe, is: .failsafe, why: "asked for"),
    PMDCase(
      "failsafe over MANA is refused", machine(twoMANA), wanted: .failsafe, is: nil, why: "management's too",
      arguments: ["--no-pci", ignored]),
    PMDCase(
      "failsafe is refused where a VF that is away comes back as a port of MANA",
      machine(accelerated(0, id: "1414:00ba") + [synthetic("eth1", 1)]), wanted: .failsafe, is: nil,
      why: "management's too"),
    PMDCase(
      "failsafe over a name that net_tap cannot be told is refused",
      machine(accelerated(0) + [synthetic("eth,1", 1), function("vf", 1, of: "eth,1")]), wanted: .failsafe, is: nil,
      why: "characters of its name"),
    PMDCase(
      "netvsc takes such a name, as it is told the UUID",
      machine(accelerated(0) + [synthetic("eth,1", 1), function("vf", 1, of: "eth,1")]), wanted: .netvsc, is: .netvsc,
      arguments: ["-a", vmbusID(1), "-a", "0001:00:02.0", ignored]),
    PMDCase(
      "failsafe over a NETVSC that DPDK has is refused until it is given back",
      machine(accelerated(0) + [function("enP1s1", 1)], bound: [synthetic("eth1", 1)]), wanted: .failsafe, is: nil,
      why: "revert"),
    PMDCase("netvsc over MANA is mana", machine(twoMANA), wanted: .netvsc, is: .mana),
    PMDCase(
      "mana over ConnectX is refused", machine(twoNICs), wanted: .mana, is: nil, why: "requires a MANA port"),
    PMDCase("vfio over a NETVSC is refused", machine(twoNICs), wanted: .vfio, is: nil, why: "not on the PCI bus"),
    PMDCase(
      "vfio over ConnectX is refused",
      machine(
        [function("ens1", 1, id: "15b3:1017"), function("ens2", 2, id: "15b3:1017")], route: "ens1", isAzure: false),
      wanted: .vfio, is: nil, why: "stays with its kernel driver"),
    PMDCase(
      "vfio over MANA is refused",
      machine([function("e0", 1, id: "1414:00ba"), function("e1", 2, id: "1414:00ba")], route: "e0"),
      wanted: .vfio, is: nil, why: "stays with its kernel driver"),
    PMDCase(
      "failsafe over a plain NIC is refused",
      machine([function("ens1", 1, id: "8086:10d3"), function("ens2", 2, id: "8086:10d3")], route: "ens1"),
      wanted: .failsafe, is: nil, why: "requires a NETVSC"),
  ]

  static let spelled: [PMDCase] = [
    PMDCase(
      "until 20.08 the list is made with -w", machine(twoNICs, dpdk: "20.08"), is: .failsafe,
      arguments: ["-w", "0001:00:02.0", "--vdev=net_vdev_netvsc0,iface=eth1"]),
    PMDCase(
      "from 20.11 on with -a", machine(twoNICs, dpdk: "20.11"), is: .failsafe,
      arguments: ["-a", "0001:00:02.0", "--vdev=net_vdev_netvsc0,iface=eth1"]),
    PMDCase(
      "a data NIC whose VF is away leaves the bus to none but a ConnectX that comes back",
      machine(accelerated(0) + [synthetic("eth1", 1)]), is: .netvsc,
      arguments: ["-a", vmbusID(1), "-a", "ffff:ff:1f.7", ignored]),
    PMDCase(
      "with all VFs away nobody knows what comes back, and the bus is left out",
      machine([synthetic("eth0", 0), synthetic("eth1", 1)]), is: .netvsc,
      arguments: ["--no-pci", "-a", vmbusID(1), ignored]),
    PMDCase(
      "several failsafes are numbered",
      machine(twoNICs + accelerated(2)), wanted: .failsafe, is: .failsafe,
      arguments: [
        "-a", "0001:00:02.0", "-a", "0002:00:02.0", "--vdev=net_vdev_netvsc0,iface=eth1",
        "--vdev=net_vdev_netvsc1,iface=eth2",
      ]),
    PMDCase(
      "ports of one MANA function share one argument",
      machine(twoMANA + accelerated(2, id: "1414:00ba")), is: .mana,
      arguments: ["-a", vmbusID(1), "-a", vmbusID(2), "--vdev=7870:00:00.0,mac=\(mac(1)),mac=\(mac(2))", ignored]),
    PMDCase(
      "what DPDK has already is named as before",
      machine(accelerated(0) + [function("enP1s1", 1)], bound: [synthetic("eth1", 1)]), is: .netvsc,
      arguments: ["-a", vmbusID(1), "-a", "0001:00:02.0", ignored]),
    PMDCase(
      "the 8 NICs", machine((0..<8).flatMap { accelerated($0, id: "15b3:1004") }), is: .netvsc,
      arguments: (1..<8).flatMap { ["-a", vmbusID($0), "-a", "000\($0):00:02.0"] } + [ignored]),
    PMDCase(
      "off Hyper-V nothing is ignored, as nothing starts by itself",
      machine([function("ens1", 1, id: "8086:10d3")], route: "ens1", isAzure: false), is: nil, arguments: ["--no-pci"]),
    PMDCase(
      "a DPDK without net_vdev_netvsc is not told of it",
      machine(twoNICs).with { $0.dpdk.networkDrivers.removeAll { $0 == "net_vdev_netvsc" } }, is: .netvsc,
      arguments: ["-a", vmbusID(1), "-a", "0001:00:02.0"]),
  ]
}

@Suite("The PMD and its arguments")
struct PMDTests {
  @Test(arguments: PMDCase.automatic + PMDCase.asked + PMDCase.spelled)
  func choice(example: PMDCase) {
    let plan = interfacePlan(example.facts, data: example.data, pmd: example.wanted)
    #expect(plan.pmd == example.pmd)
    if example.pmd == nil, !plan.data.isEmpty { #expect(Set(plan.blockers) == ["interface.pmdUnsuitable"]) }
    let words = [plan.pmdReason] + plan.findings.flatMap { [$0.message, $0.remedy] }
    #expect(words.contains { $0.contains(example.why) }, "\(words)")
    if let arguments = example.arguments {
      #expect(plan.eal.arguments(release: example.facts.dpdk.release) == arguments)
    }
  }

  @Test("a MANA function of nine data ports is refused, as net_mana takes eight")
  func nineMANAPorts() {
    let facts = machine((0..<10).flatMap { accelerated($0, id: "1414:00ba") })
    let plan = interfacePlan(facts)
    #expect(plan.blockers == ["interface.pmdUnsuitable"])
    #expect(plan.eal.arguments() == ["--no-pci", "--vdev=net_vdev_netvsc0,ignore=1"])
    #expect(interfacePlan(facts, data: .nics(1, 2, 3, 4, 5, 6, 7, 8)).blockers.isEmpty)
  }

  @Test("each data interface shows its own part of the arguments")
  func own() {
    let plan = interfacePlan(machine(PMDCase.twoNICs + accelerated(2), dpdk: "20.08"), pmd: .failsafe)
    #expect(
      plan.data.map(\.ealArguments) == [
        ["-w", "0001:00:02.0", "--vdev=net_vdev_netvsc0,iface=eth1"],
        ["-w", "0002:00:02.0", "--vdev=net_vdev_netvsc1,iface=eth2"],
      ])
    #expect(plan.interfaces.first?.ealArguments == [])
  }
}
