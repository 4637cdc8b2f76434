/// A DPDK from source that `install` put on this host, as the journal has it: written before the first file.
public struct SourceRecord: Codable, Equatable, Sendable {
  public var version: String
  public var prefix: String
  /// Files and links that were not there before, those of all runs.
  public var files: [String]
  /// Directories that were not there before, each before those in it.
  public var directories: [String]

  public init(version: String, prefix: String, files: [String], directories: [String]) {
    self.version = version
    self.prefix = prefix
    self.files = files
    self.directories = directories
  }

  /// With what an earlier run put there: that may be of another release, and is ours as well.
  public func adding(_ earlier: SourceRecord?) -> SourceRecord {
    guard let earlier else { return self }
    var record = self
    record.files = Set(files).union(earlier.files).sorted()
    record.directories = Set(directories).union(earlier.directories).sorted()
    return record
  }
}

extension Finding {
  /// What is in the way of an installation: files that are there, and are not of an earlier one.
  ///
  /// - Parameter paths: those of the new DPDK that exist, sorted.
  public static func sourceOccupied(_ paths: [String], by earlier: SourceRecord?) -> Finding? {
    let ours = Set(earlier?.files ?? [])
    let theirs = paths.filter { !ours.contains($0) }
    guard let first = theirs.first else { return nil }
    let more = theirs.count > 1 ? " and \(theirs.count - 1) more" : ""
    return Finding(
      "source.occupied", .blocker, subject: first,
      message: "is there already\(more), from another installation than this program's, and could not be brought back",
      remedy: "remove that DPDK ('ninja uninstall' where it was built), or name a directory of its own with --destdir")
  }

  /// What a `revert` leaves; nil where nothing of a source is in the journal.
  public static func sourceLeft(_ entries: [JournalEntry]) -> Finding? {
    for entry in entries {
      guard case .source(let record) = entry.effect else { continue }
      let count = record.files.count
      return Finding(
        "source.left", .info, subject: "DPDK \(record.version)",
        message:
          "what 'install --from-source' put into '\(record.prefix)' is left: \(count) \(count == 1 ? "file" : "files")",
        remedy: "'sudo dpdk-host revert --packages' takes them away")
    }
    return nil
  }

  /// Where the loader does not look for what was installed.
  ///
  /// - Parameters:
  ///   - directory: of `librte_eal.so`.
  ///   - cache: what `ldconfig -p` prints.
  public static func sourceUnreachable(_ directory: String, cache: String) -> Finding? {
    let isKnown = cache.split(separator: "\n").contains { line in
      line.contains("librte_eal.so") && line.hasSuffix("librte_eal.so") == false && line.contains("=> \(directory)/")
    }
    guard !isKnown else { return nil }
    return Finding(
      "source.unreachable", .warning, subject: directory, message: "the loader does not look there for libraries",
      remedy: "write '\(directory)' into '/etc/ld.so.conf.d/dpdk.conf', and run 'sudo ldconfig'")
  }
}
