internal import Glibc
public import Provisioning
internal import SystemPackage

/// Leaves the unit that goes on with `provision` after the reboot. It is not in the journal: it takes itself away.
///
/// - Privileges: root.
/// - On failure: a unit without its link may be left, which starts nothing.
public func leaveContinuation(_ continuation: Continuation) throws(HostError) {
  for file in continuation.files {
    let path = FilePath(file.path)
    do {
      try makeDirectory(path.removingLastComponent())
      switch file.content {
      case .text(let text): try replaceFile(path, with: text.utf8)
      case .link(let target):
        unlink(file.path)
        try systemCall { symlink(target, file.path) }
        try syncDirectory(path.removingLastComponent())
      }
    } catch { throw HostError("cannot write '\(path)'", errno: error as? Errno) }
  }
}

/// Takes it away, its link first; what is not there is no error.
///
/// - Privileges: root.
public func removeContinuation() throws(HostError) {
  for path in Continuation.paths.reversed() {
    do { try systemCall { unlink(path) } } catch {
      guard [.noSuchFileOrDirectory, .notDirectory].contains(error) else {
        throw HostError("cannot remove '\(path)'", errno: error)
      }
      continue
    }
    // After a loss of power it would come again.
    try? syncDirectory(FilePath(path).removingLastComponent())
  }
}

/// Writes a report where somebody will look for it, whole at once; an earlier one stays until then.
///
/// - Privileges: those that the path needs.
public func writeResult(_ text: String, to path: String) throws(HostError) {
  do { try replaceFile(FilePath(path), with: text.utf8) } catch {
    throw HostError("cannot write '\(path)'", errno: error as? Errno)
  }
}
