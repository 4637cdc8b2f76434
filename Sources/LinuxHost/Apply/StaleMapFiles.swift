internal import Glibc
internal import SystemPackage

/// Deletes EAL's map files that nobody uses, by EAL's own protocol, so that a DPDK program that starts at this
/// moment loses nothing: the directory is locked exclusively, then each file that can be locked is a dead one's.
///
/// Source: `eal_hugepage_info.c`, `clear_hugedir()`.
///
/// - Privileges: the right to write to the directory.
/// - Returns: the files that were deleted.
func removeStaleMapFiles(_ files: [String], in directory: String) throws(HostError) -> [String] {
  let folder: FileDescriptor
  do {
    folder = try FileDescriptor.open(FilePath(directory), .readOnly, options: [.directory, .closeOnExec])
  } catch { throw HostError("cannot open '\(directory)'", errno: error as? Errno) }
  // Closing the descriptor releases the lock.
  defer { try? folder.close() }
  do { try systemCall { flock(folder.rawValue, LOCK_EX | LOCK_NB) } } catch {
    throw HostError(
      "a DPDK program is starting on '\(directory)'", errno: error, remedy: "run the command again")
  }
  var removed: [String] = []
  for path in files {
    guard let file = try? FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec, .noFollow]) else {
      continue
    }
    defer { try? file.close() }
    guard flock(file.rawValue, LOCK_EX | LOCK_NB) == 0 else { continue }
    do { try systemCall { unlink(path) } } catch { throw HostError("cannot delete '\(path)'", errno: error) }
    removed.append(path)
  }
  return removed
}
