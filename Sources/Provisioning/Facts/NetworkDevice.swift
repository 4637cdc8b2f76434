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
