@testable import Provisioning

/// A host of random make-up with its profile, and what is true of it by its making, whatever any rule finds out.
struct RandomTopology {
  /// One network interface as the platform sells it.
  struct NIC {
    /// `ifindex` of the synthetic half, or of the PCI device where there is none.
    var index: Int
    var uuid: String?
    var functionIndex: Int?
    var function: String?
    var isMANA = false
    /// Nothing is odd about it: it could carry data.
    var isClean = true
    var isBound = false
  }

  var facts = HostFacts(kernel: KernelFacts(running: "5.15.0-1089-azure", loadsModules: true))
  var profile = Profile(name: "random")
  var release = DottedNumber(numbers: [22, 11])
  var nics: [NIC] = []
  /// Positions of those that something points to without a rival: routes, sessions, the profile.
  var management: Set<Int> = []
  /// Whether the profile names a management interface that exists, or none.
  var isManagementNameable = true

  var random: SeededGenerator
  private var oddness = 0
  private var indices: [Int] = []
  private var macs = 0

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
    oddness = random.oneOf(0, 0, 5, 15, 40)
    indices = Array(2..<60).shuffled(using: &random)
    let isAzure = random.chance(75)
    if isAzure, random.chance(80) { facts.platform.chassisAssetTag = "7783-7084-3265-9085-8269-3286-77" }
    if isAzure {
      addNETVSCs(random.number(0...8))
    }
    for _ in 0..<(isAzure ? random.oneOf(0, 0, 0, 1, 2) : random.number(0...5)) { addPlainNIC() }
    if random.chance(oddness) { addInfiniBand() }
    misplaceMACs()
    splitTornNICs()
    addVirtualDevices()
    addRoutes()
    chooseProfile()
    chooseDPDK()
    facts.devices.shuffle(using: &random)
    facts.busDevices.sort { ($0.bus, $0.address) < ($1.bus, $1.address) }
  }

  // MARK: Hardware

  private mutating func newIndex() -> Int { indices.removeLast() }

  private mutating func newMAC() -> String {
    macs += 1
    return "00:0d:3a:00:"
      + [random.number(16...255), macs].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
      .joined(separator: ":")
  }

  private mutating func addNETVSCs(_ count: Int) {
    let generation = random.oneOf("15b3:1004", "15b3:1016", "15b3:1018", "15b3:101e", "1414:00ba", "1414:00ba", "mixed")
    let manaFunction = "7870:00:00.0"
    var sharedFunction: String?
    for position in 0..<count {
      let mac = newMAC()
      let hex = mac.filter { $0 != ":" }
      let uuid =
        "\(hex.prefix(8))-\(hex.suffix(4))-\(hex.prefix(4))-\(hex.dropFirst(4).prefix(4))-\(hex.suffix(4))\(hex.prefix(8))"
      var netvsc = NetworkDevice(
        name: random.chance(oddness / 5) ? "eth,\(position)" : "eth\(position)", index: newIndex(), linkType: 1,
        mac: mac, permanentMAC: mac, driver: "hv_netvsc",
        bus: "vmbus", busAddress: uuid, vmbusClass: "f8615163-df3e-46c5-913f-f2d2f965ed0e")
      if random.chance(50) { netvsc.addresses = ["10.0.\(position).4/24"] }
      var nic = NIC(index: netvsc.index, uuid: uuid)
      var bus = BusDevice(
        bus: "vmbus", address: uuid, driver: "hv_netvsc", deviceClass: "f8615163-df3e-46c5-913f-f2d2f965ed0e")

      let isBound = random.chance(oddness / 2 + 5)
      let isRecorded = isBound && random.chance(65)
      var function: NetworkDevice?
      if random.chance(80) {
        let id = generation == "mixed" ? random.oneOf("15b3:1016", "1414:00ba") : generation
        nic.isMANA = id == "1414:00ba"
        let own = "\(String(0x8000 + position * 77 + random.number(0...70), radix: 16)):00:02.0"
        let address = nic.isMANA ? manaFunction : random.chance(oddness / 3) ? sharedFunction ?? own : own
        if !nic.isMANA, sharedFunction == address { nic.isClean = false }
        if !nic.isMANA { sharedFunction = address }
        let driver = nic.isMANA ? "mana" : id == "15b3:1004" ? "mlx4_core" : "mlx5_core"
        function = NetworkDevice(
          name: "enP\(position)s1", index: newIndex(), linkType: 1, mac: mac, permanentMAC: mac,
          addresses: random.chance(30) ? ["fe80::\(position)/64"] : [], driver: driver, bus: "pci",
          busAddress: address, pciID: id, pciClass: "020000")
        nic.functionIndex = function?.index
        nic.function = address
        if !facts.busDevices.contains(where: { $0.address == address }) {
          facts.busDevices.append(
            BusDevice(bus: "pci", address: address, driver: driver, pciID: id, deviceClass: "020000"))
        }
      }
      if isBound {
        bus.driver = "uio_hv_generic"
        nic.isBound = true
        if isRecorded {
          facts.bindings.append(
            Binding(bus: "vmbus", address: uuid, driver: "uio_hv_generic", formerDriver: "hv_netvsc", device: netvsc))
        } else {
          nic.isClean = false
        }
      } else if random.chance(90) {
        function?.uppers = [netvsc.name]
        if let function { netvsc.lowers = [function.name] }
      }
      if !isBound { facts.devices.append(netvsc) }
      if let function { facts.devices.append(function) }
      facts.busDevices.append(bus)
      nics.append(nic)
    }
    for position in nics.indices where !nics[position].isMANA && nics[position].function != nil {
      if nics.filter({ $0.function == nics[position].function }).count > 1 { nics[position].isClean = false }
    }
    reuseName()
  }

  /// A bound NETVSC left its name, and another device has it now.
  private mutating func reuseName() {
    guard random.chance(30), let binding = facts.bindings.randomElement(using: &random),
      let name = binding.device?.name,
      let heir = facts.devices.indices.randomElement(using: &random), facts.devices[heir].bus == "vmbus"
    else { return }
    let former = facts.devices[heir].name
    facts.devices[heir].name = name
    for index in facts.devices.indices {
      facts.devices[index].uppers = facts.devices[index].uppers.map { $0 == former ? name : $0 }
    }
  }

  private mutating func addPlainNIC() {
    let position = nics.count
    let mac = newMAC()
    let id = random.oneOf("8086:10d3", "8086:158b", "15b3:1017", "15b3:1003", "15b3:101d", "1af4:1041", "1414:00ba")
    let drivers = [
      "8086:10d3": "e1000e", "8086:158b": "i40e", "15b3:1017": "mlx5_core", "15b3:1003": "mlx4_core",
      "15b3:101d": "mlx5_core", "1af4:1041": "virtio_net",
    ]
    let address = id == "1414:00ba" ? "7870:00:00.0" : "0000:\(10 + position):00.0"
    var device = NetworkDevice(
      name: "ens\(position)", index: newIndex(), linkType: 1, mac: mac, permanentMAC: mac,
      driver: drivers[id] ?? "mana",
      bus: "pci", busAddress: address, pciID: id, pciClass: "020000")
    if id == "1af4:1041" {
      device.bus = "virtio"
      device.busAddress = "virtio\(position)"
      device.virtioFunction = address
      device.pciID = nil
      device.pciClass = nil
    }
    if random.chance(25) { device.addresses = ["192.0.2.\(position)/24"] }
    var nic = NIC(index: device.index, function: address, isMANA: id == "1414:00ba")
    var bus = BusDevice(
      bus: "pci", address: address, driver: id == "1af4:1041" ? "virtio-pci" : device.driver, pciID: id,
      deviceClass: "020000")
    let isShared = facts.busDevices.contains { $0.address == address }
    if id.hasPrefix("8086") || id.hasPrefix("1af4"), random.chance(20) {
      nic.isBound = true
      if random.chance(60) {
        facts.bindings.append(
          Binding(bus: "pci", address: address, driver: "vfio-pci", formerDriver: bus.driver, device: device))
      } else {
        nic.isClean = false
      }
      bus.driver = "vfio-pci"
    } else {
      facts.devices.append(device)
    }
    // A card with two ports on one function.
    if id == "15b3:1003", random.chance(40) {
      let second = newMAC()
      nic.isClean = false
      let index = newIndex()
      facts.devices.append(
        NetworkDevice(
          name: "ens\(position)d1", index: index, linkType: 1, mac: second, permanentMAC: second,
          driver: "mlx4_core", bus: "pci", busAddress: address, pciID: id, pciClass: "020000"))
      nics.append(NIC(index: index, function: address, isClean: false))
    }
    if !isShared { facts.busDevices.append(bus) }
    nics.append(nic)
  }

  private mutating func addInfiniBand() {
    let address = "0101:00:02.0"
    facts.devices.append(
      NetworkDevice(
        name: "ib0", index: newIndex(), linkType: 32, driver: "mlx5_core", bus: "pci", busAddress: address,
        pciID: "15b3:101a", pciClass: "020700"))
  }

  /// Links that mislead, and addresses that others have as well.
  private mutating func misplaceMACs() {
    let hardware = facts.devices.indices
    guard hardware.count > 1 else { return }
    for index in hardware where random.chance(oddness / 5) {
      guard let other = random.pick(hardware), other != index else { continue }
      let before = facts.devices[index]
      switch random.number(0...3) {
      case 0: facts.devices[index].mac = facts.devices[other].mac
      case 1:
        facts.devices[index].mac = facts.devices[other].mac
        facts.devices[index].permanentMAC = facts.devices[other].permanentMAC
      case 2 where before.bus == "pci": facts.devices[index].uppers = [facts.devices[other].name]
      default: facts.devices[index].mac = newMAC()
      }
      markOdd([index, other])
      // Whoever has the address that was given away, or got a second holder, is odd as well.
      let addresses = Set([before.mac, facts.devices[index].mac, facts.devices[other].mac].compactMap { $0 })
      markOdd(hardware.filter { facts.devices[$0].mac.map(addresses.contains) ?? false })
    }
  }

  /// Halves that neither a link nor an address joins any more are two interfaces: nobody could tell otherwise.
  private mutating func splitTornNICs() {
    for position in nics.indices {
      let nic = nics[position]
      guard nic.uuid != nil, let functionIndex = nic.functionIndex,
        let function = facts.devices.first(where: { $0.index == functionIndex })
      else { continue }
      let live = facts.devices.first { $0.index == nic.index }
      let synthetic = live ?? facts.bindings.first { $0.device?.index == nic.index }?.device
      let macs = [synthetic?.mac, synthetic?.permanentMAC].compactMap { $0 }
      if let live, function.uppers.contains(live.name) { continue }
      if [function.mac, function.permanentMAC].contains(where: { $0.map(macs.contains) ?? false }) { continue }
      nics[position].function = nil
      nics[position].functionIndex = nil
      nics[position].isClean = false
      nics.append(NIC(index: functionIndex, function: nic.function, isMANA: nic.isMANA, isClean: false))
    }
  }

  private mutating func markOdd(_ positions: [Int]) {
    let odd = Set(positions.map { facts.devices[$0].index })
    let names = Set(positions.flatMap { facts.devices[$0].uppers + [facts.devices[$0].name] })
    let macs = Set(positions.flatMap { [facts.devices[$0].mac, facts.devices[$0].permanentMAC] })
    for nic in nics.indices {
      let device = facts.devices.first { $0.index == nics[nic].index }
      let recorded = facts.bindings.first { $0.device?.index == nics[nic].index }?.device
      if odd.contains(nics[nic].index) || nics[nic].functionIndex.map(odd.contains) ?? false
        || device.map({ names.contains($0.name) }) ?? false || recorded.map({ macs.contains($0.mac) }) ?? false
      {
        nics[nic].isClean = false
      }
    }
  }
}

extension RandomTopology {
  mutating func append(_ device: NetworkDevice) { facts.devices.append(device) }

  /// Puts a new virtual device on others, which are then part of it.
  @discardableResult
  mutating func addVirtual(_ name: String, kind: String, mac: String?, on lowers: [Int], joins: Bool = true) -> Int {
    let names = lowers.map { facts.devices[$0].name }
    if joins {
      for lower in lowers {
        facts.devices[lower].uppers.append(name)
        let device = facts.devices[lower]
        for nic in nics.indices
        where nics[nic].index == device.index || nics[nic].functionIndex == device.index {
          nics[nic].isClean = false
        }
      }
    }
    facts.devices.append(
      NetworkDevice(
        name: name, index: 100 + facts.devices.count, linkType: 1, kind: kind, mac: mac, lowers: joins ? names : []))
    return facts.devices.count - 1
  }
}
