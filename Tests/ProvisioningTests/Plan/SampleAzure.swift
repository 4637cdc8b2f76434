import Provisioning

/// An Azure machine: `eth0` is management, and further NICs follow, each with a VF of its own unless it is said to be away.
///
/// - Parameters:
///   - functions: PCI ids of the VFs of `eth1`, `eth2` …; nil for a VF that is away. MANA's all sit on one function.
///   - release: of the DPDK that is installed, with every driver that such a machine needs.
func azureHost(functions: [String?] = ["15b3:1016"], release: String = "22.11") -> HostFacts {
  var facts = sampleHost()
  facts.platform = Platform(chassisAssetTag: "7783-7084-3265-9085-8269-3286-77")
  facts.devices = [NetworkDevice(name: "lo", index: 1, linkType: 772)] + netvsc(0, function: functions.first ?? nil)
  for (index, function) in functions.enumerated() { facts.devices += netvsc(index + 1, function: function) }
  facts.busDevices = facts.devices.compactMap { device in
    device.busAddress.map {
      BusDevice(
        bus: device.bus ?? "", address: $0, driver: device.driver, pciID: device.pciID,
        deviceClass: device.vmbusClass ?? device.pciClass ?? "")
    }
  }
  facts.routing = Routing(
    defaultRoutes: [DefaultRoute(.ipv4, interface: "eth0", metric: 100, gateway: "10.0.0.1")],
    ways: Routing.platformAddresses.map { Way(destination: $0, interface: "eth0") })
  facts.modules = GatherScope.anyProfile.modules.map { KernelModule(name: $0, state: .live) }
  facts.dpdk = DPDKInstallation(
    libraries: [EALLibrary(path: "/usr/lib/librte_eal.so.23", abi: "23", release: release)],
    networkDrivers: [
      "net_failsafe", "net_vdev_netvsc", "net_tap", "net_netvsc", "net_mlx4", "net_mlx5", "net_mana", "net_memif",
    ], libibverbs: "/usr/lib/libibverbs.so.1", verbsProviders: ["mana", "mlx4", "mlx5"])
  return facts
}

/// A NETVSC `ethN` with the address 10.0.0.(4 + N), and its VF.
private func netvsc(_ number: Int, function: String?) -> [NetworkDevice] {
  let mac = "00:0d:3a:00:00:0\(number)"
  var devices = [
    NetworkDevice(
      name: "eth\(number)", index: 2 + 2 * number, linkType: 1, mac: mac, flags: 0x1003,
      addresses: ["10.0.0.\(4 + number)/24"], driver: "hv_netvsc", bus: "vmbus", busAddress: uuid(number),
      vmbusClass: BusDevice.vmbusNetworkClass, numaNode: 0,
      lowers: function == nil ? [] : ["enP\(number)s1"])
  ]
  if let function {
    let isMANA = function == "1414:00ba"
    devices.append(
      NetworkDevice(
        name: "enP\(number)s1", index: 3 + 2 * number, linkType: 1, mac: mac, flags: 0x1803,
        driver: isMANA ? "mana" : function == "15b3:1004" ? "mlx4_core" : "mlx5_core", bus: "pci",
        busAddress: isMANA ? "7870:00:00.0" : "000\(number):00:02.0", pciID: function, pciClass: "020000", numaNode: 0,
        uppers: ["eth\(number)"]))
  }
  return devices
}

/// The VMBus UUID of the NIC `ethN` of ``azureHost(functions:release:)``.
func uuid(_ number: Int) -> String { "000d3a00-000\(number)-000d-3a00-000\(number)000d3a00" }

/// A profile whose data ports are NICs.
func dataProfile(
  _ pmd: Profile.Interfaces.PMD, data: Profile.Interfaces.DataPorts = .auto,
  verification: Profile.Verification = Profile.Verification()
) -> Profile {
  Profile(
    name: "test", modules: .auto, interfaces: .init(data: data, pmd: pmd), verification: verification)
}
