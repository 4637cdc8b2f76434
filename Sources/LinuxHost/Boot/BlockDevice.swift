import Provisioning

/// A disk or a partition, as the kernel has it in `/sys/dev/block`.
///
/// Source: `Documentation/ABI/testing/sysfs-dev`, `Documentation/ABI/stable/sysfs-block`.
struct BlockDevice {
  let number: DeviceNumber
  /// The folder in sysfs, absolute: `/sys/devices/virtual/block/loop0/loop0p1`.
  let folder: String

  /// `loop0p1`.
  var name: String { folder.folderAndName.name }

  /// Nil for what is no block device of this machine.
  init?(_ number: DeviceNumber) {
    guard let link = (try? HostRoot.runningHost.link("/sys/dev/block/\(number.major):\(number.minor)")) ?? nil,
      link.hasPrefix("../../")
    else { return nil }
    self.number = number
    folder = "/sys/" + link.dropFirst("../../".count)
  }

  var isPartition: Bool { ((try? HostRoot.runningHost.status("\(folder)/partition")) ?? nil) != nil }

  /// The disk that a partition is of; what is no partition is a disk itself.
  var disk: BlockDevice {
    guard isPartition, let text = (try? HostRoot.runningHost.contents("\(folder)/../dev")) ?? nil,
      let number = DeviceNumber(decimal: text.trimmingBlanks), let disk = BlockDevice(number)
    else { return self }
    return disk
  }
}
