internal import FoundationEssentials
internal import Glibc
internal import Provisioning
internal import SystemPackage

/// Where DPDK is built: root's own, so that nobody else puts anything there.
enum SourceDirectory {
  static let path = "\(parent)/source"
  static let parent = "/var/cache/dpdk-host"
}

/// The right to build: one build at a time, while others may change this host.
///
/// An advisory lock (`flock(2)`) on the directory itself, which goes with its owner and leaves nothing.
struct SourceLock: ~Copyable {
  private let directory: FileDescriptor

  /// - Throws: where another builds, or the directory cannot be made.
  init() throws(HostError) {
    let file: FileDescriptor
    do {
      // A minimal image may be without it.
      for directory in ["/var/cache", SourceDirectory.parent] { try makeDirectory(FilePath(directory)) }
      file = try HostRoot.runningHost.open(SourceDirectory.parent, O_RDONLY | O_DIRECTORY)
    } catch {
      throw HostError(
        "cannot make '\(SourceDirectory.parent)'", errno: error,
        remedy: "make room, or make '/var/cache' one that can be written")
    }
    do { try systemCall { flock(file.rawValue, LOCK_EX | LOCK_NB) } } catch {
      try? file.close()
      throw HostError("another dpdk-host is building DPDK", remedy: "wait for it to end, then run the command again")
    }
    guard HostLock.isStill(file, at: SourceDirectory.parent) else {
      try? file.close()
      throw HostError("'\(SourceDirectory.parent)' was removed by another dpdk-host", remedy: "run the command again")
    }
    directory = file
  }

  deinit { try? directory.close() }
}

/// Makes the directory anew: what an earlier run left, however it ended, goes first.
func prepare(_ paths: SourcePaths) throws(HostError) {
  try removeTree(paths.work)
  do {
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
func isThere(_ path: String) -> Bool { stamp(path) != nil }

/// Says before a build, which takes minutes, where nothing can be put: what is to hold it is no directory, or cannot be
/// written.
///
/// - Parameter isDryRun: does not try to write.
func refuse(destination: String, isDryRun: Bool) throws(HostError) {
  var place = FilePath(destination)
  while !isThere(place.string), place.removeLastComponent() {}
  let remedy = "name a directory that can be written with --destdir"
  guard (try? HostRoot.runningHost.status(place.string, followingLast: true))??.kind == .directory else {
    throw HostError("cannot install below '\(destination)': '\(place)' is no directory", remedy: remedy)
  }
  guard !isDryRun else { return }
  let trial = place.appending(".dpdk-host-\(getpid())").string
  do { try systemCall { mkdir(trial, 0o700) } } catch {
    throw HostError("cannot install below '\(destination)'", errno: error, remedy: remedy)
  }
  rmdir(trial)
}
