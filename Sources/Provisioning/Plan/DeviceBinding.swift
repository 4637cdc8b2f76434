/// A device that a driver of user space should have, so that DPDK can drive it.
public struct DeviceBinding: Equatable, Sendable {
  /// `pci` or `vmbus`.
  public var bus: String
  /// A PCI address, or the UUID of a VMBus device.
  public var address: String
  /// `vfio-pci` or `uio_hv_generic`.
  public var driver: String
  /// The interface on it, as it was gathered; nil where there is none. It is gone from the kernel afterwards.
  public var device: NetworkDevice?
  /// The VF whose link must go down as well; nil where none must. Below MANA's PMD neither of the two may be up.
  public var virtualFunction: NetworkDevice?
  /// Whether no IOMMU translates for the device: then `vfio` must be told to do without, and the device can write
  /// to all of the host's memory.
  public var withoutIOMMU: Bool

  public init(
    bus: String, address: String, driver: String, device: NetworkDevice? = nil,
    virtualFunction: NetworkDevice? = nil, withoutIOMMU: Bool = false
  ) {
    self.bus = bus
    self.address = address
    self.driver = driver
    self.device = device
    self.virtualFunction = virtualFunction
    self.withoutIOMMU = withoutIOMMU
  }
}

extension DeviceBinding {
  /// `eth1, PCI 0000:00:04.0`: as people know the device, with where it is.
  public var title: String { Binding.title(of: device, bus: bus, address: address) }
}
