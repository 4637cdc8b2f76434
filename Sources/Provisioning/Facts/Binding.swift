/// A device that `apply` gave to a driver of user space, with what it was before.
///
/// Its interface is gone from the kernel while it lasts: name, MAC address and addresses are known from here alone.
public struct Binding: Codable, Equatable, Sendable {
  /// `pci` or `vmbus`.
  public var bus: String
  /// A PCI address, or the UUID of a VMBus device.
  public var address: String
  /// `vfio-pci` or `uio_hv_generic`.
  public var driver: String
  /// The driver that had it before; nil for none.
  public var formerDriver: String?
  /// `driver_override` as it was before; nil where none was set.
  public var formerOverride: String?
  /// The interface that was on it; nil where there was none.
  public var device: NetworkDevice?

  public init(
    bus: String, address: String, driver: String, formerDriver: String?, formerOverride: String? = nil,
    device: NetworkDevice?
  ) {
    self.bus = bus
    self.address = address
    self.driver = driver
    self.formerDriver = formerDriver
    self.formerOverride = formerOverride
    self.device = device
  }
}
