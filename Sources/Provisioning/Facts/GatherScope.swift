/// What gathering must look at beyond what every host has: the names that a profile brings in.
public struct GatherScope: Equatable, Sendable {
  /// Kernel module names, in the order in which they are wanted.
  public var modules: [String]
  /// Absolute paths whose state a plan will need.
  public var paths: [String]
  public var users: [String]
  public var groups: [String]
  /// Absolute paths of files and links whose content a plan will need.
  public var files: [String]
  /// Whether the boot configuration is read: grub.cfg and all that it is made of.
  public var boot: Bool
  /// Whether every process is asked for the hugepages that it holds: needless where only interfaces matter.
  public var hugepageUse: Bool

  public init(
    modules: [String] = [], paths: [String] = [], users: [String] = [], groups: [String] = [], files: [String] = [],
    boot: Bool = true, hugepageUse: Bool = true
  ) {
    self.modules = modules
    self.paths = paths
    self.users = users
    self.groups = groups
    self.files = files
    self.boot = boot
    self.hugepageUse = hugepageUse
  }
}
