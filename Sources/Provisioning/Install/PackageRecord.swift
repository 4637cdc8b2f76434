/// What `install` added to this host, as the journal has it: written before the first command, and once more after the last.
public struct PackageRecord: Codable, Equatable, Sendable {
  public var manager: PackageManager
  /// While commands run: everything that was there before. What is not in it, and is there later, was added by them,
  /// dependencies and all. Nil once it is known what was added.
  public var before: [String]?
  /// Those whose configuration alone was there before: it is somebody else's, and stays.
  public var configured: [String]
  /// By all runs that came to their end.
  public var added: [String]
  /// What takes repositories away again, and what undoes the effect of packages.
  public var repositories: [[String]]
  public var finishing: [[String]]

  public init(
    manager: PackageManager, before: [String]? = nil, configured: [String] = [], added: [String] = [],
    repositories: [[String]] = [], finishing: [[String]] = []
  ) {
    self.manager = manager
    self.before = before
    self.configured = configured
    self.added = added
    self.repositories = repositories
    self.finishing = finishing
  }

  public var isEmpty: Bool { before == nil && added.isEmpty && repositories.isEmpty && finishing.isEmpty }

  /// As it is to be written before anything is installed. One that is open already keeps what it knows.
  public func opened(on installed: InstalledPackages) -> PackageRecord {
    guard before == nil else { return self }
    var record = self
    record.before = installed.ids.sorted()
    record.configured = Set(configured).union(installed.configurations.subtracting(added)).sorted()
    return record
  }

  /// As it is after the last command, or after one that failed.
  public func closed(on installed: InstalledPackages) -> PackageRecord {
    var record = self
    record.before = nil
    record.added = addedIDs(on: installed)
    record.configured = configured.filter { record.added.contains($0) }
    return record
  }

  /// With what undoes a step, before the step is made; nil where there is nothing to add.
  public func noting(_ step: InstallStep) -> PackageRecord? {
    var record = self
    switch step.kind {
    case .repository(let undo) where !repositories.contains(undo): record.repositories.append(undo)
    case .finishing(let undo) where !finishing.contains(undo): record.finishing.append(undo)
    case .resume, .refresh, .install, .repository, .finishing: return nil
    }
    return record
  }

  /// What is there now because of us.
  public func addedIDs(on installed: InstalledPackages) -> [String] {
    let now = installed.ids
    guard let before else { return added.filter(now.contains) }
    return Set(added).union(now.subtracting(before)).intersection(now).sorted()
  }
}

extension Finding {
  /// What a `revert` leaves; nil where nothing of packages is in the journal.
  public static func packagesLeft(_ entries: [JournalEntry]) -> Finding? {
    for entry in entries {
      guard case .packages(let record) = entry.effect else { continue }
      let count = record.added.isEmpty ? "packages" : "\(record.added.count) packages"
      return Finding(
        "packages.left", .info, subject: record.manager.rawValue, message: "\(count) that 'install' added are left",
        remedy: "'sudo dpdk-host revert --packages' takes them away")
    }
    return nil
  }
}

/// Which of our packages others have come to need, from what the trial of a removal said.
public enum RemovalTrial {
  /// dpkg names the package: `dpkg: dependency problems prevent removal of librte-eal23:amd64:`, then a line for each that
  /// needs it.
  public static func neededByDpkg(_ output: String) -> [(name: String, by: String)] {
    let lines = output.split(separator: "\n")
    let mark = "dependency problems prevent removal of "
    return lines.indices.compactMap { index in
      guard let range = lines[index].firstRange(of: mark) else { return nil }
      let name = lines[index][range.upperBound...].trimmingSuffix(":")
      let by = index + 1 < lines.count ? lines[index + 1].split(separator: " ").first : nil
      return (String(name), by.map(String.init) ?? "another package")
    }
  }

  /// rpm names what the package provides: `libfoo.so.1()(64bit) is needed by (installed) bar-1.0-1.x86_64`.
  public static func neededByRPM(_ output: String) -> [(capability: String, by: String)] {
    let mark = " is needed by (installed) "
    return output.split(separator: "\n").compactMap { line in
      guard let range = line.firstRange(of: mark) else { return nil }
      return (String(line[..<range.lowerBound].trimmingBlanks), String(line[range.upperBound...].trimmingBlanks))
    }
  }
}

extension Substring {
  fileprivate func trimmingSuffix(_ suffix: Character) -> Substring {
    last == suffix ? dropLast() : self
  }
}
