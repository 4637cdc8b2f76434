import Testing

@testable import Provisioning

/// Machines that were seen in the field, with their names, addresses and order of devices.
struct FieldMachine: CustomTestStringConvertible {
  var testDescription: String
  /// Name, end of the MAC address, in the order of `ifindex` from 2 on.
  var synthetics: [(name: String, mac: String)]
  /// In the order of `ifindex` after them.
  var functions: [(name: String, mac: String, address: String)]
  var prefix: String
  var id: String
  /// Whether each VF has an fe80:: address.
  var hasLinkLocal = false
  var isLinked = true

  static let all: [FieldMachine] = [
    FieldMachine(
      testDescription: "8 ConnectX-3, first boot: one VF is called eth8",
      synthetics: [
        ("eth0", "e1:68"), ("eth1", "e2:21"), ("eth2", "e1:27"), ("eth3", "e2:1c"), ("eth4", "e1:28"),
        ("eth5", "e0:d3"), ("eth6", "e1:4d"), ("eth7", "e0:37"),
      ],
      functions: [
        ("enP34343s4", "e2:1c", "8627:00:02.0"), ("enP24914s6", "e0:d3", "6152:00:02.0"),
        ("enP51894s7", "e1:4d", "cab6:00:02.0"), ("eth8", "e1:28", "3ce7:00:02.0"),
        ("enP36420s8", "e0:37", "8e44:00:02.0"), ("enP46228s1", "e1:68", "b494:00:02.0"),
        ("enP38294s3", "e1:27", "9596:00:02.0"), ("enP13704s2", "e2:21", "3588:00:02.0"),
      ], prefix: "7c:ed:8d:45", id: "15b3:1004"),
    FieldMachine(
      testDescription: "8 ConnectX-3, next boot: other names and other PCI addresses for the same MAC addresses",
      synthetics: [
        ("eth0", "e1:68"), ("eth2", "e2:21"), ("eth3", "e1:27"), ("eth4", "e2:1c"), ("eth1", "e1:28"),
        ("eth5", "e0:d3"), ("eth6", "e1:4d"), ("eth7", "e0:37"),
      ],
      functions: [
        ("enP2747s5", "e1:28", "0abb:00:02.0"), ("enP22454s2", "e2:21", "57b6:00:02.0"),
        ("enP37520s6", "e0:d3", "9290:00:02.0"), ("enP40170s1", "e1:68", "9cea:00:02.0"),
        ("enP7895s3", "e1:27", "1ed7:00:02.0"), ("enP40857s8", "e0:37", "9f99:00:02.0"),
        ("enP44527s7", "e1:4d", "adef:00:02.0"), ("enP47182s4", "e2:1c", "b84e:00:02.0"),
      ], prefix: "7c:ed:8d:45", id: "15b3:1004"),
    FieldMachine(
      testDescription: "2 ConnectX-4 Lx", synthetics: [("eth0", "f0:ce"), ("eth1", "f6:cb")],
      functions: [("enP31819s1", "f0:ce", "7c4b:00:02.0"), ("enP41968s2", "f6:cb", "a3f0:00:02.0")],
      prefix: "7c:1e:52:3e", id: "15b3:1016"),
    FieldMachine(
      testDescription: "2 ConnectX-5 whose VFs have fe80:: addresses, the second before the first",
      synthetics: [("eth0", "55:d2"), ("eth1", "5c:a6")],
      functions: [("enP6757s2", "5c:a6", "1a65:00:02.0"), ("enP37498s1", "55:d2", "927a:00:02.0")],
      prefix: "7c:1e:52:25", id: "15b3:1018", hasLinkLocal: true),
    FieldMachine(
      testDescription: "2 MANA ports on one function, renamed", synthetics: [("e2", "48:a8"), ("e3", "4d:8b")],
      functions: [("vf_eth0", "48:a8", "7870:00:00.0"), ("vf_eth1", "4d:8b", "7870:00:00.0")], prefix: "70:a8:a5:31",
      id: "1414:00ba"),
    FieldMachine(
      testDescription: "MANA whose VF was not linked when udev looked",
      synthetics: [("eth0", "c2:8c"), ("eth1", "b4:0a")],
      functions: [("enP30832p0s0", "c2:8c", "7870:00:00.0"), ("enP30832p0s0d1", "b4:0a", "7870:00:00.0")],
      prefix: "00:22:48:71", id: "1414:00ba", isLinked: false),
  ]

  /// - Parameter named: what each device is called; without it, as it was found.
  func facts(named: (String) -> String = { $0 }) -> HostFacts {
    var devices = synthetics.enumerated().map { position, half in
      synthetic(named(half.name), position + 1, addresses: ["10.0.0.\(position + 4)/24"]).with {
        $0.index = position + 2
        $0.mac = "\(prefix):\(half.mac)"
        $0.permanentMAC = $0.mac
      }
    }
    for (position, half) in functions.enumerated() {
      let owner = synthetics.first { $0.mac == half.mac }?.name ?? ""
      devices.append(
        function(named(half.name), 0, of: isLinked ? named(owner) : nil, id: id, at: half.address).with {
          $0.index = position + 2 + synthetics.count
          $0.mac = "\(prefix):\(half.mac)"
          $0.permanentMAC = $0.mac
          if hasLinkLocal { $0.addresses = ["fe80::\(position)/64"] }
        })
    }
    return machine(devices, route: named(synthetics[0].name))
  }
}

@Suite("Machines of the field")
struct FieldMachineTests {
  @Test("every pair is found", arguments: FieldMachine.all)
  func pairs(machine: FieldMachine) {
    check(machine.facts(), machine)
  }

  @Test("every pair is found whatever the devices are called", arguments: FieldMachine.all)
  func renamed(machine: FieldMachine) {
    var random = SeededGenerator(seed: 5)
    for _ in 0..<20 {
      // Names of the kind that udev gives, handed out by chance: a VF is as likely `eth3` as `enP7s1`.
      let names = (machine.synthetics.map(\.name) + machine.functions.map(\.name)).shuffled(using: &random)
      let former = machine.synthetics.map(\.name) + machine.functions.map(\.name)
      let new = Dictionary(uniqueKeysWithValues: zip(former, names))
      check(machine.facts { new[$0] ?? $0 }, machine)
    }
  }

  private func check(_ facts: HostFacts, _ machine: FieldMachine) {
    let plan = interfacePlan(facts)
    #expect(plan.interfaces.count == machine.synthetics.count)
    for planned in plan.interfaces {
      #expect(planned.interface.isNETVSC)
      #expect(planned.interface.virtualFunction?.mac == planned.interface.mac)
    }
    #expect(plan.blockers.isEmpty)
    #expect(plan.interfaces.map(\.role) == [.management] + machine.synthetics.dropFirst().map { _ in .data })
    let managed = facts.devices.first { $0.mac == plan.interfaces[0].interface.mac && $0.bus == "pci" }
    let words = plan.eal.arguments()
    if machine.id == "1414:00ba" {
      #expect(!words.contains { $0.contains(managed?.mac ?? "") })
    } else {
      #expect(!words.contains(managed?.busAddress ?? ""))
    }
  }
}
