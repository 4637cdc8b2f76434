public import Provisioning

/// A machine's network devices as they are on real ones, of which tests need a look without owning it.
public struct Machine: Sendable, CustomStringConvertible {
  public var name: String
  /// With what rtnetlink knows of them.
  public var devices: [NetworkDevice]
  public var busDevices: [BusDevice]

  /// - Parameter others: devices without an interface, or whose facts are not those that their interface tells.
  public init(_ name: String, _ devices: [NetworkDevice], others: [BusDevice] = []) {
    self.name = name
    self.devices = (devices + [.loopback]).sorted { $0.index < $1.index }
    busDevices = others
    for device in devices {
      guard let bus = device.bus, let address = device.busAddress, let type = device.pciClass ?? device.vmbusClass,
        !type.hasPrefix("0207"), !busDevices.contains(where: { $0.address == address })
      else { continue }
      busDevices.append(
        BusDevice(
          bus: bus, address: address, driver: device.driver, pciID: device.pciID, deviceClass: type,
          numaNode: device.numaNode))
    }
    busDevices.sort { $0.address < $1.address }
  }

  public var description: String { name }
}

/// What the drivers of a NIC are, as far as it shows in sysfs.
public struct NICModel: Sendable {
  var driver: String
  var pciID: String
  /// Where the function is in its PCI domain.
  var function = ":00:02.0"
  var speed = 50000

  static let connectX3 = NICModel(driver: "mlx4_core", pciID: "15b3:1004", speed: 40000)
  static let connectX4Lx = NICModel(driver: "mlx5_core", pciID: "15b3:1016")
  static let connectX5 = NICModel(driver: "mlx5_core", pciID: "15b3:1018")
  static let mana = NICModel(driver: "mana", pciID: "1414:00ba", function: ":00:00.0", speed: 200_000)
}

extension NetworkDevice {
  /// The device as far as sysfs tells: without the names, addresses and kind that rtnetlink alone has.
  public var inSysfs: NetworkDevice {
    var device = self
    (device.alternativeNames, device.addresses, device.permanentMAC, device.kind) = ([], [], nil, nil)
    return device
  }

  public static let loopback = NetworkDevice(
    name: "lo", index: 1, linkType: 772, flags: 0x9, addresses: ["127.0.0.1/8", "::1/128"])

  /// A synthetic interface of Hyper-V; older hosts repeat the MAC address in the UUID.
  public static func netvsc(
    _ name: String, _ index: Int, _ mac: String, uuid: String? = nil, vf: String? = nil, addresses: [String] = []
  ) -> NetworkDevice {
    let digits = mac.filter { $0 != ":" }
    let endless = Array(digits + digits + digits)
    let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(endless[$0]) }
    return NetworkDevice(
      name: name, index: index, linkType: 1, mac: mac, flags: 0x1003, speed: vf == nil ? nil : 50000,
      addresses: addresses, driver: "hv_netvsc", bus: "vmbus", busAddress: uuid ?? groups.joined(separator: "-"),
      vmbusClass: BusDevice.vmbusNetworkClass, lowers: vf.map { [$0] } ?? [])
  }

  /// A VF with the interface that it is a slave of.
  public static func vf(
    _ name: String, _ index: Int, _ mac: String, _ model: NICModel, domain: String, of synthetic: String?,
    alternativeNames: [String] = [], addresses: [String] = []
  ) -> NetworkDevice {
    NetworkDevice(
      name: name, alternativeNames: alternativeNames, index: index, linkType: 1, mac: mac, permanentMAC: mac,
      flags: synthetic == nil ? 0x1003 : 0x1803, speed: model.speed, addresses: addresses, driver: model.driver,
      bus: "pci", busAddress: domain + model.function, pciID: model.pciID, pciClass: "020000", numaNode: 0,
      uppers: synthetic.map { [$0] } ?? [])
  }
}
