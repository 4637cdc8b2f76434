import Provisioning

extension Machine {
  /// The machine's sysfs as `umockdev-run --device` reads it.
  ///
  /// Links keep their last component alone: their targets are not looked up.
  public var umockdevDescription: String {
    var nodes: [String] = []
    var described: Set<String> = []
    for device in busDevices {
      described.insert(device.address)
      nodes.append(node(device))
    }
    for device in devices {
      guard let bus = device.bus, let address = device.busAddress, described.insert(address).inserted else { continue }
      nodes.append(
        node(
          BusDevice(
            bus: bus, address: address, driver: device.driver, pciID: device.pciID, deviceClass: device.pciClass ?? "",
            numaNode: device.numaNode)))
    }
    return (nodes + devices.map { node($0) }).joined(separator: "\n")
  }

  private static func path(bus: String, address: String) -> String {
    switch bus {
    case "vmbus": "/devices/LNXSYSTM:00/VMBUS:00/\(address)"
    case "pci": "/devices/pci\(address.prefix { $0 != "." }.dropLast(3))/\(address)"
    default: "/devices/pci0000:00/0000:00:03.0/\(address)"
    }
  }

  private func node(_ device: BusDevice) -> String {
    var lines = ["P: \(Self.path(bus: device.bus, address: device.address))", "E: SUBSYSTEM=\(device.bus)"]
    if let driver = device.driver {
      lines += ["E: DRIVER=\(driver)", "L: driver=../../../bus/\(device.bus)/drivers/\(driver)"]
    }
    if let id = device.pciID?.split(separator: ":") {
      lines += ["A: vendor=0x\(id[0])\\n", "A: device=0x\(id[1])\\n", "A: class=0x\(device.deviceClass)\\n"]
    }
    if device.bus == "vmbus" {
      lines += ["A: class_id={\(device.deviceClass)}\\n", "A: device_id={\(device.address)}\\n"]
    }
    if device.bus != "virtio" {
      if device.acceptsOverride { lines.append("A: driver_override=\(device.driverOverride ?? "(null)")\\n") }
      lines.append("A: numa_node=\(device.numaNode ?? -1)\\n")
    }
    let interface = devices.first { $0.bus == device.bus && $0.busAddress == device.address }
    if let count = interface?.enabledVFs { lines.append("A: sriov_numvfs=\(count)\\n") }
    if let group = device.iommuGroup { lines.append("L: iommu_group=../../../kernel/iommu_groups/\(group)") }
    return lines.joined(separator: "\n") + "\n"
  }

  private func node(_ device: NetworkDevice) -> String {
    let parent = device.busAddress.map { Self.path(bus: device.bus ?? "", address: $0) }
    var lines = [
      "P: \(parent ?? "/devices/virtual")/net/\(device.name)", "E: SUBSYSTEM=net", "E: INTERFACE=\(device.name)",
      "E: IFINDEX=\(device.index)", "A: ifindex=\(device.index)\\n", "A: address=\(Self.address(device))\\n",
    ]
    // The kernel's files for these are there and answer -1, or nothing, where there is no value.
    lines.append("A: speed=\(device.speed ?? -1)\\n")
    if let type = device.linkType { lines.append("A: type=\(type)\\n") }
    if let flags = device.flags { lines.append("A: flags=0x\(String(flags, radix: 16))\\n") }
    if let id = device.switchID { lines.append("A: phys_switch_id=\(id)\\n") }
    if let name = device.portName { lines.append("A: phys_port_name=\(name)\\n") }
    if let address = device.busAddress { lines.append("L: device=../../../\(address)") }
    lines += device.uppers.map { "L: upper_\($0)=../\($0)" } + device.lowers.map { "L: lower_\($0)=../\($0)" }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What the file `address` has also for a device that ``NetworkDevice/mac`` is nil for.
  private static func address(_ device: NetworkDevice) -> String {
    if let mac = device.mac { return mac }
    return device.linkType == 32 ? "00:00:10:29:fe:80:00:00:00:00:00:00:00:15:5d:ff:fd:33:00:00" : "00:00:00:00:00:00"
  }
}
