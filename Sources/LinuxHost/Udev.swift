import CUdev
import Glibc
import Provisioning
import SystemPackage

/// libudev's view of the running host's devices; it has no other root.
struct UdevContext: ~Copyable {
  private let context: OpaquePointer

  /// Opens libudev (`udev_new(3)`); needs no privilege and no running udevd.
  init() throws(Errno) {
    guard let context = udev_new() else { throw Self.lastError }
    self.context = context
  }

  deinit { udev_unref(context) }

  /// Every network device with the device below it, by ascending interface index, as far as libudev knows it.
  ///
  /// A device that goes away meanwhile is left out.
  func networkDevices() throws(Errno) -> [NetworkDevice] {
    try devices(of: "net", Self.networkDevice).sorted { $0.index < $1.index }
  }

  /// Every network device of the PCI bus and the VMBus, by ascending address, without its IOMMU group.
  func busDevices() throws(Errno) -> [BusDevice] {
    let pci = try devices(of: "pci") { Self.busDevice($0, bus: "pci") }
    return (pci + (try devices(of: "vmbus") { Self.busDevice($0, bus: "vmbus") })).sorted { $0.address < $1.address }
  }

  private func devices<Device>(of subsystem: String, _ read: (OpaquePointer) -> Device?) throws(Errno) -> [Device] {
    guard let enumeration = udev_enumerate_new(context) else { throw Self.lastError }
    defer { udev_enumerate_unref(enumeration) }
    try Self.check(udev_enumerate_add_match_subsystem(enumeration, subsystem))
    try Self.check(udev_enumerate_scan_devices(enumeration))
    var devices: [Device] = []
    var entry = udev_enumerate_get_list_entry(enumeration)
    while let current = entry {
      if let path = udev_list_entry_get_name(current), let device = udev_device_new_from_syspath(context, path) {
        if let found = read(device) { devices.append(found) }
        udev_device_unref(device)
      }
      entry = udev_list_entry_get_next(current)
    }
    return devices
  }

  private static func networkDevice(_ device: OpaquePointer) -> NetworkDevice? {
    guard let name = text(udev_device_get_sysname(device)),
      let index = attribute("ifindex", of: device).flatMap({ Int($0) })
    else { return nil }
    var result = NetworkDevice(name: name, index: index)
    result.take { attribute($0, of: device) }
    // The parent belongs to the device: it is not ours to free.
    guard let parent = udev_device_get_parent(device) else { return result }
    result.take(
      bus: text(udev_device_get_subsystem(parent)), address: text(udev_device_get_sysname(parent)),
      driver: text(udev_device_get_driver(parent))
    ) { attribute($0, of: parent) }
    return result
  }

  private static func busDevice(_ device: OpaquePointer, bus: String) -> BusDevice? {
    guard let address = text(udev_device_get_sysname(device)) else { return nil }
    return BusDevice(bus: bus, address: address, driver: text(udev_device_get_driver(device))) {
      attribute($0, of: device)
    }
  }

  private static func attribute(_ name: String, of device: OpaquePointer) -> String? {
    text(udev_device_get_sysattr_value(device, name))
  }

  private static func text(_ pointer: UnsafePointer<CChar>?) -> String? { pointer.map { String(cString: $0) } }

  /// libudev allocates memory and little else where it returns a null pointer.
  private static var lastError: Errno { errno == 0 ? .noMemory : Errno(rawValue: errno) }

  private static func check(_ result: Int32) throws(Errno) {
    guard result >= 0 else { throw Errno(rawValue: -result) }
  }
}
