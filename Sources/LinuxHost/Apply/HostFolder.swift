internal import CLinuxCalls
internal import Glibc
internal import Provisioning
internal import SystemPackage

/// A folder of a host in which files are replaced, held by its descriptor: a link that is swapped in meanwhile leads
/// nowhere else.
///
/// A file is written beside its place, synced and renamed, and the folder synced: whoever looks, at any moment and after
/// a crash, sees the file of before or the whole new one. Never through a link: what is a link, a folder or a device where
/// a file should be is an error.
///
/// - Privileges: those of the files; root for what `apply` writes.
struct HostFolder: ~Copyable {
  /// As the host has it.
  let path: String
  private let descriptor: FileDescriptor

  init(_ root: HostRoot, _ path: String) throws(HostError) {
    do { descriptor = try root.open(path, O_RDONLY | O_DIRECTORY) } catch {
      throw HostError("cannot open the folder '\(path)'", errno: error)
    }
    self.path = path
  }

  deinit { try? descriptor.close() }

  /// Beside a file. No program reads a name like that.
  enum Beside: String, CaseIterable {
    /// The next one, whole, before it is put in place.
    case new = ".dpdk-host-new"
    /// The one of before, until all is well.
    case old = ".dpdk-host-old"

    func name(of name: String) -> String { ".\(name)\(rawValue)" }

    func path(of path: String) -> String {
      let place = path.folderAndName
      return "\(place.folder)/\(name(of: place.name))"
    }
  }

  /// The file as it is; nil where nothing is there.
  ///
  /// - Throws: for what is no regular file, or no text in UTF-8, which could not be put back.
  func saved(_ name: String) throws(HostError) -> SavedFile? {
    let file: FileDescriptor
    do throws(Errno) { file = try at(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY) } catch {
      if error == .noSuchFileOrDirectory { return nil }
      throw error == .tooManySymbolicLinkLevels
        ? HostError(
          "'\(title(name))' is a symbolic link", remedy: "put a file in its place: nothing is written through it")
        : HostError("cannot read '\(title(name))'", errno: error)
    }
    defer { try? file.close() }
    var status = stat()
    guard fstat(file.rawValue, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw HostError("'\(title(name))' is not a regular file", remedy: "clear the way")
    }
    do {
      var bytes: [UInt8] = []
      try withUnsafeTemporaryAllocation(byteCount: 65536, alignment: 1) { buffer in
        while case let count = try file.read(into: buffer), count > 0 { bytes += buffer[..<count] }
      }
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw HostError("'\(title(name))' is not text in UTF-8", remedy: "mend it: it could not be put back as it is")
      }
      return SavedFile(
        text: text, mode: Int(status.st_mode & 0o7777), owner: Int(status.st_uid), group: Int(status.st_gid))
    } catch let error as HostError {
      throw error
    } catch {
      throw HostError("cannot read '\(title(name))'", errno: error as? Errno)
    }
  }

  /// Writes and syncs a file beside its place; what an earlier run left there is replaced.
  ///
  /// - On failure: nothing is left beside.
  func prepare(_ name: String, _ content: SavedFile, as beside: Beside = .new) throws(HostError) {
    let temporary = beside.name(of: name)
    do {
      // Never one that somebody else holds open.
      try? unlink(temporary)
      let file = try at(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
      try file.closeAfter {
        copyAttributes(of: name, to: file)
        try file.writeAll(content.text.utf8)
        // An EFI system partition (FAT) has neither owners nor modes, and says EPERM.
        for result in [
          fchown(file.rawValue, uid_t(content.owner), gid_t(content.group)),
          fchmod(file.rawValue, mode_t(content.mode)),
        ] where result != 0 && errno != EPERM { throw Errno(rawValue: errno) }
        try systemCall { fsync(file.rawValue) }
      }
    } catch {
      try? unlink(temporary)
      throw HostError("cannot write '\(title(name))'", errno: error as? Errno)
    }
  }

  /// The label of SELinux, and whatever else stands beside a file, stay with its name. Best effort, as FAT has none, and
  /// the label that the folder gives is right for a new file.
  private func copyAttributes(of name: String, to file: FileDescriptor) {
    guard let old = try? at(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK) else { return }
    defer { try? old.close() }
    var names = [CChar](repeating: 0, count: 65536)
    let length = flistxattr(old.rawValue, &names, names.count)
    guard length > 0 else { return }
    for attribute in names[..<length].split(separator: 0) {
      let name = Array(attribute) + [0]
      var value = [UInt8](repeating: 0, count: 65536)
      let size = fgetxattr(old.rawValue, name, &value, value.count)
      if size >= 0 { _ = fsetxattr(file.rawValue, name, value, size, 0) }
    }
  }

  /// Puts what was prepared into its place.
  func commit(_ name: String, from beside: Beside = .new) throws(HostError) {
    let temporary = beside.name(of: name)
    do throws(Errno) {
      try systemCall { renameat(descriptor.rawValue, temporary, descriptor.rawValue, name) }
      try systemCall { fsync(descriptor.rawValue) }
    } catch { throw HostError("cannot put '\(title(name))' in place", errno: error) }
  }

  /// ``prepare(_:_:as:)`` and ``commit(_:from:)``.
  func replace(_ name: String, with content: SavedFile) throws(HostError) {
    try prepare(name, content)
    try commit(name)
  }

  /// Removes a file or a link; one that is gone is no error.
  func remove(_ name: String) throws(HostError) {
    do throws(Errno) {
      try unlink(name)
      try systemCall { fsync(descriptor.rawValue) }
    } catch {
      guard error != .noSuchFileOrDirectory else { return }
      throw HostError("cannot remove '\(title(name))'", errno: error)
    }
  }

  /// Makes a symbolic link, in the place of whatever link was there.
  func link(_ name: String, to target: String) throws(HostError) {
    let temporary = Beside.new.name(of: name)
    do throws(Errno) {
      try? unlink(temporary)
      try systemCall { symlinkat(target, descriptor.rawValue, temporary) }
    } catch { throw HostError("cannot make the link '\(title(name))'", errno: error) }
    try commit(name)
  }

  /// Makes a folder of mode 0755 in this one; one that is there is no error.
  func makeFolder(_ name: String) throws(HostError) {
    do throws(Errno) {
      do throws(Errno) { try systemCall { mkdirat(descriptor.rawValue, name, 0o755) } } catch {
        guard error == .fileExists else { throw error }
        return
      }
      try systemCall { fchmodat(descriptor.rawValue, name, 0o755, 0) }
      try systemCall { fsync(descriptor.rawValue) }
    } catch { throw HostError("cannot make the folder '\(title(name))'", errno: error) }
  }

  /// Removes an empty folder; one that is gone, or that somebody put something into, is no error.
  func removeFolder(_ name: String) throws(HostError) {
    do throws(Errno) { try systemCall { unlinkat(descriptor.rawValue, name, AT_REMOVEDIR) } } catch {
      guard [.noSuchFileOrDirectory, .notDirectory, .directoryNotEmpty, .fileExists, .resourceBusy].contains(error)
      else { throw HostError("cannot remove the folder '\(title(name))'", errno: error) }
    }
  }

  /// Clears away what a run that was ended left beside a file.
  func dropBeside(_ name: String) {
    for beside in Beside.allCases { try? unlink(beside.name(of: name)) }
  }

  /// The names in the folder.
  func names() throws(HostError) -> [String] {
    do throws(Errno) {
      let copy = try at(".", O_RDONLY | O_DIRECTORY)
      guard let stream = fdopendir(copy.rawValue) else { throw Errno(rawValue: errno) }
      defer { closedir(stream) }
      var names: [String] = []
      while let entry = readdir(stream) {
        names.append(
          withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
          })
      }
      return names.filter { $0 != "." && $0 != ".." }.sorted()
    } catch { throw HostError("cannot list '\(path)'", errno: error) }
  }

  private func title(_ name: String) -> String { path == "/" ? "/\(name)" : "\(path)/\(name)" }

  private func at(_ name: String, _ flags: Int32, mode: mode_t = 0) throws(Errno) -> FileDescriptor {
    let file = openat(descriptor.rawValue, name, flags | O_CLOEXEC, mode)
    guard file >= 0 else { throw Errno(rawValue: errno) }
    return FileDescriptor(rawValue: file)
  }

  private func unlink(_ name: String) throws(Errno) {
    try systemCall { unlinkat(descriptor.rawValue, name, 0) }
  }
}

extension String {
  /// `/etc/default` and `grub` of `/etc/default/grub`.
  var folderAndName: (folder: String, name: String) {
    let slash = lastIndex(of: "/") ?? startIndex
    return (slash == startIndex ? "/" : String(self[..<slash]), String(self[slash...].dropFirst()))
  }
}
