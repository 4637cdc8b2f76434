internal import FoundationEssentials
internal import Glibc
public import Provisioning
public import SystemPackage

/// The record of what was changed on this host, written and synced before each change.
///
/// JSON lines in `/var/lib/dpdk-host/journal.jsonl`: it outlives a reboot, because some of our effects do; each line
/// carries the boot and the machine that it belongs to, so that a copied disk or a new boot is noticed. `revert`
/// removes it.
///
/// That of an image lies in the image, and names neither a boot nor a machine: least of all those of the machine that
/// it was written on.
public struct Journal: Sendable {
  private let directory: FilePath
  private let isOfImage: Bool

  public var path: FilePath { directory.appending("journal.jsonl") }

  /// The journal of this host, or, for tests, one elsewhere.
  public init(directory: FilePath = Self.directory) {
    self.directory = directory
    isOfImage = false
  }

  public static let directory: FilePath = "/var/lib/dpdk-host"

  /// The journal of a host or of an image.
  ///
  /// - Throws: where a link on the way to it leads in a circle.
  public init(_ root: HostRoot) throws(HostError) {
    do { directory = try root.location(of: Self.directory.string) } catch {
      throw HostError("cannot reach '\(Self.directory)'", errno: error)
    }
    isOfImage = !root.isRunningHost
  }

  /// The entries in the order written; empty where there is no journal.
  ///
  /// A last line that a crash cut short is dropped: its effect was not begun. Any other line that cannot be read is
  /// an error, since skipping it would lose an original.
  public func entries() throws(HostError) -> [JournalEntry] {
    let text: String
    do {
      guard let contents = try HostRoot.runningHost.contents(path.string) else { return [] }
      text = contents
    } catch { throw HostError("cannot read '\(path)'", errno: error) }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    var entries: [JournalEntry] = []
    for (index, line) in lines.enumerated() where !line.isEmpty {
      if let entry = try? JSONDecoder().decode(JournalEntry.self, from: Data(line.utf8)) {
        entries.append(entry)
      } else if index < lines.count - 1 {
        throw HostError(
          "'\(path)' line \(index + 1) is not a journal entry",
          remedy: "mend or remove the line; what it recorded must be undone by hand")
      }
    }
    return entries
  }

  /// Writes one effect and waits until it is on the disk.
  ///
  /// - Privileges: root.
  func record(_ effect: Effect) throws(HostError) {
    let entry = JournalEntry(
      time: timestamp(), boot: isOfImage ? JournalEntry.image : try Self.bootID(),
      machine: isOfImage ? nil : Self.machineID(), effect: effect)
    do {
      // A name lasts when the directory that holds it is synced: once, when it is new.
      if try makeDirectory(directory) { try syncDirectory(directory.removingLastComponent()) }
      let isNew = access(path.string, F_OK) != 0
      let line = try Self.line(entry)
      let file = try FileDescriptor.open(
        path, .writeOnly, options: [.create, .append, .closeOnExec, .noFollow], permissions: .ownerReadWrite)
      try file.closeAfter {
        // It holds files that others may not read: a boot loader's configuration can have a password in it.
        try systemCall { fchmod(file.rawValue, 0o600) }
        try dropUnfinishedLine()
        try file.writeAll(line)
        try systemCall { fsync(file.rawValue) }
      }
      if isNew { try syncDirectory(directory) }
    } catch let error as Errno {
      throw HostError(
        "cannot write '\(path)'", errno: error, remedy: "the change that it would have recorded was not made")
    } catch { throw HostError("cannot write '\(path)': \(error)") }
  }

  /// Replaces the whole journal, in one step.
  func rewrite(_ entries: [JournalEntry]) throws(HostError) {
    do { try replaceFile(path, with: Data(entries.map(Self.line).joined()), permissions: .ownerReadWrite) } catch {
      throw HostError("cannot write '\(path)'", errno: error as? Errno)
    }
  }

  /// How many bytes it has: a mark to go back to.
  func length() throws(HostError) -> Int {
    do { return try HostRoot.runningHost.bytes(path.string)?.count ?? 0 } catch {
      throw HostError("cannot read '\(path)'", errno: error)
    }
  }

  /// Drops what was recorded after a mark: it is undone already. Needs no space on the disk.
  func forget(after length: Int) throws(HostError) {
    guard length > 0 else { return try remove() }
    do {
      try systemCall { truncate(path.string, off_t(length)) }
      let file = try FileDescriptor.open(path, .writeOnly, options: [.closeOnExec, .noFollow])
      try file.closeAfter { try systemCall { fsync(file.rawValue) } }
    } catch { throw HostError("cannot cut '\(path)'", errno: error as? Errno) }
  }

  /// Removes the journal and its directory: everything it recorded is undone.
  func remove() throws(HostError) {
    do { try systemCall { unlink(path.string) } } catch {
      guard error == .noSuchFileOrDirectory else { throw HostError("cannot remove '\(path)'", errno: error) }
    }
    // Somebody may keep other files there; then it stays.
    _ = rmdir(directory.string)
  }

  private static func line(_ entry: JournalEntry) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(entry) + Data("\n".utf8)
  }

  /// A crash can leave half a line, to which the next one must not be appended.
  private func dropUnfinishedLine() throws {
    guard let text = try HostRoot.runningHost.contents(path.string), !text.isEmpty, !text.hasSuffix("\n") else {
      return
    }
    let kept = text.utf8.lastIndex(of: UInt8(ascii: "\n")).map { text.utf8.distance(from: text.startIndex, to: $0) + 1 }
    try systemCall { truncate(path.string, off_t(kept ?? 0)) }
  }

  /// `/proc/sys/kernel/random/boot_id`: random, new at each boot.
  ///
  /// - Throws: where it cannot be read: without it nothing can be told from another boot's.
  public static func bootID() throws(HostError) -> String {
    guard let id = trimmed("/proc/sys/kernel/random/boot_id") else {
      throw HostError("cannot read '/proc/sys/kernel/random/boot_id'", remedy: "mount /proc")
    }
    return id
  }

  /// `machine-id(5)`; nil where the host has none.
  public static func machineID() -> String? { trimmed("/etc/machine-id") }

  private static func trimmed(_ path: String) -> String? {
    guard let text = try? HostRoot.runningHost.contents(path) else { return nil }
    let word = text.prefix { !$0.isWhitespace }
    return word.isEmpty ? nil : String(word)
  }
}

/// Now, as ISO 8601 in UTC: `2026-11-22T15:07:36Z`.
private func timestamp() -> String {
  var now = time(nil)
  var parts = tm()
  gmtime_r(&now, &parts)
  var text = [CChar](repeating: 0, count: 32)
  let count = strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
  return String(decoding: text[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
}
