internal import Glibc
internal import Provisioning
internal import SystemPackage

/// Mounts hugetlbfs, with `mount(2)`; every missing directory on the way is made and journalled first.
///
/// - Privileges: root (`CAP_SYS_ADMIN`).
/// - On failure: directories that were made stay, in the journal.
func mountHugetlbfs(_ wanted: HugetlbfsMount, _ journal: Journal) throws(HostError) {
  for directory in missingDirectories(to: FilePath(wanted.target)) {
    try journal.record(.directory(path: directory.string))
    do { try makeDirectory(directory) } catch { throw HostError("cannot make '\(directory)'", errno: error) }
  }
  try journal.record(.mount(target: wanted.target, pageSize: wanted.pageSize))
  do {
    try systemCall {
      mount(HugetlbfsMount.source, wanted.target, "hugetlbfs", UInt(MS_NOSUID | MS_NODEV), wanted.options)
    }
  } catch {
    throw HostError("cannot mount hugetlbfs (\(wanted.options)) on '\(wanted.target)'", errno: error)
  }
}

/// The ancestors of a path that do not exist, outermost first, the path itself last.
private func missingDirectories(to path: FilePath) -> [FilePath] {
  var missing: [FilePath] = []
  var path = path
  while access(path.string, F_OK) != 0, !path.components.isEmpty {
    missing.append(path)
    path.removeLastComponent()
  }
  return missing.reversed()
}

/// `umount2(2)`, never lazily and never by force: a mount in use stays, and that is an error.
func unmount(_ target: String) throws(HostError) {
  do { try systemCall { umount2(target, Int32(UMOUNT_NOFOLLOW)) } } catch {
    throw HostError(
      "cannot unmount '\(target)'", errno: error, remedy: error == .resourceBusy ? "end the process that uses it" : "")
  }
}

/// `rmdir(2)`: a directory that is gone, or that somebody put something into or mounted on, is no error.
func removeDirectory(_ path: String, in root: HostRoot = .runningHost) throws(HostError) {
  let place = path.folderAndName
  let isThere: Bool
  do { isThere = try root.status(place.folder, followingLast: true)?.kind == .directory } catch {
    throw HostError("cannot look at '\(place.folder)'", errno: error)
  }
  if isThere { try HostFolder(root, place.folder).removeFolder(place.name) }
}
