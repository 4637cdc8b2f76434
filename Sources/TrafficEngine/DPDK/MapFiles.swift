import Glibc

/// The files of a run on a hugetlbfs mount, which EAL leaves there when it ends.
struct MapFiles {
  let directory: String
  let filePrefix: String

  /// Deletes `PREFIXmap_N`, as far as no other process has locked one: EAL holds a shared lock on what it uses.
  func remove() {
    guard let stream = opendir(directory) else { return }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name.hasPrefix("\(filePrefix)map_") else { continue }
      let path = "\(directory)/\(name)"
      let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
      guard file >= 0 else { continue }
      if flock(file, LOCK_EX | LOCK_NB) == 0 { unlink(path) }
      close(file)
    }
  }
}
