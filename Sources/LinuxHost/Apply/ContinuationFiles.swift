internal import Glibc
public import Provisioning
internal import SystemPackage

/// Leaves the unit that goes on with `provision` after the reboot. It is not in the journal: it takes itself away.
///
/// - Privileges: root.
/// - On failure: a unit without its link may be left, which starts nothing.
public func leaveContinuation(_ continuation: Continuation) throws(HostError) {
  for file in continuation.files {
    let place = file.path.folderAndName
    do { try makeDirectory(FilePath(place.folder)) } catch {
      throw HostError("cannot make '\(place.folder)'", errno: error)
    }
    let folder = try HostFolder(.runningHost, place.folder)
    switch file.content {
    case .text(let text): try folder.replace(place.name, with: SavedFile(text: text))
    case .link(let target): try folder.link(place.name, to: target)
    }
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
