@testable import Provisioning

/// What DPDK finds on a host when it starts: the kernel's interfaces, and the devices of the two buses.
struct ScannedHost {
  var netdevs: [NetworkDevice]
  var busDevices: [BusDevice]
  var isHyperV: Bool
  /// As their libraries are called: `net_mlx5`.
  var drivers: Set<String>
}

/// What DPDK opens by a command line: a model of EAL's buses and of the drivers that matter here.
///
/// It is written from DPDK's sources and shares nothing with the code that makes the arguments:
/// `eal_common_devargs.c` and `eal_common_bus.c` (an entry that names a device of a bus turns the bus to its list; of
/// several entries for one device the first counts), `pci_common.c`, `vmbus_common.c` (no list at all), `mana.c`,
/// `mlx4.c`, `mlx5_os.c`, `vdev_netvsc.c`. Where DPDK takes one of several by chance, the model takes all.
struct EALScan {
  /// UUIDs that net_netvsc opened.
  private(set) var vmbus: Set<String> = []
  /// PCI functions that a driver opened, with a port or without.
  private(set) var functions: Set<String> = []
  /// `ifindex` of interfaces that packets are taken from: ports of functions, and NETVSCs below a failsafe.
  private(set) var netdevs: Set<Int> = []
  /// Why EAL would not start, or an entry would come to nothing.
  private(set) var complaints: [String] = []

  private let host: ScannedHost
  private var hasPCI = true
  private var named: [(bus: Bus, name: String, keys: [(key: String, value: String)])] = []

  private enum Bus { case pci, vmbus, vdev }

  init(_ arguments: [String], release: DottedNumber, on host: ScannedHost) {
    self.host = host
    read(arguments, release: release)
    if hasPCI { probePCI() }
    probeVMBus()
    probeVirtual()
  }

  private mutating func read(_ arguments: [String], release: DottedNumber) {
    let knowsAllow = release >= DottedNumber(numbers: [20, 11])
    let knowsWhitelist = release < DottedNumber(numbers: [21, 11])
    var words = arguments[...]
    while let word = words.popFirst() {
      switch word {
      case "--no-pci": hasPCI = false
      case "-a" where knowsAllow, "-w" where knowsWhitelist:
        guard let device = words.popFirst() else { return complaints.append("\(word) without a device") }
        name(device)
      case let word where word.hasPrefix("--vdev="): name(String(word.dropFirst("--vdev=".count)))
      default: complaints.append("unknown: \(word)")
      }
    }
  }

  private mutating func name(_ entry: String) {
    var parts = entry.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    let name = parts.removeFirst()
    let keys = parts.map { part -> (key: String, value: String) in
      let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      return (halves[0], halves.count > 1 ? halves[1] : "")
    }
    named.append((bus(of: name), name, keys))
  }

  private func bus(of name: String) -> Bus {
    if name.split(separator: "-").map(\.count) == [8, 4, 4, 4, 12] { return .vmbus }
    let parts = name.split(whereSeparator: { $0 == ":" || $0 == "." })
    return parts.count == 4 && parts.allSatisfy { $0.allSatisfy(\.isHexDigit) } ? .pci : .vdev
  }

  private mutating func probePCI() {
    let listed = named.filter { $0.bus == .pci }
    for device in host.busDevices where device.bus == "pci" {
      let entry = listed.first { $0.name == device.address }
      if listed.isEmpty || entry != nil {
        openFunction(device, macs: entry?.keys.filter { $0.key == "mac" }.map(\.value))
      }
    }
  }

  private mutating func openFunction(_ device: BusDevice, macs: [String]?) {
    if let driver = bifurcatedDriver(of: device) {
      guard host.drivers.contains(driver) else { return }
      let ports = host.netdevs.filter {
        $0.bus == "pci" && $0.busAddress == device.address && ($0.linkType ?? 1) == 1
      }
      let chosen = driver == "net_mana" ? macs ?? [] : []
      // "Support of parsing up to 8 mac address from EAL command line".
      guard chosen.count <= 8 else { return complaints.append("\(device.address): more than 8 mac=") }
      let opened = ports.filter { port in chosen.isEmpty || chosen.contains { $0 == port.mac } }
      functions.insert(device.address)
      netdevs.formUnion(opened.map(\.index))
    } else if ["vfio-pci", "uio_pci_generic", "igb_uio"].contains(device.driver) {
      functions.insert(device.address)
    }
  }

  /// The drivers that work beside the kernel's own, by the identifiers in their tables.
  private func bifurcatedDriver(of device: BusDevice) -> String? {
    switch (device.pciID, device.driver) {
    case ("1414:00ba", "mana"): "net_mana"
    case ("15b3:1003", "mlx4_core"), ("15b3:1004", "mlx4_core"), ("15b3:1007", "mlx4_core"): "net_mlx4"
    case (let id?, "mlx5_core") where id.hasPrefix("15b3:"): "net_mlx5"
    default: nil
    }
  }

  private mutating func probeVMBus() {
    guard host.drivers.contains("net_netvsc") else { return }
    vmbus.formUnion(
      host.busDevices.filter { $0.bus == "vmbus" && $0.driver == "uio_hv_generic" }.map(\.address))
  }

  private mutating func probeVirtual() {
    let own = named.filter { $0.bus == .vdev && $0.name.hasPrefix("net_vdev_netvsc") }
    guard host.drivers.contains("net_vdev_netvsc") else {
      if !own.isEmpty { complaints.append("no driver for \(own[0].name)") }
      return
    }
    let netvscs = host.netdevs.filter {
      $0.vmbusClass == "f8615163-df3e-46c5-913f-f2d2f965ed0e" && $0.linkType == 1
    }
    if own.isEmpty, host.isHyperV { takeOver(netvscs.filter(\.addresses.isEmpty)) }
    for entry in own where !entry.keys.contains(where: { $0.key == "ignore" && $0.value == "1" }) {
      let chosen = netvscs.filter { netvsc in
        entry.keys.contains { $0 == ("iface", netvsc.name) } || entry.keys.contains { $0 == ("mac", netvsc.mac ?? "") }
      }
      if chosen.isEmpty { complaints.append("\(entry.name) finds no NETVSC") }
      // The name is handed on to net_tap, inside parentheses and between commas.
      for netvsc in chosen where netvsc.name.contains(where: { ",()".contains($0) }) {
        complaints.append("net_tap cannot be told '\(netvsc.name)'")
      }
      takeOver(chosen)
    }
  }

  /// One failsafe each: a TAP on the NETVSC, and the PCI function of its MAC address, whatever the list says.
  private mutating func takeOver(_ netvscs: [NetworkDevice]) {
    guard host.drivers.contains("net_failsafe") else { return }
    for netvsc in netvscs {
      netdevs.insert(netvsc.index)
      for function in host.netdevs
      where function.bus == "pci" && function.linkType == 1 && function.mac == netvsc.mac && hasPCI {
        for device in host.busDevices where device.bus == "pci" && device.address == function.busAddress {
          openFunction(device, macs: nil)
        }
      }
    }
  }
}
