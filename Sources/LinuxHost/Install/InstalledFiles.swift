internal import Glibc
internal import Provisioning
internal import SystemPackage

/// A file or a link as it is now; nil where nothing is there.
func stamp(_ path: String) -> SourceFile? {
  var status = stat()
  guard lstat(path, &status) == 0 else { return nil }
  return SourceFile(
    path, size: Int(status.st_size), modified: status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec)
}

extension SourceRecord {
  /// Those of its files that are there, and that nobody replaced.
  var intactFiles: [SourceFile] { files.filter { file in stamp(file.path).map(file.isIntact) ?? false } }
}

/// Removes those of our files that are as we put them there, and leaves those that somebody replaced.
///
/// - Parameter command: what to run where one cannot be removed.
/// - Returns: how many were removed, and the paths that were left.
/// - Throws: where one cannot be removed; those before it are.
func removeIntact(_ files: [SourceFile], thenRun command: String) throws(HostError) -> (removed: Int, left: [String]) {
  var removed = 0
  var left: [String] = []
  for file in files {
    guard let now = stamp(file.path) else { continue }
    guard file.isIntact(now) else {
      left.append(file.path)
      continue
    }
    do { try systemCall { unlink(file.path) } } catch {
      throw HostError(
        "cannot remove '\(file.path)'", errno: error, remedy: "make it removable, then run \(command) again")
    }
    removed += 1
  }
  return (removed, left)
}

/// What lies below a staging directory, by the paths that it will have: files and links, and directories, each before
/// what is in it.
func stagedPaths(_ stage: String) throws(HostError) -> (files: [String], directories: [String]) {
  var files: [String] = []
  var directories: [String] = []
  func look(_ path: String) throws(HostError) {
    do {
      for name in try HostRoot.runningHost.entries(stage + path) ?? [] {
        let below = "\(path)/\(name)"
        guard try HostRoot.runningHost.status(stage + below)?.kind == .directory else {
          files.append(below)
          continue
        }
        directories.append(below)
        try look(below)
      }
    } catch let error as Errno { throw HostError("cannot read '\(stage)\(path)'", errno: error) } catch {
      throw error as? HostError ?? HostError("cannot read '\(stage)\(path)': \(error)")
    }
  }
  try look("")
  return (files.sorted(), directories.sorted())
}

/// The libraries of another's DPDK below a prefix: what can be known of ``Finding/sourceOccupied(_:)`` before a build.
func foreignLibraries(below prefix: String, ours: [SourceFile]) -> [String] {
  let root = HostRoot.runningHost
  func names(_ directory: String, _ prefix: String = "") -> [String] {
    ((try? root.entries(directory, prefix: prefix)) ?? nil ?? []).map { "\(directory)/\($0)" }
  }
  let directories = ["\(prefix)/lib", "\(prefix)/lib64"]
  let all = directories + directories.flatMap { names($0).filter { $0.hasSuffix("-linux-gnu") } }
  let known = Set(ours.map(\.path))
  return all.flatMap { names($0, "librte_eal.so.") }.filter { !known.contains($0) }.sorted()
}
