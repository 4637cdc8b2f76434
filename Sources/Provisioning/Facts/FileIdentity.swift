/// The number of a device, as `stat(2)` and `/proc/PID/maps` both name the file system that a file is on.
public struct DeviceNumber: Hashable, Sendable {
  /// The number of the driver; 0 for a file system without a device, such as hugetlbfs.
  public var major: UInt64
  /// The number within the driver.
  public var minor: UInt64

  /// Takes `st_dev` apart, as `gnu_dev_major(3)` and `gnu_dev_minor(3)` do.
  public init(_ device: UInt64) {
    major = (device >> 8) & 0xfff | (device >> 32) & ~0xfff
    minor = device & 0xff | (device >> 12) & 0xffff_ff00
  }

  /// Reads `fd:01`, two hexadecimal numbers.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ":")
    guard parts.count == 2, let major = UInt64(parts[0], radix: 16), let minor = UInt64(parts[1], radix: 16) else {
      return nil
    }
    self.major = major
    self.minor = minor
  }
}

/// What a file is, whatever path leads to it: the same in every mount namespace.
public struct FileIdentity: Hashable, Sendable {
  /// The file system that it is on.
  public var device: DeviceNumber
  /// Its number there.
  public var inode: UInt64

  public init(device: DeviceNumber, inode: UInt64) {
    self.device = device
    self.inode = inode
  }
}
