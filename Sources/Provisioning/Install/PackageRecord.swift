/// What `install` added to this host, as the journal has it: written before the first command, and once more after the last.
public struct PackageRecord: Codable, Equatable, Sendable {
  public var manager: PackageManager
  /// While commands run: everything that was there before. What is not in it, and is there later, was added by them,
  /// dependencies and all. Nil once it is known what was added; a run that was killed leaves it.
  public var before: [String]?
  /// Whether a command of the last run failed: the next run mends what it left first.
  public var isCutShort: Bool
  /// What was to come along with what the commands of the last run asked for, by apt's own reckoning: one that was cut short is
  /// finished with what is depended on, and not with what is recommended.
  public var planned: [String]
  /// Those whose configuration alone was there before: it is somebody else's, and stays.
  public var configured: [String]
  /// By all runs.
  public var added: [String]
  /// What takes repositories away again, and what undoes the effect of packages.
  public var repositories: [[String]]
  public var finishing: [[String]]

  public init(
    manager: PackageManager, before: [String]? = nil, isCutShort: Bool = false, planned: [String] = [],
    configured: [String] = [], added: [String] = [], repositories: [[String]] = [], finishing: [[String]] = []
  ) {
    self.manager = manager
    self.before = before
    self.isCutShort = isCutShort
    self.planned = planned
    self.configured = configured
    self.added = added
    self.repositories = repositories
    self.finishing = finishing
  }

  public var isEmpty: Bool { !isUnfinished && added.isEmpty && repositories.isEmpty && finishing.isEmpty }
  /// Whether the last run failed, or was killed.
  public var isUnfinished: Bool { isCutShort || before != nil }

  /// As it is to be written before anything is installed. What a run that was killed added is ours up to here.
  public func opened(on installed: InstalledPackages) -> PackageRecord {
    var record = before == nil ? self : closed(on: installed, isCutShort: true)
    record.before = installed.ids.sorted()
    record.configured = Set(record.configured).union(installed.configurations.subtracting(record.added)).sorted()
    return record
  }

  /// With what came while a lock was waited for, before anything of ours: it is somebody else's.
  public func widened(by installed: InstalledPackages) -> PackageRecord {
    var record = self
    record.before = Set(before ?? []).union(installed.ids).sorted()
    record.configured = Set(configured).union(installed.configurations.subtracting(added)).sorted()
    return record
  }

  /// As it is after the last command, or after one that failed.
  public func closed(on installed: InstalledPackages, isCutShort: Bool = false) -> PackageRecord {
    var record = self
    record.added = addedIDs(on: installed)
    record.configured = configured.filter(record.added.contains)
    record.before = nil
    record.isCutShort = isCutShort
    if !isCutShort { record.planned = [] }
    return record
  }

  /// With what undoes a step, before the step is made; nil where there is nothing to add.
  public func noting(_ step: InstallStep) -> PackageRecord? {
    var record = self
    switch step.kind {
    case .repository(let undo) where !repositories.contains(undo): record.repositories.append(undo)
    case .finishing(let undo) where !finishing.contains(undo): record.finishing.append(undo)
    case .resume, .refresh, .install, .rest, .repository, .finishing: return nil
    }
    return record
  }

  /// What is there now because of us, be it only the configuration that a removal left which was cut short.
  public func addedIDs(on installed: InstalledPackages) -> [String] {
    let left = installed.configurations.subtracting(configured)
    let now = installed.ids.union(left)
    guard let before else { return added.filter(now.contains) }
    return Set(added).union(now.subtracting(before)).intersection(now).sorted()
  }
}

extension Finding {
  /// What a `revert` leaves; nil where nothing of packages is in the journal.
  public static func packagesLeft(_ entries: [JournalEntry]) -> Finding? {
    for entry in entries {
      guard case .packages(let record) = entry.effect else { continue }
      let left =
        switch record.added.count {
        case 0: "packages that 'install' added are left"
        case 1: "1 package that 'install' added is left"
        case let count: "\(count) packages that 'install' added are left"
        }
      return Finding(
        "packages.left", .info, subject: record.manager.rawValue, message: left,
        remedy: "'sudo dpdk-host revert --packages' takes them away")
    }
    return nil
  }
}
