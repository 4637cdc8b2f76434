/// A network device as libudev shows it.
public struct NetworkDevice: Codable, Equatable, Sendable {
  public var name: String
  /// `ifindex`
  public var index: Int
  /// Lower case, with colons; nil where the device has none (a tunnel).
  public var mac: String?
  /// The kernel driver of the device below; nil for a virtual device.
  public var driver: String?
  /// `pci`, `vmbus`, `virtio` …: the subsystem of the device below; nil for a virtual device.
  public var bus: String?
  /// The bus address of the device below: a PCI address, a VMBus UUID; nil for a virtual device.
  public var busAddress: String?
  /// PCI `vendor:device`, four lower-case hexadecimal digits each.
  public var pciID: String?
  public var numaNode: Int?

  public init(
    name: String, index: Int, mac: String? = nil, driver: String? = nil, bus: String? = nil,
    busAddress: String? = nil, pciID: String? = nil, numaNode: Int? = nil
  ) {
    self.name = name
    self.index = index
    self.mac = mac
    self.driver = driver
    self.bus = bus
    self.busAddress = busAddress
    self.pciID = pciID
    self.numaNode = numaNode
  }
}

extension NetworkDevice {
  /// A MAC address as sysfs shows it, in lower case; nil for one of zeros and for the addresses of tunnels and InfiniBand.
  public static func mac(sysfs text: String) -> String? {
    let address = text.trimmingBlanks.lowercased()
    let octets = address.split(separator: ":", omittingEmptySubsequences: false)
    guard octets.count == 6, octets.allSatisfy({ $0.utf8.count == 2 && $0.allSatisfy(\.isHexDigit) }) else {
      return nil
    }
    return octets.contains { $0 != "00" } ? address : nil
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

  /// The node of a device; nil for -1, which says that the firmware did not tell.
  public static func numaNode(sysfs text: String) -> Int? {
    Int(text.trimmingBlanks).flatMap { $0 >= 0 ? $0 : nil }
  }
}
