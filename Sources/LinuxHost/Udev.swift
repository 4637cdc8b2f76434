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

  /// Every network device with the device below it, by ascending interface index.
  ///
  /// A device that goes away meanwhile is left out.
  func networkDevices() throws(Errno) -> [NetworkDevice] {
    guard let enumeration = udev_enumerate_new(context) else { throw Self.lastError }
    defer { udev_enumerate_unref(enumeration) }
    try Self.check(udev_enumerate_add_match_subsystem(enumeration, "net"))
    try Self.check(udev_enumerate_scan_devices(enumeration))
    var devices: [NetworkDevice] = []
    var entry = udev_enumerate_get_list_entry(enumeration)
    while let current = entry {
      if let path = udev_list_entry_get_name(current), let device = udev_device_new_from_syspath(context, path) {
        if let found = Self.networkDevice(device) { devices.append(found) }
        udev_device_unref(device)
      }
      entry = udev_list_entry_get_next(current)
    }
    return devices.sorted { $0.index < $1.index }
  }

  private static func networkDevice(_ device: OpaquePointer) -> NetworkDevice? {
    guard let name = text(udev_device_get_sysname(device)),
      let index = attribute("ifindex", of: device).flatMap({ Int($0) })
    else { return nil }
    var result = NetworkDevice(name: name, index: index)
    result.mac = attribute("address", of: device).flatMap { NetworkDevice.mac(sysfs: $0) }
    // The parent belongs to the device: it is not ours to free.
    guard let parent = udev_device_get_parent(device) else { return result }
    result.driver = text(udev_device_get_driver(parent))
    result.bus = text(udev_device_get_subsystem(parent))
    result.busAddress = text(udev_device_get_sysname(parent))
    result.numaNode = attribute("numa_node", of: parent).flatMap { NetworkDevice.numaNode(sysfs: $0) }
    if result.bus == "pci", let vendor = attribute("vendor", of: parent), let model = attribute("device", of: parent) {
      result.pciID = BusDevice.pciID(vendor: vendor, device: model)
    }
    return result
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
