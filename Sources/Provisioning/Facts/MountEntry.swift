/// One line of `/proc/mounts`, its octal escapes resolved.
public struct MountEntry: Codable, Equatable, Sendable {
  public var source: String
  public var target: String
  public var type: String
  public var options: [String]

  public init(source: String, target: String, type: String, options: [String]) {
    self.source = source
    self.target = target
    self.type = type
    self.options = options
  }
}

/// A mount point that the host will use, whether or not something is mounted there now.
public struct ExpectedMount: Codable, Equatable, Sendable {
  public var target: String
  /// Where it says so: `/etc/fstab`, `/etc/waagent.conf`.
  public var declaredIn: String

  public init(target: String, declaredIn: String) {
    self.target = target
    self.declaredIn = declaredIn
  }
}
