internal import FoundationEssentials
internal import Glibc
internal import Provisioning
internal import SystemPackage

/// Where DPDK is built: root's own, so that nobody else puts anything there.
enum SourceDirectory {
  static let path = "\(parent)/source"
  static let parent = "/var/cache/dpdk-host"
}

/// Makes the directory anew: what an earlier run left, however it ended, goes first.
func prepare(_ paths: SourcePaths) throws(HostError) {
  try removeTree(paths.work)
  do {
    // A minimal image may be without it.
    for directory in ["/var/cache", SourceDirectory.parent] { try makeDirectory(FilePath(directory)) }
    try systemCall { mkdir(paths.work, 0o700) }
    for directory in [paths.unpacked, paths.temporary] { try makeDirectory(FilePath(directory)) }
  } catch {
    throw HostError(
      "cannot make '\(paths.work)'", errno: error, remedy: "make room, or make '/var/cache' one that can be written")
  }
}

/// Gives back what the build took; the log stays.
func clear(_ paths: SourcePaths) {
  for directory in [paths.unpacked, paths.build, paths.stage, paths.temporary] { try? removeTree(directory) }
}

/// Removes a directory with all in it, where it is there. No link is followed.
func removeTree(_ path: String) throws(HostError) {
  guard isThere(path) else { return }
  do { try FileManager.default.removeItem(atPath: path) } catch {
    throw HostError("cannot remove '\(path)': \(error)", remedy: "remove it by hand, then run this command again")
  }
}

/// Whether anything is there, a link that leads nowhere too.
func isThere(_ path: String) -> Bool {
  var status = stat()
  return lstat(path, &status) == 0
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
        var status = stat()
        try systemCall { lstat(stage + below, &status) }
        guard status.st_mode & S_IFMT == S_IFDIR else {
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
