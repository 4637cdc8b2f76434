internal import Glibc
internal import Provisioning
internal import SystemPackage

/// Puts a file or a link of ours in its place; missing folders on the way are made, and all of it is journalled first.
///
/// - Privileges: root.
/// - On failure: what was there is still there; folders that were made stay, in the journal.
func writeLastingFile(_ file: LastingFile, _ journal: Journal, in root: HostRoot) throws(HostError) {
  let place = file.path.folderAndName
  try makeFolders(place.folder, journal, in: root)
  let folder = try HostFolder(root, place.folder)
  folder.dropBeside(place.name)
  switch file.content {
  case .text(let text):
    let before = try folder.saved(place.name)
    // Explicit, whatever the umask and the file of before: systemd warns of units that others may write.
    let content = SavedFile(text: text)
    guard before != content else { return }
    try journal.record(.file(path: file.path, before: before))
    try folder.replace(place.name, with: content)
  case .link(let target):
    let before = try current(file.path, in: root)
    guard before != target else { return }
    try journal.record(.link(path: file.path, before: before))
    try folder.link(place.name, to: target)
  }
}

/// Removes a file or a link that an earlier profile wanted; one that is gone is no error.
func removeLastingFile(_ path: String, _ journal: Journal, in root: HostRoot) throws(HostError) {
  let place = path.folderAndName
  let folder = try HostFolder(root, place.folder)
  if let target = try current(path, in: root) {
    try journal.record(.link(path: path, before: target))
  } else if let before = try folder.saved(place.name) {
    try journal.record(.file(path: path, before: before))
  } else {
    return
  }
  try folder.remove(place.name)
}

/// Puts back what was there before the first `apply`, or takes away what is there now.
func restoreFile(_ path: String, _ before: SavedFile?, in root: HostRoot) throws(HostError) {
  try inFolder(of: path, root) { (folder, name) throws(HostError) in
    if let before { try folder.replace(name, with: before) } else { try folder.remove(name) }
  }
}

func restoreLink(_ path: String, _ before: String?, in root: HostRoot) throws(HostError) {
  try inFolder(of: path, root) { (folder, name) throws(HostError) in
    if let before { try folder.link(name, to: before) } else { try folder.remove(name) }
  }
}

/// A folder that is gone has nothing in it to be restored.
private func inFolder(
  of path: String, _ root: HostRoot, _ body: (borrowing HostFolder, String) throws(HostError) -> Void
) throws(HostError) {
  let place = path.folderAndName
  let isThere: Bool
  do { isThere = try root.status(place.folder, followingLast: true) != nil } catch {
    throw HostError("cannot look at '\(place.folder)'", errno: error)
  }
  guard isThere else { return }
  let folder = try HostFolder(root, place.folder)
  folder.dropBeside(place.name)
  try body(folder, place.name)
}

/// Where a link leads; nil where no link is.
private func current(_ path: String, in root: HostRoot) throws(HostError) -> String? {
  do {
    guard try root.status(path)?.kind == .symbolicLink else { return nil }
    return try root.link(path)
  } catch { throw HostError("cannot look at '\(path)'", errno: error) }
}

/// Makes a folder and those that it is in, each journalled first.
func makeFolders(_ path: String, _ journal: Journal, in root: HostRoot) throws(HostError) {
  var missing: [String] = []
  var path = path
  do {
    while path != "/", try root.status(path, followingLast: true) == nil {
      missing.append(path)
      path = path.folderAndName.folder
    }
  } catch { throw HostError("cannot look at '\(path)'", errno: error) }
  for folder in missing.reversed() {
    try journal.record(.directory(path: folder))
    let place = folder.folderAndName
    try HostFolder(root, place.folder).makeFolder(place.name)
  }
}
