/// What `install` did, or, for a dry run, would do.
public struct PackageReport: Encodable, Equatable, Sendable {
  public var manager: PackageManager
  public var dryRun: Bool
  /// What was asked for, or was to come along with a run that was cut short, and was not there.
  public var missing: [String]
  /// The commands in order, each as its words.
  public var commands: [[String]]
  /// What those of the manager, and of dpkg, get beside the path and the language.
  public var environment: [String: String]
  /// What is there now that was not before, dependencies included.
  public var added: [String]
  /// The command that failed.
  public var failed: [String]?

  public init(
    manager: PackageManager, dryRun: Bool, missing: [String] = [], commands: [[String]] = [], added: [String] = [],
    failed: [String]? = nil
  ) {
    self.manager = manager
    self.dryRun = dryRun
    self.missing = missing
    self.commands = commands
    environment = manager.environment
    self.added = added
    self.failed = failed
  }
}
