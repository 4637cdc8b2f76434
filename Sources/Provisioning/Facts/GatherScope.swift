/// What gathering must look at beyond what every host has: the names that a profile brings in.
public struct GatherScope: Equatable, Sendable {
  /// Kernel module names, in the order in which they are wanted.
  public var modules: [String]
  /// Absolute paths whose state a plan will need.
  public var paths: [String]
  public var users: [String]
  public var groups: [String]
  /// Whether every process is asked for the hugepages that it holds: needless where only interfaces matter.
  public var hugepageUse: Bool

  public init(
    modules: [String] = [], paths: [String] = [], users: [String] = [], groups: [String] = [], hugepageUse: Bool = true
  ) {
    self.modules = modules
    self.paths = paths
    self.users = users
    self.groups = groups
    self.hugepageUse = hugepageUse
  }
}
