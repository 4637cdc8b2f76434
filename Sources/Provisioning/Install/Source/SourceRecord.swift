/// A DPDK from source that `install` put on this host, as the journal has it: written before the first file.
public struct SourceRecord: Codable, Equatable, Sendable {
  public var version: String
  public var prefix: String
  /// Files and links that were not there before; while one run takes the place of another, those of both.
  public var files: [SourceFile]
  /// Directories that were not there before, each before those in it.
  public var directories: [String]

  public init(version: String, prefix: String, files: [SourceFile], directories: [String]) {
    self.version = version
    self.prefix = prefix
    self.files = files
    self.directories = directories
  }

  /// With what an earlier run put there, which may be of another release, and is ours as well.
  ///
  /// - Parameter intact: those of its files that nobody has replaced.
  public func adding(_ earlier: SourceRecord?, intact: [SourceFile]) -> SourceRecord {
    guard let earlier else { return self }
    var record = self
    let new = Set(files.map(\.path))
    record.files = (files + intact.filter { !new.contains($0.path) }).sorted { $0.path < $1.path }
    record.directories = Set(directories).union(earlier.directories).sorted()
    return record
  }
}

extension Finding {
  /// What is in the way of an installation: files that are there, and are not of an earlier one.
  ///
  /// - Parameter theirs: their paths, sorted.
  public static func sourceOccupied(_ theirs: [String]) -> Finding? {
    guard let first = theirs.first else { return nil }
    return Finding(
      sourceOccupiedID, .blocker, subject: first,
      message:
        "is there already\(more(than: theirs)), from another installation than this program's, and could not be brought back",
      remedy: "remove that DPDK ('ninja uninstall' where it was built), or name a directory of its own with --destdir")
  }

  static let sourceOccupiedID = "source.occupied"

  /// What was not taken away, as it is not what this program put there.
  ///
  /// - Parameter paths: sorted.
  public static func sourceReplaced(_ paths: [String]) -> Finding? {
    guard let first = paths.first else { return nil }
    return Finding(
      "source.replaced", .info, subject: first,
      message: "is kept\(more(than: paths)): somebody replaced what 'install --from-source' had put there",
      remedy: "remove it by hand if nothing needs it ('ninja uninstall' where it was built)")
  }

  private static func more(than paths: [String]) -> String {
    paths.count > 1 ? " and \(paths.count - 1) more" : ""
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
      line.contains("librte_eal.so") && !line.hasSuffix("librte_eal.so") && line.contains("=> \(directory)/")
    }
    guard !isKnown else { return nil }
    return Finding(
      "source.unreachable", .warning, subject: directory, message: "the loader does not look there for libraries",
      remedy: "write '\(directory)' into '/etc/ld.so.conf.d/dpdk.conf', and run 'sudo ldconfig'")
  }
}
