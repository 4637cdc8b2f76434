import Provisioning

extension RandomTopology {
  /// Bonds, VLANs, bridges, tunnels: over hardware or over each other.
  mutating func addVirtualDevices() {
    append(NetworkDevice(name: "lo", index: 1, linkType: 772, addresses: ["127.0.0.1/8"]))
    for number in 0..<random.oneOf(0, 0, 1, 2, 3) {
      let below = facts.devices.indices.filter { facts.devices[$0].name != "lo" }
      guard let first = random.pick(below) else { continue }
      let mac = facts.devices[first].mac
      switch random.number(0...5) {
      case 0:
        let second = random.pick(below) ?? first
        addVirtual("bond\(number)", kind: "bond", mac: mac, on: Array(Set([first, second])))
      case 1: addVirtual("\(facts.devices[first].name).\(number)", kind: "vlan", mac: mac, on: [first])
      case 2: addVirtual("br\(number)", kind: "bridge", mac: mac, on: [first])
      case 3: addVirtual("mv\(number)", kind: "macvlan", mac: mac, on: [first])
      case 4: addVirtual("veth\(number)", kind: "veth", mac: "02:00:00:00:00:0\(number)", on: [], joins: false)
      default: addVirtual("tun\(number)", kind: "tun", mac: nil, on: [], joins: false)
      }
    }
  }

  /// The NICs that a device is, or is made of, by how it was built.
  func nics(below name: String) -> Set<Int> {
    var found: Set<Int> = []
    for device in facts.devices where device.name == name {
      for (position, nic) in nics.enumerated() {
        // Ports of one function that is no MANA are one piece of hardware.
        if nic.index == device.index || nic.functionIndex == device.index { found.insert(position) }
      }
      if device.bus == nil { for lower in device.lowers { found.formUnion(nics(below: lower)) } }
    }
    return found
  }

  mutating func addRoutes() {
    let names = facts.devices.map(\.name)
    guard !names.isEmpty else { return }
    // Mostly a host is reached by hardware or what is built on it.
    let likely = names.filter { !nics(below: $0).isEmpty }
    func target(_ random: inout SeededGenerator) -> String {
      random.chance(93) ? random.pick(likely) ?? names[0] : random.pick(names) ?? names[0]
    }
    for _ in 0..<random.oneOf(0, 1, 1, 1, 2, 3, 4) {
      facts.routing.defaultRoutes.append(
        DefaultRoute(
          random.chance(75) ? .ipv4 : .ipv6, interface: target(&random), metric: random.oneOf(0, 100, 100, 200, 1024))
      )
    }
    for destination in Routing.platformAddresses where random.chance(50) {
      facts.routing.ways.append(
        Way(
          destination: destination,
          interface: random.chance(90) ? facts.routing.defaultRoutes.first?.interface : target(&random)))
    }
    for _ in 0..<random.oneOf(0, 0, 0, 1, 2) {
      let name = target(&random)
      if random.chance(20) {
        facts.routing.sessions.append(RemoteSession(local: "127.0.0.1", peer: "127.0.0.1", interface: "lo"))
      } else if let holder = facts.devices.firstIndex(where: { $0.name == name }) {
        facts.devices[holder].addresses.append("198.51.100.\(holder)/32")
        facts.routing.sessions.append(
          RemoteSession(
            local: "198.51.100.\(holder)", peer: "203.0.113.9", interface: random.chance(80) ? name : target(&random)))
        management.formUnion(nics(below: name))
      }
    }
    for way in facts.routing.ways { management.formUnion(way.interface.map(nics(below:)) ?? []) }
    for session in facts.routing.sessions { management.formUnion(session.interface.map(nics(below:)) ?? []) }
    for family in DefaultRoute.Family.allCases {
      let own = facts.routing.defaultRoutes.filter { $0.family == family }
      let best = Set(own.filter { $0.metric == own.map(\.metric).min() }.map(\.interface))
      if best.count == 1 { for name in best { management.formUnion(nics(below: name)) } }
    }
  }

  mutating func chooseProfile() {
    let all = facts.devices + facts.bindings.compactMap(\.device)
    let hardware = all.filter { $0.bus != nil && $0.mac != nil }
    if random.chance(40), let named = random.pick(hardware), let address = named.mac.flatMap({ MACAddress($0) }) {
      if random.chance(50) {
        profile.interfaces.management = .mac(address)
        for device in all where device.mac == named.mac { name(device) }
      } else {
        profile.interfaces.management = .name(named.name)
        for device in all where device.name == named.name { name(device) }
      }
    } else if random.chance(5) {
      profile.interfaces.management = .name("absent0")
      isManagementNameable = false
    }
    if random.chance(35), !hardware.isEmpty {
      let listed = Set(
        (0..<random.number(1...3)).compactMap { _ in random.pick(hardware)?.mac.flatMap { MACAddress($0) } })
      profile.interfaces.data = .listed(listed.sorted { $0.description < $1.description })
    } else if random.chance(5) {
      profile.interfaces.data = .none
    }
    profile.interfaces.pmd = random.pick(Profile.Interfaces.PMD.allCases + [.auto, .auto, .auto]) ?? .auto
  }

  private mutating func name(_ device: NetworkDevice) {
    for (position, nic) in nics.enumerated() where nic.index == device.index || nic.functionIndex == device.index {
      management.insert(position)
    }
  }

  mutating func chooseDPDK() {
    let text = random.oneOf("19.11", "20.08", "20.11", "21.11", "22.11", "22.11", "22.11", "23.11", "24.11")
    release = DottedNumber(text) ?? release
    let drivers = [
      "net_failsafe", "net_tap", "net_vdev_netvsc", "net_netvsc", "net_mlx4", "net_mlx5", "net_mana", "net_e1000",
      "net_i40e",
    ]
    let isWhole = random.chance(80)
    facts.dpdk = DPDKInstallation(
      libraries: [EALLibrary(path: "/usr/lib/librte_eal.so", abi: "23", release: text)],
      networkDrivers: drivers.filter { _ in isWhole || random.chance(70) })
    facts.modules = [
      KernelModule(name: "uio_hv_generic", state: random.oneOf(.loadable, .loadable, .live, .absent))
    ]
  }
}
