/// A line of `/proc/self/mountinfo`, as far as it says which disk is mounted where.
public struct MountedDevice: Equatable, Sendable {
  public var target: String
  public var device: DeviceNumber
  /// `/dev/sda1`, or whatever else the mount was made from.
  public var source: String

  /// All lines, in their order; nil where one has not the form of `proc_pid_mountinfo(5)`.
  ///
  /// `36 35 98:0 /root /mnt rw,noatime master:1 - ext3 /dev/root rw`: a hyphen ends the optional fields.
  public static func table(_ text: String) -> [MountedDevice]? {
    var devices: [MountedDevice] = []
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard let hyphen = fields.firstIndex(of: "-"), hyphen >= 6, fields.count > hyphen + 2,
        let number = DeviceNumber(decimal: fields[2])
      else { return nil }
      devices.append(
        MountedDevice(
          target: fields[4].resolvingOctalEscapes, device: number,
          source: fields[hyphen + 2].resolvingOctalEscapes))
    }
    return devices
  }

  public init(target: String, device: DeviceNumber, source: String) {
    self.target = target
    self.device = device
    self.source = source
  }
}

extension DeviceNumber {
  /// Reads `259:2`.
  public init?(decimal text: some StringProtocol) {
    let parts = text.split(separator: ":")
    guard parts.count == 2, let major = UInt64(parts[0]), let minor = UInt64(parts[1]) else { return nil }
    self.major = major
    self.minor = minor
  }

  public init(major: UInt64, minor: UInt64) {
    self.major = major
    self.minor = minor
  }
}
