import Provisioning
import SystemPackage

extension FactReader {
  /// The network devices by ascending index: from libudev on the running host, from `sys` below another root.
  mutating func devices() -> [NetworkDevice] {
    guard root.isRunningHost else { return devicesByFiles() }
    do {
      var devices = try UdevContext().networkDevices()
      if devices.isEmpty { record("/sys/class/net", "libudev lists no network device, not even the loopback") }
      for index in devices.indices { addNeighbours(&devices[index]) }
      return devices
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
      device.take { attribute("\(directory)/\($0)") }
      addNeighbours(&device)
      let below = "\(directory)/device"
      guard let address = linkName(below) else { return device }
      let (bus, driver) = (linkName("\(below)/subsystem"), linkName("\(below)/driver"))
      device.take(bus: bus, address: address, driver: driver) { attribute("\(below)/\($0)") }
      return device
    }
    .sorted { $0.index < $1.index }
  }

  /// The network devices of PCI and VMBus by ascending address, as ``devices()`` finds interfaces.
  mutating func busDevices() -> [BusDevice] {
    guard root.isRunningHost else { return busDevicesByFiles() }
    do {
      var devices = try UdevContext().busDevices()
      for index in devices.indices { addIOMMUGroup(&devices[index]) }
      return devices
    } catch {
      record("/sys/bus", "libudev: \(error)")
      return []
    }
  }

  /// The same values from the files of sysfs.
  mutating func busDevicesByFiles() -> [BusDevice] {
    ["pci", "vmbus"].flatMap { bus in
      (entries("/sys/bus/\(bus)/devices") ?? []).compactMap { address in
        let directory = "/sys/bus/\(bus)/devices/\(address)"
        let driver = linkName("\(directory)/driver")
        guard
          var device = BusDevice(
            bus: bus, address: address, driver: driver, attributes: { attribute("\(directory)/\($0)") })
        else { return nil }
        addIOMMUGroup(&device)
        return device
      }
    }
    .sorted { $0.address < $1.address }
  }

  /// Finds the PCI function below each interface of the virtio bus, and with it the node.
  mutating func addVirtioFunctions(to devices: inout [NetworkDevice], on busDevices: [BusDevice]) {
    guard devices.contains(where: { $0.bus == "virtio" }) else { return }
    for function in busDevices where function.bus == "pci" {
      let below = entries("/sys/bus/pci/devices/\(function.address)", prefix: "virtio") ?? []
      for index in devices.indices
      where devices[index].bus == "virtio" && below.contains(devices[index].busAddress ?? "") {
        devices[index].virtioFunction = function.address
        devices[index].numaNode = function.numaNode
      }
    }
  }

  /// libudev lists no links of a directory.
  private mutating func addNeighbours(_ device: inout NetworkDevice) {
    let directory = "/sys/class/net/\(device.name)"
    device.uppers = (entries(directory, prefix: "upper_") ?? []).map { String($0.dropFirst("upper_".count)) }
    device.lowers = (entries(directory, prefix: "lower_") ?? []).map { String($0.dropFirst("lower_".count)) }
  }

  private mutating func addIOMMUGroup(_ device: inout BusDevice) {
    let group = "/sys/bus/\(device.bus)/devices/\(device.address)/iommu_group"
    guard let name = linkName(group) else { return }
    // vfio makes itself a group where no IOMMU translates (`vfio_noiommu_group_alloc`).
    guard attribute("\(group)/name")?.trimmingBlanks != "vfio-noiommu" else { return }
    device.iommuGroup = Int(name)
  }
}
