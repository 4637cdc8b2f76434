internal import Provisioning

/// The files of a boot change, as they are.
struct BootSnapshot {
  let root: HostRoot

  /// Every file that the change writes, or that its tool may change, with what is in it.
  func files(of change: BootChange) throws(HostError) -> [FileChange] {
    try paths(of: change).map { path throws(HostError) in
      FileChange(path: path, before: try current(path))
    }
  }

  /// Nil where no file is, or no folder for it.
  func current(_ path: String) throws(HostError) -> SavedFile? {
    let place = path.folderAndName
    guard try isFolder(place.folder) else { return nil }
    return try HostFolder(root, place.folder).saved(place.name)
  }

  /// Clears away what a run that was ended left beside these files.
  func clear(_ paths: [String]) throws(HostError) {
    for path in paths {
      let place = path.folderAndName
      guard try isFolder(place.folder) else { continue }
      try HostFolder(root, place.folder).dropBeside(place.name)
    }
  }

  private func paths(of change: BootChange) throws(HostError) -> [String] {
    var paths = change.settings == nil ? [] : [change.settingsPath]
    switch change.method {
    case .grubMkconfig(let outputs): paths += outputs
    case .tool(let changes):
      for place in changes {
        guard try isFolder(place) else {
          paths.append(place)
          continue
        }
        paths += try HostFolder(root, place).names().filter { $0.hasSuffix(".conf") && !$0.hasPrefix(".") }
          .map { "\(place)/\($0)" }
      }
    }
    return paths
  }

  private func isFolder(_ path: String) throws(HostError) -> Bool {
    do { return try root.status(path, followingLast: true)?.kind == .directory } catch {
      throw HostError("cannot look at '\(path)'", errno: error)
    }
  }
}

/// Clears away what a change of the boot configuration left beside its files, if it was ended in its last moment.
func clearBesideBootFiles(_ entries: [JournalEntry], in root: HostRoot) throws(HostError) {
  for entry in entries {
    guard case .boot(let record) = entry.effect else { continue }
    try BootSnapshot(root: root).clear(record.files.map(\.path))
  }
}
