import Provisioning

extension Machine {
  /// All of them, Azure's and others.
  public static let all = [
    connectX4Lx, connectX5, connectX3FirstBoot, connectX3SecondBoot, mana, renamedVF, vfAway, vfWithoutSynthetic,
    infiniband, boundToUserSpace, netFailover, switchWithBond, enabledVFs, withoutOverride,
  ]

  /// Two NICs on kernel 5.15: no address on a VF.
  public static let connectX4Lx = Machine(
    "2 NICs, ConnectX-4 Lx",
    pair("eth0", 2, "7c:1e:52:3e:f0:ce", "10.0.0.19/24", .connectX4Lx, "enP31819s1", 4, "7c4b")
      + pair("eth1", 3, "7c:1e:52:3e:f6:cb", "10.0.0.18/24", .connectX4Lx, "enP41968s2", 5, "a3f0"))

  /// Two NICs on kernel 6.8, whose VFs have link-local addresses of their own.
  public static let connectX5 = Machine(
    "2 NICs, ConnectX-5, VFs with addresses",
    pair(
      "eth0", 2, "7c:1e:52:25:55:d2", "10.0.0.4/24", .connectX5, "enP37498s1", 5, "927a", "fe80::7e1e:52ff:fe25:55d2/64"
    )
      + pair(
        "eth1", 3, "7c:1e:52:25:5c:a6", "10.0.1.4/24", .connectX5, "enP6757s2", 4, "1a65",
        "fe80::7e1e:52ff:fe25:5ca6/64")
  )

  /// Eight NICs, one VF of which lost its renaming and is called as a synthetic interface would be.
  public static let connectX3FirstBoot = Machine(
    "8 NICs, ConnectX-3, first boot",
    pair("eth0", 2, "7c:ed:8d:45:e1:68", "10.0.0.6/24", .connectX3, "enP46228s1", 15, "b494")
      + pair("eth1", 3, "7c:ed:8d:45:e2:21", "10.0.0.19/24", .connectX3, "enP13704s2", 17, "3588")
      + pair("eth2", 4, "7c:ed:8d:45:e1:27", "10.0.0.11/24", .connectX3, "enP38294s3", 16, "9596")
      + pair("eth3", 5, "7c:ed:8d:45:e2:1c", "10.0.0.22/24", .connectX3, "enP34343s4", 10, "8627")
      + pair("eth4", 6, "7c:ed:8d:45:e1:28", "10.0.0.20/24", .connectX3, "eth8", 13, "3ce7")
      + pair("eth5", 7, "7c:ed:8d:45:e0:d3", "10.0.0.5/24", .connectX3, "enP24914s6", 11, "6152")
      + pair("eth6", 8, "7c:ed:8d:45:e1:4d", "10.0.0.7/24", .connectX3, "enP51894s7", 12, "cab6")
      + pair("eth7", 9, "7c:ed:8d:45:e0:37", "10.0.0.21/24", .connectX3, "enP36420s8", 14, "8e44"))

  /// The same machine after it was stopped and started: other names, other domains, another order.
  public static let connectX3SecondBoot = Machine(
    "8 NICs, ConnectX-3, second boot",
    pair("eth0", 2, "7c:ed:8d:45:e1:68", "10.0.0.6/24", .connectX3, "enP40170s1", 13, "9cea")
      + pair("eth2", 3, "7c:ed:8d:45:e2:21", "10.0.0.19/24", .connectX3, "enP22454s2", 11, "57b6")
      + pair("eth3", 4, "7c:ed:8d:45:e1:27", "10.0.0.11/24", .connectX3, "enP7895s3", 14, "1ed7")
      + pair("eth4", 5, "7c:ed:8d:45:e2:1c", "10.0.0.22/24", .connectX3, "enP47182s4", 17, "b84e")
      + pair("eth1", 6, "7c:ed:8d:45:e1:28", "10.0.0.20/24", .connectX3, "enP2747s5", 10, "0abb")
      + pair("eth5", 7, "7c:ed:8d:45:e0:d3", "10.0.0.5/24", .connectX3, "enP37520s6", 12, "9290")
      + pair("eth6", 8, "7c:ed:8d:45:e1:4d", "10.0.0.7/24", .connectX3, "enP44527s7", 16, "adef")
      + pair("eth7", 9, "7c:ed:8d:45:e0:37", "10.0.0.21/24", .connectX3, "enP40857s8", 15, "9f99"))

  /// Two ports on one PCI function, by the newer form of UUID.
  public static let mana = Machine(
    "2 MANA ports on one function",
    [
      .netvsc(
        "eth0", 2, "70:a8:a5:31:48:a8", uuid: "f8615163-0000-1000-2000-70a8a53148a8", vf: "enP30832p0s0",
        addresses: ["10.0.0.4/24"]),
      .netvsc(
        "eth1", 3, "70:a8:a5:31:4d:8b", uuid: "f8615163-0001-1000-2000-70a8a5314d8b", vf: "enP30832p0s0d1",
        addresses: ["10.0.1.4/24"]),
      .vf("enP30832p0s0", 4, "70:a8:a5:31:48:a8", .mana, domain: "7870", of: "eth0"),
      .vf("enP30832p0s0d1", 5, "70:a8:a5:31:4d:8b", .mana, domain: "7870", of: "eth1"),
    ])

  public static let renamedVF = Machine(
    "renamed VF",
    pair("eth0", 2, "60:45:bd:d3:c2:59", "10.0.0.4/24", .connectX5, "enP53091s1np0", 3, "cf63"))

  /// During servicing, or without accelerated networking.
  public static let vfAway = Machine(
    "VF away",
    [
      .netvsc("eth0", 2, "00:0d:3a:aa:bb:01", addresses: ["10.0.0.4/24"]),
      .netvsc("eth1", 3, "00:0d:3a:aa:bb:02", addresses: ["10.0.1.4/24"]),
    ])

  public static let vfWithoutSynthetic = Machine(
    "VF without synthetic interface",
    [.vf("enP30832p0s0", 2, "70:a8:a5:31:48:a8", .mana, domain: "7870", of: nil)])

  /// A size for high-performance computing.
  public static let infiniband = Machine(
    "InfiniBand beside Ethernet",
    pair("eth0", 2, "00:0d:3a:aa:bb:03", "10.0.0.4/24", .connectX5, "enP1s1", 3, "0001")
      + [
        NetworkDevice(
          name: "ib0", index: 4, linkType: 32, flags: 0x1003, speed: 200_000, driver: "mlx5_core", bus: "pci",
          busAddress: "0101:00:00.0", pciID: "15b3:101c", pciClass: "020700", numaNode: 1)
      ])

  /// A NETVSC and a PCI function that DPDK has: no interface is on them.
  public static let boundToUserSpace = Machine(
    "bound to user space",
    pair("eth0", 2, "7c:1e:52:25:55:d2", "10.0.0.4/24", .connectX5, "enP37498s1", 5, "927a"),
    others: [
      BusDevice(
        bus: "vmbus", address: "7c1e5225-5ca6-7c1e-5225-5ca67c1e5225", driver: "uio_hv_generic",
        driverOverride: "uio_hv_generic", deviceClass: BusDevice.vmbusNetworkClass),
      BusDevice(
        bus: "pci", address: "0000:3b:00.1", driver: "vfio-pci", driverOverride: "vfio-pci", pciID: "8086:1583",
        deviceClass: "020000", numaNode: 1, iommuGroup: 42),
      BusDevice(bus: "pci", address: "0000:3b:00.2", pciID: "8086:1583", deviceClass: "020000", numaNode: 1),
    ])

  /// The pair of another vendor: master and standby sit on one virtio device, the primary on PCI.
  public static let netFailover = Machine(
    "virtio net_failover",
    [
      NetworkDevice(
        name: "eth0", index: 2, linkType: 1, mac: "52:54:00:12:34:56", flags: 0x1003, driver: "virtio_net",
        bus: "virtio", busAddress: "virtio1", lowers: ["enp3s0", "eth0nsby"]
      ),
      NetworkDevice(
        name: "eth0nsby", index: 3, linkType: 1, mac: "52:54:00:12:34:56", flags: 0x1803, driver: "virtio_net",
        bus: "virtio", busAddress: "virtio1", uppers: ["eth0"]),
      NetworkDevice(
        name: "enp3s0", index: 4, linkType: 1, mac: "52:54:00:12:34:56", flags: 0x1803, speed: 10000,
        driver: "iavf", bus: "pci", busAddress: "0000:03:00.0", pciID: "8086:154c", pciClass: "020000",
        uppers: ["eth0"]),
    ])

  /// A plain host: two ports of one embedded switch under a bond with a VLAN, and the representor of a VF.
  public static let switchWithBond = Machine(
    "ports of a switch under a bond",
    [
      port("p0", 2, "0000:5e:00.0", "p0"), port("p1", 3, "0000:5e:00.1", "p1"),
      NetworkDevice(
        name: "bond0", index: 4, linkType: 1, kind: "bond", mac: "b8:ce:f6:00:00:10", flags: 0x1403, speed: 50000,
        uppers: ["bond0.7"], lowers: ["p0", "p1"]),
      NetworkDevice(
        name: "bond0.7", index: 5, linkType: 1, kind: "vlan", mac: "b8:ce:f6:00:00:10", flags: 0x1003, speed: 50000,
        lowers: ["bond0"]),
      NetworkDevice(
        name: "pf0vf0", index: 6, linkType: 1, mac: "b8:ce:f6:00:00:20", flags: 0x1002, driver: "mlx5_core",
        bus: "pci", busAddress: "0000:5e:00.0", pciID: "15b3:101d", pciClass: "020000", numaNode: 1,
        switchID: "1000cef6b8000000", portName: "pf0vf0"),
    ])

  /// A plain host: a PF with two VFs enabled, one without, and a VF, which can have none.
  public static let enabledVFs = Machine(
    "a PF with two VFs enabled",
    [
      function("enp59s0f0", 2, "0000:3b:00.0", "8086:1583", "i40e", enabledVFs: 2),
      function("enp59s0f1", 3, "0000:3b:00.1", "8086:1583", "i40e", enabledVFs: 0),
      function("enp59s0f0v0", 4, "0000:3b:02.0", "8086:154c", "iavf", enabledVFs: nil),
      function("enp59s0f0v1", 5, "0000:3b:02.1", "8086:154c", "iavf", enabledVFs: nil),
    ])

  private static func function(
    _ name: String, _ index: Int, _ address: String, _ id: String, _ driver: String, enabledVFs: Int?
  ) -> NetworkDevice {
    NetworkDevice(
      name: name, index: index, linkType: 1, mac: "3c:fd:fe:00:00:0\(index)", flags: 0x1003, speed: 40000,
      driver: driver, bus: "pci", busAddress: address, pciID: id, pciClass: "020000", enabledVFs: enabledVFs,
      numaNode: 0)
  }

  /// A kernel before 4.18, whose VMBus has no `driver_override`.
  public static let withoutOverride = Machine(
    "a VMBus without driver_override",
    [
      .netvsc("eth0", 2, "7c:1e:52:25:55:d2", uuid: "7c1e5225-55d2-7c1e-5225-55d27c1e5225", addresses: ["10.0.0.4/24"])
    ],
    others: [
      BusDevice(
        bus: "vmbus", address: "7c1e5225-55d2-7c1e-5225-55d27c1e5225", driver: "hv_netvsc", acceptsOverride: false,
        deviceClass: BusDevice.vmbusNetworkClass)
    ])

  private static func port(_ name: String, _ index: Int, _ address: String, _ portName: String) -> NetworkDevice {
    NetworkDevice(
      name: name, index: index, linkType: 1, mac: "b8:ce:f6:00:00:10", flags: 0x1803, speed: 25000,
      driver: "mlx5_core", bus: "pci", busAddress: address, pciID: "15b3:101d", pciClass: "020000", numaNode: 1,
      uppers: ["bond0"], switchID: "1000cef6b8000000", portName: portName)
  }

  private static func pair(
    _ name: String, _ index: Int, _ mac: String, _ address: String, _ model: NICModel, _ vf: String, _ vfIndex: Int,
    _ domain: String, _ vfAddresses: String...
  ) -> [NetworkDevice] {
    [
      .netvsc(name, index, mac, vf: vf, addresses: [address]),
      .vf(vf, vfIndex, mac, model, domain: domain, of: name, addresses: vfAddresses),
    ]
  }
}
