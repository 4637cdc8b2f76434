@testable import Provisioning

/// The MAC address of the NIC of this number.
func mac(_ nic: Int) -> String { "00:0d:3a:00:00:" + (nic < 16 ? "0" : "") + String(nic, radix: 16) }

/// The VMBus UUID of the NIC of this number.
func vmbusID(_ nic: Int) -> String { "000d3a00-00\(nic < 10 ? "0" : "")\(nic)-000d-3a00-0000000d3a00" }

/// A NETVSC.
func synthetic(_ name: String, _ nic: Int, addresses: [String] = []) -> NetworkDevice {
  NetworkDevice(
    name: name, index: 10 * nic, linkType: 1, mac: mac(nic), permanentMAC: mac(nic), addresses: addresses,
    driver: "hv_netvsc", bus: "vmbus", busAddress: vmbusID(nic), vmbusClass: BusDevice.vmbusNetworkClass)
}

/// A PCI NIC: the VF of a NETVSC where `upper` names one.
func function(
  _ name: String, _ nic: Int, of upper: String? = nil, id: String = "15b3:1016", at address: String? = nil
) -> NetworkDevice {
  let driver =
    switch id {
    case "15b3:1003", "15b3:1004", "15b3:1007": "mlx4_core"
    case let id where id.hasPrefix("15b3"): "mlx5_core"
    case "1414:00ba": "mana"
    default: "e1000e"
    }
  let place = id == "1414:00ba" ? "7870:00:00.0" : "00\(nic < 10 ? "0" : "")\(nic):00:02.0"
  return NetworkDevice(
    name: name, index: 10 * nic + 1, linkType: 1, mac: mac(nic), permanentMAC: mac(nic), driver: driver, bus: "pci",
    busAddress: address ?? place, pciID: id, pciClass: "020000", uppers: upper.map { [$0] } ?? [])
}

/// `ethN` with its VF `enPNs1`.
func accelerated(_ nic: Int, id: String = "15b3:1016") -> [NetworkDevice] {
  [synthetic("eth\(nic)", nic), function("enP\(nic)s1", nic, of: "eth\(nic)", id: id)]
}

/// A bond, a bridge, a VLAN … over others.
func virtual(_ name: String, _ kind: String, on lowers: String..., mac: String? = nil, number: Int = 900)
  -> NetworkDevice
{
  NetworkDevice(name: name, index: number, linkType: 1, kind: kind, mac: mac, lowers: lowers)
}

extension NetworkDevice {
  /// The same with something changed.
  func with(_ change: (inout NetworkDevice) -> Void) -> NetworkDevice {
    var changed = self
    change(&changed)
    return changed
  }
}

extension Binding {
  /// What `apply` records when it takes the device for DPDK.
  init(taken device: NetworkDevice) {
    let isPCI = device.bus == "pci"
    self.init(
      bus: device.bus ?? "", address: device.busAddress ?? "", driver: isPCI ? "vfio-pci" : "uio_hv_generic",
      formerDriver: device.driver, device: device)
  }
}

/// Facts of a machine with these devices and with all of DPDK; the upper and lower links are made to agree.
///
/// - Parameter route: where the only default route leaves; nil for none.
func machine(
  _ devices: [NetworkDevice], bound: [NetworkDevice] = [], route: String? = "eth0", isAzure: Bool = true,
  dpdk: String = "22.11"
) -> HostFacts {
  var facts = HostFacts(kernel: KernelFacts(running: "5.15.0-1089-azure", loadsModules: true))
  if isAzure { facts.platform.chassisAssetTag = Platform.azureChassisAssetTag }
  facts.devices = devices
  for (upper, lower) in devices.flatMap({ device in device.lowers.map { (device.name, $0) } }) {
    for index in facts.devices.indices where facts.devices[index].name == lower {
      if !facts.devices[index].uppers.contains(upper) { facts.devices[index].uppers.append(upper) }
    }
  }
  for (lower, upper) in devices.flatMap({ device in device.uppers.map { (device.name, $0) } }) {
    for index in facts.devices.indices where facts.devices[index].name == upper {
      if !facts.devices[index].lowers.contains(lower) { facts.devices[index].lowers.append(lower) }
    }
  }
  for device in devices + bound {
    guard let bus = device.bus, let address = device.busAddress,
      !facts.busDevices.contains(where: { $0.address == address })
    else { continue }
    facts.busDevices.append(
      BusDevice(
        bus: bus, address: address, driver: device.driver, pciID: device.pciID,
        deviceClass: device.vmbusClass ?? device.pciClass ?? ""))
  }
  facts.bindings = bound.map(Binding.init(taken:))
  for binding in facts.bindings {
    for index in facts.busDevices.indices where facts.busDevices[index].address == binding.address {
      facts.busDevices[index].driver = binding.driver
    }
  }
  if let route { facts.routing.defaultRoutes = [DefaultRoute(.ipv4, interface: route, metric: 100)] }
  facts.modules = [KernelModule(name: "uio_hv_generic", state: .loadable)]
  facts.dpdk = DPDKInstallation(
    libraries: [EALLibrary(path: "/usr/lib/librte_eal.so", abi: "23", release: dpdk)],
    networkDrivers: [
      "net_failsafe", "net_tap", "net_vdev_netvsc", "net_netvsc", "net_mlx4", "net_mlx5", "net_mana", "net_e1000",
    ])
  return facts
}

func interfacePlan(
  _ facts: HostFacts, management: Profile.Interfaces.Management = .auto, data: Profile.Interfaces.DataPorts = .auto,
  pmd: Profile.Interfaces.PMD = .auto
) -> InterfacePlan {
  planInterfaces(
    Profile(name: "test", interfaces: .init(management: management, data: data, pmd: pmd)), on: facts)
}

extension InterfacePlan {
  /// The names of the interfaces of a role, in order.
  func names(_ role: InterfaceRole) -> [String] { interfaces.filter { $0.role == role }.map(\.interface.name) }
  var blockers: [String] { findings.filter { $0.severity == .blocker }.map(\.id) }
  func reason(_ name: String) -> String { interfaces.first { $0.interface.name == name }?.reason ?? "" }
}

extension Profile.Interfaces.DataPorts {
  static func nics(_ nics: Int...) -> Self { .listed(nics.compactMap { MACAddress(mac($0)) }) }
}

extension Profile.Interfaces.Management {
  static func nic(_ nic: Int) -> Self { MACAddress(ProvisioningTests.mac(nic)).map { .mac($0) } ?? .auto }
}
