extension BusDevice {
  /// A device of the PCI bus or the VMBus by its attributes, each as sysfs has it; nil for one that is no network device.
  ///
  /// Source: `Documentation/ABI/testing/sysfs-bus-pci`, `Documentation/ABI/stable/sysfs-bus-vmbus`.
  package init?(bus: String, address: String, driver: String?, attributes: (String) -> String?) {
    var pciID: String?
    let deviceClass: String
    if bus == "vmbus" {
      guard let name = attributes("class_id").flatMap({ Self.uuid(sysfs: $0) }), name == Self.vmbusNetworkClass else {
        return nil
      }
      deviceClass = name
    } else {
      guard let name = attributes("class").flatMap({ Self.pciNetworkClass(sysfs: $0) }) else { return nil }
      deviceClass = name
      if let vendor = attributes("vendor"), let model = attributes("device") {
        pciID = Self.pciID(vendor: vendor, device: model)
      }
    }
    let override = attributes("driver_override")
    self.init(
      bus: bus, address: address, driver: driver, driverOverride: override.flatMap { Self.driverOverride(sysfs: $0) },
      acceptsOverride: override != nil, pciID: pciID,
      deviceClass: deviceClass, numaNode: attributes("numa_node").flatMap { NetworkDevice.numaNode(sysfs: $0) })
  }

  /// The name in `driver_override`; nil for the kernel's `(null)` and for an empty one.
  public static func driverOverride(sysfs text: String) -> String? {
    let name = text.trimmingBlanks
    return name.isEmpty || name == "(null)" ? nil : String(name)
  }
}
