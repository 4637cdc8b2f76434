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

  /// Writes what was there before beside each file, from where ``putBack(_:)`` takes it: a disk can be full by then.
  ///
  /// - Returns: where the old files lie, by path, for a look at the menu as it was.
  @discardableResult
  func keepOld(_ files: [FileChange]) throws(HostError) -> [String: String] {
    var standIns: [String: String] = [:]
    for file in files {
      guard let before = file.before else { continue }
      let place = file.path.folderAndName
      try HostFolder(root, place.folder).prepare(place.name, before, as: .old)
      standIns[file.path] = HostFolder.Beside.old.path(of: file.path)
    }
    return standIns
  }

  /// Makes one file as it was before, from what ``keepOld(_:)`` has kept.
  func putBack(_ file: FileChange) throws(HostError) {
    let place = file.path.folderAndName
    let folder = try HostFolder(root, place.folder)
    if file.before == nil { try folder.remove(place.name) } else { try folder.commit(place.name, from: .old) }
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
