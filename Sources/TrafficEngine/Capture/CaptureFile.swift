import EngineMessages
import Glibc

/// A file that a capture is to go into: opened before EAL starts, so that one that cannot be written fails at once.
///
/// As with `tcpdump -w` a file that exists is overwritten, but not before traffic can begin. A symbolic link at its place is
/// not followed: the engine runs as root, and the file may lie in a directory that others write to.
struct CaptureFile: ~Copyable {
  let path: String
  private let descriptor: Int32
  /// Whether it was not there before.
  private let isNew: Bool
  private var isTaken = false

  init(path: String) throws(EngineFailure) {
    let flags = O_WRONLY | O_CLOEXEC | O_NOFOLLOW
    var descriptor = open(path, flags | O_CREAT | O_EXCL, 0o644)
    let isNew = descriptor >= 0
    if descriptor < 0, errno == EEXIST { descriptor = open(path, flags) }
    guard descriptor >= 0 else {
      let reason = errno == ELOOP ? "is a symbolic link" : String(cString: strerror(errno))
      throw EngineFailure(message: "capture file '\(path)' cannot be opened: \(reason): change --capture")
    }
    self.path = path
    self.descriptor = descriptor
    self.isNew = isNew
  }

  deinit {
    guard !isTaken else { return }
    close(descriptor)
    if isNew { unlink(path) }
  }

  /// Empties the file and gives out its descriptor, which the caller closes.
  consuming func take() throws(EngineFailure) -> Int32 {
    var status = stat()
    // What is no regular file, as /dev/null or a FIFO, cannot be emptied and need not be.
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, ftruncate(descriptor, 0) != 0 {
      throw EngineFailure(message: "capture file '\(path)' cannot be emptied: \(String(cString: strerror(errno)))")
    }
    isTaken = true
    return descriptor
  }
}
