extension NetworkDevice {
  /// Takes the attributes of the device itself, each as sysfs has it; nil for one that is not there or does not answer.
  ///
  /// Source: `Documentation/ABI/testing/sysfs-class-net`.
  package mutating func take(attributes attribute: (String) -> String?) {
    mac = attribute("address").flatMap { Self.mac(sysfs: $0) }
    linkType = attribute("type").flatMap { Int($0.trimmingBlanks) }
    flags = attribute("flags").flatMap { Self.flags(sysfs: $0) }
    speed = attribute("speed").flatMap { Self.speed(sysfs: $0) }
    switchID = attribute("phys_switch_id").flatMap { Self.name(sysfs: $0) }
    portName = attribute("phys_port_name").flatMap { Self.name(sysfs: $0) }
  }

  /// Takes the device below: its subsystem, its name on that, its driver, and its attributes.
  package mutating func take(bus: String?, address: String?, driver: String?, attributes: (String) -> String?) {
    self.bus = bus
    self.driver = driver
    busAddress = address
    numaNode = attributes("numa_node").flatMap { Self.numaNode(sysfs: $0) }
    switch bus {
    case "pci":
      if let vendor = attributes("vendor"), let model = attributes("device") {
        pciID = BusDevice.pciID(vendor: vendor, device: model)
      }
      pciClass = attributes("class").flatMap { BusDevice.pciClass(sysfs: $0) }
      enabledVFs = attributes("sriov_numvfs").flatMap { Int($0.trimmingBlanks) }
    case "vmbus":
      vmbusClass = attributes("class_id").flatMap { BusDevice.uuid(sysfs: $0) }
      // Before 4.14 the device is called `vmbus_0_12` on its bus.
      if address.flatMap({ BusDevice.uuid(sysfs: $0) }) == nil {
        busAddress = attributes("device_id").flatMap { BusDevice.uuid(sysfs: $0) } ?? address
      }
    default: break
    }
  }

  /// `IFF_*` from the file `flags`, which holds `0x1003`.
  public static func flags(sysfs text: String) -> Int? {
    let number = text.trimmingBlanks
    return number.hasPrefix("0x") ? Int(number.dropFirst(2), radix: 16) : nil
  }

  /// Mbit/s; nil for zero and for -1, which says that it is not known; old kernels print that without its sign.
  public static func speed(sysfs text: String) -> Int? {
    Int(text.trimmingBlanks).flatMap { $0 > 0 && $0 < Int(Int32.max) ? $0 : nil }
  }

  /// A MAC address from its six octets; nil for any other number of them, and for zeros.
  package static func mac(octets: some Collection<UInt8>) -> String? {
    mac(sysfs: octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":"))
  }

  private static func name(sysfs text: String) -> String? {
    let name = text.trimmingBlanks
    return name.isEmpty ? nil : String(name)
  }
}
