/// What it takes to make a profile last: what the files that `apply` leaves on the host are made of.
public struct Persistence: Equatable, Sendable {
  /// The files of `grub.d` and `systemd`, by name.
  public var templates: [String: String]
  /// `dpdk-host`, as an absolute path in the host that boots; nil where that host has none.
  public var program: String?
  /// The profile as it was read: the host keeps its own copy, which is what later boots hold it to.
  public var profileText: String
  /// The findings that were waived, in ascending order: they are waived at the next boot, too.
  public var waived: [String]

  public init(templates: [String: String], program: String?, profileText: String, waived: [String] = []) {
    self.templates = templates
    self.program = program
    self.profileText = profileText
    self.waived = waived
  }
}
