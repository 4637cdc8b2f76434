internal import Glibc
internal import SystemPackage

/// `/run/dpdk-host/watch-ID`: locked (`flock(2)`) by the watch of one `apply` for as long as it lives.
///
/// That it was started says little: only a watch that holds this has its program, its rights and its directory.
struct WatchSign {
  static let prefix = "watch-"

  private let path: FilePath

  init(of id: String, in directory: FilePath = UnconfirmedFile.directory) {
    path = directory.appending(Self.prefix + id)
  }

  /// To be called by the watch.
  ///
  /// - Returns: what must stay open.
  func hold() throws(Errno) -> FileDescriptor {
    let file: FileDescriptor
    do {
      file = try FileDescriptor.open(
        path, .readWrite, options: [.create, .closeOnExec, .noFollow],
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
    } catch { throw error as? Errno ?? .ioError }
    // Whoever looks holds it for a moment: that is waited for.
    do { try systemCall { flock(file.rawValue, LOCK_EX) } } catch {
      try? file.close()
      throw error
    }
    return file
  }

  /// Whether a watch lives.
  var isHeld: Bool {
    guard let file = try? FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .noFollow]) else { return false }
    defer { try? file.close() }
    return flock(file.rawValue, LOCK_SH | LOCK_NB) != 0 && Glibc.errno == EWOULDBLOCK
  }
}
