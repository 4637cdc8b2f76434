/// What `install --from-source` built, or, for a dry run, would build.
public struct SourceReport: Encodable, Equatable, Sendable {
  public var version: String
  public var dryRun: Bool
  /// The drivers that were asked for; once it is built, those of them that it has.
  public var drivers: [String]
  /// The commands in order, each as its words.
  public var commands: [[String]]
  /// `--destdir`; empty for this host itself.
  public var destination: String
  public var prefix: String
  /// How many files were put there.
  public var files: Int
  /// Where that is which was said while it was built; nil where nothing was.
  public var log: String?

  public init(
    version: String, dryRun: Bool, drivers: [String], commands: [[String]], destination: String, prefix: String,
    files: Int = 0, log: String? = nil
  ) {
    self.version = version
    self.dryRun = dryRun
    self.drivers = drivers
    self.commands = commands
    self.destination = destination
    self.prefix = prefix
    self.files = files
    self.log = log
  }
}
