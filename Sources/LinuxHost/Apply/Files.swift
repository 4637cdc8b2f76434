internal import Glibc
internal import SystemPackage

/// Runs a system call that answers -1 on failure, again after a signal: the one place where `errno` is read.
func systemCall(_ call: () -> Int32) throws(Errno) {
  while call() == -1 {
    let code = Errno(rawValue: errno)
    guard code == .interrupted else { throw code }
  }
}

/// Writes to a file that exists, in one `write(2)` and without truncation, as sysfs wants it.
func writeSysfs(_ text: String, to path: FilePath) throws(Errno) {
  do {
    let file = try FileDescriptor.open(path, .writeOnly, options: .closeOnExec)
    try file.closeAfter { _ = try file.writeAll(text.utf8) }
  } catch let error as Errno { throw error } catch { throw .ioError }
}

/// Replaces a file in one step: written beside it, synced, and renamed. Its directory must be there.
///
/// - On failure: the file is as it was.
func replaceFile(
  _ path: FilePath, with bytes: some Sequence<UInt8>,
  permissions: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead]
) throws {
  let beside = FilePath(path.string + ".new")
  do {
    let file = try FileDescriptor.open(
      beside, .writeOnly, options: [.create, .truncate, .closeOnExec, .noFollow], permissions: permissions)
    try file.closeAfter {
      try file.writeAll(bytes)
      try systemCall { fsync(file.rawValue) }
    }
    try systemCall { Glibc.rename(beside.string, path.string) }
    try syncDirectory(path.removingLastComponent())
  } catch {
    unlink(beside.string)
    throw error
  }
}

/// `mkdir(2)` with mode 0755 whatever the umask.
///
/// - Returns: whether it was made now; false where a directory was there already.
@discardableResult
func makeDirectory(_ path: FilePath) throws(Errno) -> Bool {
  do { try systemCall { mkdir(path.string, 0o755) } } catch {
    guard error == .fileExists else { throw error }
    return false
  }
  try systemCall { chmod(path.string, 0o755) }
  return true
}

/// Makes the names in a directory last: `fsync(2)` on the directory itself.
func syncDirectory(_ path: FilePath) throws(Errno) {
  do {
    let directory = try FileDescriptor.open(path, .readOnly, options: [.directory, .closeOnExec])
    try directory.closeAfter { try systemCall { fsync(directory.rawValue) } }
  } catch let error as Errno { throw error } catch { throw .ioError }
}
