import Provisioning
import SystemPackage

extension FactReader {
  /// The network devices by ascending index: from libudev on the running host, from `sys` below another root.
  mutating func devices() -> [NetworkDevice] {
    guard root.isRunningHost else { return devicesByFiles() }
    do {
      return try UdevContext().networkDevices()
    } catch {
      record("/sys/class/net", "libudev: \(error)")
      return []
    }
  }

  /// The same values from the files of sysfs, for a root in which libudev cannot look.
  ///
  /// Source: `Documentation/ABI/testing/sysfs-class-net`, `Documentation/admin-guide/sysfs-rules.rst`.
  mutating func devicesByFiles() -> [NetworkDevice] {
    let names = entries("/sys/class/net") ?? []
    return names.compactMap { name in
      let directory = "/sys/class/net/\(name)"
      // A file such as bonding_masters stands among the devices.
      guard status(directory)?.kind == .directory,
        let index = value("\(directory)/ifindex", "a number", { Int($0.trimmingBlanks) })
      else { return nil }
      var device = NetworkDevice(name: name, index: index)
      device.mac = text("\(directory)/address").flatMap { NetworkDevice.mac(sysfs: $0) }
      let below = "\(directory)/device"
      guard let address = linkName(below) else { return device }
      device.driver = linkName("\(below)/driver")
      device.bus = linkName("\(below)/subsystem")
      device.busAddress = address
      device.numaNode = text("\(below)/numa_node").flatMap { NetworkDevice.numaNode(sysfs: $0) }
      if device.bus == "pci", let vendor = text("\(below)/vendor"), let model = text("\(below)/device") {
        device.pciID = BusDevice.pciID(vendor: vendor, device: model)
      }
      return device
    }
    .sorted { $0.index < $1.index }
  }
}
