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
  /// The VF whose link went down with it; nil where none did.
  public var virtualFunction: NetworkDevice?

  public init(
    bus: String, address: String, driver: String, formerDriver: String?, formerOverride: String? = nil,
    device: NetworkDevice?, virtualFunction: NetworkDevice? = nil
  ) {
    self.bus = bus
    self.address = address
    self.driver = driver
    self.formerDriver = formerDriver
    self.formerOverride = formerOverride
    self.device = device
    self.virtualFunction = virtualFunction
  }
}

extension Binding {
  /// `eth1, PCI 0000:00:04.0`
  public var title: String { Self.title(of: device, bus: bus, address: address) }

  static func title(of device: NetworkDevice?, bus: String, address: String) -> String {
    let place = (bus == "pci" ? "PCI " : "VMBus ") + address
    return device.map { "\($0.name), \(place)" } ?? place
  }

  /// Whether both are about the same device.
  func isSameDevice(as other: Binding) -> Bool { bus == other.bus && address == other.address }
}

extension [Binding] {
  /// The bindings of this boot that still hold, by the journal and by what is on the buses now, one a device.
  ///
  /// A device that is gone, or that somebody gave to another driver, is no longer bound. One that has no driver and is
  /// reserved for ours was bound half way by an `apply` that died: it counts, as its interface is known from here alone,
  /// and `apply` can go on with it. Bound twice, the device is as it was at first, its interface as it was at last.
  ///
  /// - Parameters:
  ///   - entries: the journal in the order written.
  ///   - boot: the boot id of now: bindings end with the boot.
  public init(inForceBy entries: [JournalEntry], boot: String, on busDevices: [BusDevice]) {
    self = []
    for entry in entries where entry.boot == boot {
      guard case .binding(var binding) = entry.effect else { continue }
      if let index = firstIndex(where: { $0.isSameDevice(as: binding) }) {
        let former = self[index]
        binding.formerDriver = former.formerDriver
        binding.formerOverride = former.formerOverride
        binding.device = binding.device ?? former.device
        binding.virtualFunction = binding.virtualFunction ?? former.virtualFunction
        self[index] = binding
      } else {
        append(binding)
      }
    }
    removeAll { binding in
      guard let device = busDevices.first(where: { $0.bus == binding.bus && $0.address == binding.address }) else {
        return true
      }
      return device.driver != binding.driver && (device.driver != nil || device.driverOverride != binding.driver)
    }
  }
}
