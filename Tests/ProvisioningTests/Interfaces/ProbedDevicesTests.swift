import Foundation
import Testing

@testable import Provisioning

/// Thousands of random hosts, each against a model of what DPDK opens there.
///
/// `TOPOLOGY_SEED=N` repeats one of them, `TOPOLOGY_COUNT=N` takes more.
@Suite("On random hosts")
struct ProbedDevicesTests {
  typealias Host = (topology: RandomTopology, plan: InterfacePlan)

  static let hosts: [(seed: UInt64, host: Host)] = {
    let environment = ProcessInfo.processInfo.environment
    let count = environment["TOPOLOGY_COUNT"].flatMap(UInt64.init) ?? 2400
    let seeds = environment["TOPOLOGY_SEED"].flatMap(UInt64.init).map { [$0] } ?? Array(0..<count)
    return seeds.map { seed in
      let topology = RandomTopology(seed: seed)
      return (seed, (topology, planInterfaces(topology.profile, on: topology.facts)))
    }
  }()

  /// Judges every host; the first that is not as it should be is told in full, of the others the seed.
  func forEach(_ judge: (RandomTopology, InterfacePlan) -> [String]) {
    let wrong = Self.hosts.map { ($0.seed, $0.host, judge($0.host.topology, $0.host.plan)) }.filter { !$0.2.isEmpty }
    guard let (seed, host, faults) = wrong.first else { return }
    let others = wrong.dropFirst().prefix(20).map { "\($0.0)" }.joined(separator: " ")
    Issue.record(
      """
      seed \(seed): \(faults.joined(separator: "; ")) (\(wrong.count) hosts, with \(others))
      \(description(host.topology, host.plan))
      """)
  }

  @Test("all kinds of hosts are among them")
  func kinds() {
    func count(_ matches: (RandomTopology, InterfacePlan) -> Bool) -> Int {
      Self.hosts.count { matches($0.host.topology, $0.host.plan) }
    }
    guard Self.hosts.count >= 2000 else { return }
    for pmd in DataPMD.allCases {
      #expect(count { $1.pmd == pmd && !$1.isBlocked } > Self.hosts.count / 200, "pmd \(pmd)")
    }
    for id in [
      "interface.managementUnknown", "interface.ambiguousPair", "interface.strayBinding", "interface.pmdUnsuitable",
      "interface.dataIsManagement", "interface.tooFew", "interface.unusable", "interface.noVirtualFunction",
      "interface.unpairedVirtualFunction",
    ] {
      #expect(count { $1.findings.contains { $0.id == id } } > Self.hosts.count / 100, "\(id)")
    }
    #expect(count { !$1.isBlocked && $1.data.count > 2 } > Self.hosts.count / 20)
    #expect(count { $1.data.contains { $0.interface.binding != nil } && !$1.isBlocked } > Self.hosts.count / 50)
  }

  @Test("DPDK opens exactly the data interfaces")
  func exactlyData() {
    forEach { topology, plan in
      let meant = MeantDevices(plan)
      let opened = scan(topology, plan)
      let stray = opened.vmbus.subtracting(meant.vmbus).filter { uuid in
        !plan.findings.contains { $0.id == "interface.strayBinding" && $0.message.contains(uuid) }
      }
      var wrong: [String] = []
      if !stray.isEmpty { wrong.append("unreported NETVSCs \(stray.sorted())") }
      let netdevs = opened.netdevs.subtracting(meant.netdevs)
      let functions = opened.functions.subtracting(meant.functions)
      if !netdevs.isEmpty { wrong.append("too many interfaces \(netdevs.sorted())") }
      if !functions.isEmpty { wrong.append("too many functions \(functions.sorted())") }
      guard !plan.isBlocked, meant.drivers.isSubset(of: topology.facts.dpdk.networkDrivers) else { return wrong }
      if !opened.vmbus.isSuperset(of: meant.vmbus) || !opened.functions.isSuperset(of: meant.functions)
        || !opened.netdevs.isSuperset(of: meant.netdevs)
      {
        wrong.append("too few: \(opened.vmbus) \(opened.functions) \(opened.netdevs)")
      }
      return wrong + opened.complaints
    }
  }

  @Test("nothing of a management interface is opened, blocked or not")
  func neverManagement() {
    forEach { topology, plan in
      let opened = scan(topology, plan)
      return topology.management.sorted().map { topology.nics[$0] }.flatMap { nic -> [String] in
        var wrong: [String] = []
        if let uuid = nic.uuid, opened.vmbus.contains(uuid),
          !plan.findings.contains(where: { $0.id == "interface.strayBinding" && $0.message.contains(uuid) })
        {
          wrong.append("management's \(uuid) is opened")
        }
        let halves = Set([nic.index] + [nic.functionIndex].compactMap { $0 })
        if !opened.netdevs.isDisjoint(with: halves) { wrong.append("management's interface is opened") }
        if let function = nic.function, !nic.isMANA, opened.functions.contains(function) {
          wrong.append("management's \(function) is opened")
        }
        return wrong
      }
    }
  }

  @Test("a VF that comes back brings nothing of management with it")
  func comingBack() {
    forEach { topology, plan in
      var host = ScannedHost(topology, applying: plan)
      let mana = host.busDevices.first { $0.pciID == "1414:00ba" }?.address
      for interface in plan.data.map(\.interface) where interface.isNETVSC && interface.virtualFunction == nil {
        host.netdevs.append(
          NetworkDevice(
            name: "back\(interface.device.index)", index: 800 + interface.device.index, linkType: 1, mac: interface.mac,
            bus: "pci", busAddress: mana ?? "9999:00:02.0"))
      }
      let arguments = plan.eal.arguments(release: topology.release)
      let opened = EALScan(arguments, release: topology.release, on: host)
      let management = topology.management.map { topology.nics[$0] }.flatMap { [$0.index, $0.functionIndex] }
      return opened.netdevs.filter(management.contains).map { "interface \($0) is opened" }
    }
  }

  @Test("no argument names management's function, but for the MAC addresses of others on it")
  func neverNamed() {
    forEach { topology, plan in
      let words = plan.eal.arguments(release: topology.release)
      return topology.management.sorted().map { topology.nics[$0] }.flatMap { nic -> [String] in
        guard let function = nic.function else { return [] }
        let macs = topology.facts.devices.filter { [nic.index, nic.functionIndex].contains($0.index) }.compactMap(\.mac)
        return words.filter { word in
          guard word.contains(function) else { return false }
          return !nic.isMANA || !word.contains("mac=") || macs.contains { word.contains($0) }
        }
      }
    }
  }

  @Test("every interface that nothing speaks against carries data")
  func nothingWasted() {
    forEach { topology, plan in
      guard topology.profile.interfaces.data == .auto,
        !plan.findings.contains(where: { $0.id == "interface.managementUnknown" })
      else { return [] }
      let routed = topology.facts.routing.defaultRoutes.reduce(into: Set<Int>()) { found, route in
        found.formUnion(topology.nics(below: route.interface))
      }
      let hasNETVSC = topology.facts.devices.contains { $0.bus == "vmbus" } || !topology.facts.bindings.isEmpty
      return topology.nics.enumerated().compactMap { position, nic in
        guard nic.isClean, !topology.management.contains(position), !routed.contains(position),
          nic.uuid != nil || !hasNETVSC
        else { return nil }
        guard let planned = plan.interfaces.first(where: { $0.interface.device.index == nic.index }) else {
          return "NIC \(position) is nowhere"
        }
        if planned.interface.device.addresses.contains(where: { !$0.hasPrefix("fe80") }), nic.uuid == nil { return nil }
        guard planned.role == .data else { return "\(planned.interface.name) is \(planned.role): \(planned.reason)" }
        return planned.interface.virtualFunction?.index == nic.functionIndex
          ? nil : "\(planned.interface.name) lost its VF"
      }
    }
  }

  @Test("order decides nothing")
  func order() {
    forEach { topology, plan in
      var topology = topology
      topology.facts.devices.shuffle(using: &topology.random)
      topology.facts.busDevices.shuffle(using: &topology.random)
      topology.facts.bindings.shuffle(using: &topology.random)
      topology.facts.routing.defaultRoutes.shuffle(using: &topology.random)
      let shuffled = planInterfaces(topology.profile, on: topology.facts)
      var wrong: [String] = []
      if shuffled.eal != plan.eal { wrong.append("arguments differ: \(shuffled.eal)") }
      if shuffled.pmd != plan.pmd { wrong.append("PMD differs") }
      if roles(shuffled) != roles(plan) { wrong.append("roles differ: \(roles(shuffled)) from \(roles(plan))") }
      let ids = { (plan: InterfacePlan) in plan.findings.map { "\($0.id) \($0.subject)" }.sorted() }
      if ids(shuffled) != ids(plan) { wrong.append("findings differ: \(ids(shuffled))") }
      return wrong
    }
  }

  @Test("names decide nothing")
  func names() {
    forEach { topology, plan in
      if case .name = topology.profile.interfaces.management { return [] }
      let renamed = topology.renamed()
      let other = planInterfaces(renamed.profile, on: renamed.facts)
      var wrong: [String] = []
      if roles(other) != roles(plan) { wrong.append("roles differ: \(roles(other)) from \(roles(plan))") }
      if other.eal.allowed != plan.eal.allowed || other.eal.virtual.count != plan.eal.virtual.count {
        wrong.append("arguments differ: \(other.eal) from \(plan.eal)")
      }
      if other.findings.map(\.id).sorted() != plan.findings.map(\.id).sorted() { wrong.append("findings differ") }
      return wrong
    }
  }

  @Test("a virtual device with management's MAC address changes nothing")
  func virtualTwin() {
    forEach { topology, plan in
      var facts = topology.facts
      for (number, planned) in plan.interfaces.enumerated() where planned.role == .management {
        facts.devices.append(
          NetworkDevice(
            name: "twin\(number)", index: 900 + number, linkType: 1, kind: "dummy", mac: planned.interface.mac))
      }
      let other = planInterfaces(topology.profile, on: facts)
      let known = roles(other).filter { $0.key < 900 }
      return known == roles(plan) && other.eal == plan.eal ? [] : ["roles or arguments differ"]
    }
  }

  private func scan(_ topology: RandomTopology, _ plan: InterfacePlan) -> EALScan {
    EALScan(
      plan.eal.arguments(release: topology.release), release: topology.release,
      on: ScannedHost(topology, applying: plan))
  }

  /// Role, VF and binding of each interface, by its index.
  private func roles(_ plan: InterfacePlan) -> [Int: String] {
    var roles: [Int: String] = [:]
    for planned in plan.interfaces where planned.interface.device.index > 0 {
      roles[planned.interface.device.index, default: ""] +=
        "\(planned.role) \(planned.interface.virtualFunction?.index ?? 0) \(planned.interface.binding?.address ?? "-")"
    }
    return roles
  }

  private func description(_ topology: RandomTopology, _ plan: InterfacePlan) -> String {
    let facts = topology.facts
    let devices = (facts.devices + facts.bindings.compactMap(\.device)).map {
      "  \($0.index) \($0.name) \($0.busAddress ?? $0.kind ?? "-") \($0.pciID ?? "") \($0.mac ?? "-")"
        + " (\($0.permanentMAC ?? "-")) up \($0.uppers) low \($0.lowers) \($0.addresses)"
    }
    let planned = plan.interfaces.map {
      "  \($0.role) \($0.interface.name) VF \($0.interface.virtualFunction?.name ?? "-"): \($0.reason)"
    }
    return
      (["profile \(topology.profile.interfaces)", "routing \(facts.routing)", "drivers \(facts.dpdk.networkDrivers)"]
      + devices + facts.busDevices.map { "  \($0.address) \($0.driver ?? "-")" }
      + ["DPDK \(topology.release), pmd \(plan.pmd.map(\.rawValue) ?? "none"): \(plan.eal)"] + planned
      + plan.findings.map { "  \($0.severity) \($0.id) \($0.subject): \($0.message)" }).joined(separator: "\n")
  }
}

extension InterfacePlan {
  var isBlocked: Bool { findings.contains { $0.severity == .blocker } }
}

extension RandomTopology {
  /// The same host, with another name for every interface.
  func renamed() -> RandomTopology {
    var renamed = self
    var names: [String: String] = ["lo": "lo"]
    for (position, device) in facts.devices.enumerated() where device.name != "lo" {
      names[device.name] = "if\(device.name.contains(",") ? "," : "")\(position)x\(renamed.random.number(100...999))"
    }
    func new(_ name: String) -> String { names[name] ?? name }
    for index in renamed.facts.devices.indices {
      renamed.facts.devices[index].name = new(renamed.facts.devices[index].name)
      renamed.facts.devices[index].uppers = renamed.facts.devices[index].uppers.map(new)
      renamed.facts.devices[index].lowers = renamed.facts.devices[index].lowers.map(new)
    }
    // Whoever is gone from the kernel has a name that nobody else has, or one that somebody got since.
    let taken = renamed.facts.devices.map(\.name)
    for index in renamed.facts.bindings.indices {
      let name = renamed.random.chance(50) ? "gone\(index)" : renamed.random.pick(taken)
      renamed.facts.bindings[index].device?.name = name ?? "gone"
    }
    let routing = facts.routing
    renamed.facts.routing = Routing(
      defaultRoutes: routing.defaultRoutes.map {
        DefaultRoute($0.family, interface: new($0.interface), metric: $0.metric, gateway: $0.gateway)
      },
      ways: routing.ways.map { Way(destination: $0.destination, interface: $0.interface.map(new)) },
      sessions: routing.sessions.map { RemoteSession(local: $0.local, peer: $0.peer, interface: $0.interface.map(new)) }
    )
    return renamed
  }
}
