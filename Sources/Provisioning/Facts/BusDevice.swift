/// A network device on its bus, whether the kernel has an interface on it or another driver has taken it.
///
/// A PCI function can carry several interfaces (MANA), and none at all while `vfio-pci` or `uio_hv_generic` has it.
public struct BusDevice: Codable, Equatable, Sendable {
  /// `pci` or `vmbus`.
  public var bus: String
  /// A PCI address, or the UUID of a VMBus device.
  public var address: String
  /// The driver that has it now; nil for none.
  public var driver: String?
  /// The only driver that may take it (`driver_override`); nil where any may.
  public var driverOverride: String?
  /// Whether it can be reserved for a driver: the kernel has `driver_override` on this bus.
  public var acceptsOverride: Bool
  /// PCI `vendor:device`.
  public var pciID: String?
  /// PCI class of six digits, or the class id of the VMBus device, without braces.
  public var deviceClass: String
  public var numaNode: Int?
  /// The number of its IOMMU group; nil where no IOMMU translates for it.
  public var iommuGroup: Int?

  public init(
    bus: String, address: String, driver: String? = nil, driverOverride: String? = nil,
    acceptsOverride: Bool = true, pciID: String? = nil, deviceClass: String, numaNode: Int? = nil,
    iommuGroup: Int? = nil
  ) {
    self.bus = bus
    self.address = address
    self.driver = driver
    self.driverOverride = driverOverride
    self.acceptsOverride = acceptsOverride
    self.pciID = pciID
    self.deviceClass = deviceClass
    self.numaNode = numaNode
    self.iommuGroup = iommuGroup
  }
}

extension BusDevice {
  /// The class of Hyper-V's synthetic network devices (`HV_NIC_GUID` in `include/linux/hyperv.h`).
  public static let vmbusNetworkClass = "f8615163-df3e-46c5-913f-f2d2f965ed0e"

  /// A device of base class 02, network controller, InfiniBand (0207) left out; `0x020000` as sysfs has it.
  ///
  /// - Returns: the class in six lower-case digits; nil for what is no such device.
  public static func pciNetworkClass(sysfs text: String) -> String? {
    guard let name = pciClass(sysfs: text), name.hasPrefix("02"), !name.hasPrefix("0207") else { return nil }
    return name
  }

  /// `020000` from the file `class` of a PCI device, which holds `0x020000`; nil for anything else.
  public static func pciClass(sysfs text: String) -> String? {
    let number = text.trimmingBlanks.lowercased()
    guard number.hasPrefix("0x"), number.utf8.count == 8, number.dropFirst(2).allSatisfy(\.isHexDigit) else {
      return nil
    }
    return String(number.dropFirst(2))
  }

  /// `vendor:device` from the two files of a PCI device, each of which holds `0x15b3`.
  public static func pciID(vendor: String, device: String) -> String? {
    let numbers = [vendor, device].map { $0.trimmingBlanks.lowercased() }
    guard numbers.allSatisfy({ $0.hasPrefix("0x") && $0.utf8.count == 6 && $0.dropFirst(2).allSatisfy(\.isHexDigit) })
    else {
      return nil
    }
    return numbers.map { $0.dropFirst(2) }.joined(separator: ":")
  }

  /// A UUID of the VMBus as sysfs shows it, in lower case without its braces; nil for anything else.
  public static func uuid(sysfs text: String) -> String? {
    let uuid = text.trimmingBlanks.lowercased().filter { $0 != "{" && $0 != "}" }
    let groups = uuid.split(separator: "-", omittingEmptySubsequences: false)
    guard groups.map(\.utf8.count) == [8, 4, 4, 4, 12], groups.allSatisfy({ $0.allSatisfy(\.isHexDigit) }) else {
      return nil
    }
    return uuid
  }
}
