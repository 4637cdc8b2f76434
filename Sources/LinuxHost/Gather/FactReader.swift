import Provisioning
import SystemPackage

/// Reads a host's files and keeps account of those that could not be read or understood.
///
/// One extension a concern, in the files beside this one, turns what it reads into facts.
struct FactReader {
  let root: HostRoot
  private(set) var unreadable: [UnreadableFile] = []

  init(_ root: HostRoot) { self.root = root }

  /// The text of a file; nil where there is none, or where it cannot be read, which is recorded.
  ///
  /// - Parameter lastRead: as in ``HostRoot/contents(_:lastRead:)``.
  mutating func text(_ path: String, lastRead: Int = 1) -> String? {
    recording(path) { [root] () throws(Errno) in try root.contents(path, lastRead: lastRead) }
  }

  /// The text of a file of one line, without white space around it; nil for an empty one.
  mutating func line(_ path: String) -> String? {
    guard let text = text(path) else { return nil }
    let line = text.trimmingBlanks
    return line.isEmpty ? nil : String(line)
  }

  /// An attribute of sysfs; nil also where its driver has no answer, as for the speed of a link that is down.
  mutating func attribute(_ path: String) -> String? {
    recording(path) { [root] () throws(Errno) -> String? in
      do throws(Errno) {
        return try root.contents(path)
      } catch {
        guard error == .invalidArgument || error == .notSupported else { throw error }
        return nil
      }
    }
  }

  /// A file as `parse` understands it; nil where it is absent, or where it makes no sense, which is recorded.
  mutating func value<Value>(_ path: String, _ expected: String, _ parse: (String) -> Value?) -> Value? {
    guard let text = text(path) else { return nil }
    if let value = parse(text) { return value }
    record(path, "not \(expected): '\(text.prefix(60).trimmingBlanks)'")
    return nil
  }

  /// The sorted names in a directory; nil where there is none, or where it cannot be listed, which is recorded.
  mutating func entries(_ path: String, prefix: String = "") -> [String]? {
    recording(path) { [root] () throws(Errno) in try root.entries(path, prefix: prefix) }
  }

  /// What is at a path; nil where nothing is, or where that cannot be told, which is recorded.
  mutating func status(_ path: String, followingLast: Bool = true) -> FileStatus? {
    recording(path) { [root] () throws(Errno) in try root.status(path, followingLast: followingLast) }
  }

  /// The last component of what a link points at: in sysfs the name of a driver or a subsystem.
  mutating func linkName(_ path: String) -> String? {
    let target = recording(path) { [root] () throws(Errno) in try root.link(path) }
    return target?.split(separator: "/").last.map(String.init)
  }

  /// Records that a file could not be used; of several reasons the first is kept.
  mutating func record(_ path: String, _ reason: String) {
    guard !unreadable.contains(where: { $0.path == path }) else { return }
    unreadable.append(UnreadableFile(path: path, reason: reason))
  }

  private mutating func recording<Value>(_ path: String, _ read: () throws(Errno) -> Value?) -> Value? {
    do {
      return try read()
    } catch {
      record(path, error.description)
      return nil
    }
  }
}
