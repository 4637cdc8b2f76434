internal import Glibc
internal import SystemPackage

/// The right to change this host: one `apply`, `revert` or `install` at a time.
///
/// An advisory lock (`flock(2)`) on `/run/dpdk-host.lock`, which holds the owner's process id and goes with it: a
/// crash leaves the file, but no lock. It is removed on release, so nothing is left on the host. Of an image its root
/// directory itself is locked, and nothing written.
struct HostLock: ~Copyable {
  static let path = "/run/dpdk-host.lock"

  private let file: FileDescriptor
  private let isOfImage: Bool

  /// Takes the lock or says who has it.
  ///
  /// - Parameter seconds: how long it waits, asleep, for another to end; 0 waits for nobody.
  init(_ root: HostRoot = .runningHost, waiting seconds: Int = 0) throws(HostError) {
    isOfImage = !root.isRunningHost
    guard root.isRunningHost else {
      file = try Self.lockImage(root)
      return
    }
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
      let file: FileDescriptor
      do {
        file = try FileDescriptor.open(
          FilePath(Self.path), .readWrite, options: [.create, .closeOnExec, .noFollow],
          permissions: [.ownerReadWrite, .groupRead, .otherRead])
      } catch { throw HostError("cannot open '\(Self.path)'", errno: error as? Errno) }
      do { try systemCall { flock(file.rawValue, LOCK_EX | LOCK_NB) } } catch {
        guard error == .wouldBlock else { throw HostError("cannot lock '\(Self.path)'", errno: error) }
        let owner = Self.owner(file)
        try? file.close()
        guard !Task.isCancelled else { throw .interrupted }
        if ContinuousClock.now < deadline {
          usleep(100_000)
          continue
        }
        throw HostError(
          "another dpdk-host\(owner.map { " (pid \($0))" } ?? "") is changing this host",
          remedy: "wait for it to end, then run the command again")
      }
      if Self.isStill(file, at: Self.path) {
        let text = "\(getpid())\n"
        _ = ftruncate(file.rawValue, 0)
        _ = try? file.writeAll(text.utf8)
        self.file = file
        return
      }
      try? file.close()
    }
  }

  /// Whether a file that was opened, and then locked, is still the one at its path: its last owner may have removed it in
  /// between, and the lock is worth nothing then.
  static func isStill(_ file: FileDescriptor, at path: String) -> Bool {
    var locked = stat()
    var current = stat()
    return fstat(file.rawValue, &locked) == 0 && stat(path, &current) == 0 && locked.st_ino == current.st_ino
      && locked.st_dev == current.st_dev
  }

  private static func owner(_ file: FileDescriptor) -> Int? {
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = bytes.withUnsafeMutableBytes { (try? file.read(fromAbsoluteOffset: 0, into: $0)) ?? 0 }
    return Int(String(decoding: bytes[..<count], as: UTF8.self).prefix { $0.isNumber })
  }

  private static func lockImage(_ root: HostRoot) throws(HostError) -> FileDescriptor {
    let file: FileDescriptor
    do { file = try root.open("/", O_RDONLY | O_DIRECTORY) } catch {
      throw HostError("cannot open '\(root.path)'", errno: error)
    }
    do { try systemCall { flock(file.rawValue, LOCK_EX | LOCK_NB) } } catch {
      try? file.close()
      throw error == .wouldBlock
        ? HostError("another dpdk-host is changing '\(root.path)'", remedy: "wait for it to end, then run it again")
        : HostError("cannot lock '\(root.path)'", errno: error)
    }
    return file
  }

  deinit {
    if !isOfImage { unlink(Self.path) }
    try? file.close()
  }
}
