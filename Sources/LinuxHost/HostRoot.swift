import CLinuxCalls
import Glibc
public import Provisioning
public import SystemPackage

/// The directory that a host is read from: `/`, or the root of an image or of a copied tree.
///
/// Paths are absolute and mean places in that host: `/etc/fstab`. Below another root than `/`, symbolic links are
/// resolved as after `chroot(2)`, so none leads out of it: by the kernel (`RESOLVE_IN_ROOT` of `openat2(2)`), or, where
/// it is older than 5.6, link by link. Nothing in this file writes or needs a privilege of its own.
public struct HostRoot: Hashable, Sendable {
  /// The root as an absolute path of the running host.
  public let path: FilePath
  /// What stands before every path; empty for the running host.
  private let prefix: String

  /// A root by its path, which is taken below the working directory where it is relative.
  public init(_ path: FilePath) {
    var canonical = path.lexicallyNormalized()
    if let real = realpath(path.string, nil) {
      canonical = FilePath(String(cString: real))
      free(real)
    }
    self.path = canonical
    prefix = canonical == "/" ? "" : canonical.string
  }

  /// The host that this program runs on.
  public static let runningHost = HostRoot("/")

  /// Whether this is the running host, of which libkmod and libudev may be asked.
  public var isRunningHost: Bool { prefix.isEmpty }

  /// Where a path of the host lies on the running host, with no symbolic link left that could lead out of the root.
  ///
  /// Components that do not exist stay as they are, so that a writer can create them. For `/` nothing is resolved.
  ///
  /// - Parameter followingLast: whether a link in the last component is followed too, as by `open(2)`.
  /// - Throws: `ELOOP` after 40 links; the error of `readlink(2)`.
  public func location(of path: String, followingLast: Bool = true) throws(Errno) -> FilePath {
    FilePath(try locate(path, followingLast: followingLast))
  }

  /// Opens what is at a path, close-on-exec; the descriptor is the caller's.
  ///
  /// - Parameter flags: of `open(2)`; with `O_NOFOLLOW` a link in the last component is not followed.
  /// - Throws: the error of `open(2)` or `openat2(2)`.
  func open(_ path: String, _ flags: Int32, mode: UInt32 = 0) throws(Errno) -> FileDescriptor {
    let flags = flags | O_CLOEXEC
    guard !isRunningHost else { return try Self.open(path, flags, mode) }
    let root = try Self.open(prefix, linux_o_path | O_DIRECTORY | O_CLOEXEC, 0)
    let result = linux_openat2_in_root(root.rawValue, path, UInt64(flags), UInt64(mode))
    try? root.close()
    if result == -ENOSYS {
      return try Self.open(locate(path, followingLast: flags & O_NOFOLLOW == 0), flags, mode)
    }
    guard result >= 0 else { throw Errno(rawValue: -result) }
    return FileDescriptor(rawValue: result)
  }

  private static func open(_ location: String, _ flags: Int32, _ mode: UInt32) throws(Errno) -> FileDescriptor {
    let descriptor = Glibc.open(location, flags, mode)
    guard descriptor >= 0 else { throw Errno(rawValue: errno) }
    return FileDescriptor(rawValue: descriptor)
  }

  /// Opens as ``open(_:_:mode:)``; nil where nothing is there.
  private func openIfThere(_ path: String, _ flags: Int32) throws(Errno) -> FileDescriptor? {
    do throws(Errno) { return try open(path, flags) } catch { return try Self.unlessAbsent(error) }
  }

  /// The text of a file; nil where there is none. What is not UTF-8 is repaired.
  ///
  /// - Parameter lastRead: a read of fewer bytes is the last, where the end of a file is dear to find; 1 for any file.
  /// - Throws: the error of `open(2)` or `read(2)`; `EISDIR` for a directory, `EFBIG` beyond 64 MiB.
  public func contents(_ path: String, lastRead: Int = 1) throws(Errno) -> String? {
    guard let bytes = try bytes(path, lastRead: lastRead) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The bytes of a file, as ``contents(_:lastRead:)``.
  func bytes(_ path: String, lastRead: Int = 1) throws(Errno) -> [UInt8]? {
    guard let file = try openIfThere(path, O_RDONLY | O_NONBLOCK | O_NOCTTY) else { return nil }
    defer { try? file.close() }
    var bytes: [UInt8] = []
    let failure = withUnsafeTemporaryAllocation(byteCount: 16384, alignment: 1) { buffer in
      while bytes.count < Self.sizeLimit {
        let count = read(file.rawValue, buffer.baseAddress, buffer.count)
        if count > 0 { bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
        if count >= 0, count < lastRead { return Errno?.none }
        if count < 0, errno != EINTR { return Errno(rawValue: errno) }
      }
      return .fileTooLarge
    }
    if let failure { throw failure }
    return bytes
  }

  /// The names in a directory that begin with `prefix`, sorted, without `.` and `..`; nil where there is no directory.
  ///
  /// - Throws: the error of `open(2)` or `readdir(3)`.
  public func entries(_ path: String, prefix: String = "") throws(Errno) -> [String]? {
    guard let directory = try openIfThere(path, O_RDONLY | O_DIRECTORY) else { return nil }
    guard let stream = fdopendir(directory.rawValue) else {
      let failure = Errno(rawValue: errno)
      try? directory.close()
      throw failure
    }
    defer { closedir(stream) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else { break }
      withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: 256) { name in
          // Compared before a String is made: a library directory has thousands of names.
          guard strncmp(name, prefix, prefix.utf8.count) == 0, strcmp(name, ".") != 0, strcmp(name, "..") != 0 else {
            return
          }
          names.append(String(cString: name))
        }
      }
    }
    guard errno == 0 else { throw Errno(rawValue: errno) }
    return names.sorted()
  }

  /// The text of a symbolic link; nil where there is none.
  ///
  /// - Throws: the error of `readlink(2)`.
  public func link(_ path: String) throws(Errno) -> String? {
    guard !isRunningHost else { return try Self.readLink(AT_FDCWD, path) }
    guard let link = try openIfThere(path, linux_o_path | O_NOFOLLOW) else { return nil }
    defer { try? link.close() }
    return try Self.readLink(link.rawValue, "")
  }

  /// What is at a path; nil where nothing is.
  ///
  /// - Parameter followingLast: whether a link in the last component is followed, as by `stat(2)`.
  /// - Throws: the error of `lstat(2)` or `stat(2)`.
  public func status(_ path: String, followingLast: Bool = false) throws(Errno) -> FileStatus? {
    var status = stat()
    guard isRunningHost else {
      guard let place = try openIfThere(path, linux_o_path | (followingLast ? 0 : O_NOFOLLOW)) else { return nil }
      defer { try? place.close() }
      guard fstat(place.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
      return FileStatus(status)
    }
    let result = followingLast ? stat(path, &status) : lstat(path, &status)
    guard result == 0 else { return try Self.unlessAbsent(Errno(rawValue: errno)) }
    return FileStatus(status)
  }

  /// No file that we read comes near; a device file in an image would never end.
  private static let sizeLimit = 64 << 20
  /// The kernel's own limit (`path_resolution(7)`).
  private static let linkLimit = 40

  private func locate(_ path: String, followingLast: Bool) throws(Errno) -> String {
    guard !isRunningHost else { return path }
    var pending = Array(path.split(separator: "/").reversed())
    var resolved: [Substring] = []
    var links = 0
    while let component = pending.popLast() {
      if component == "." { continue }
      if component == ".." {
        // Above the root is the root.
        _ = resolved.popLast()
        continue
      }
      resolved.append(component)
      if pending.isEmpty, !followingLast { break }
      guard let target = try Self.readLink(AT_FDCWD, join(resolved)) else { continue }
      links += 1
      guard links <= Self.linkLimit else { throw .tooManySymbolicLinkLevels }
      resolved.removeLast()
      if target.hasPrefix("/") { resolved.removeAll() }
      pending += target.split(separator: "/").reversed()
    }
    return join(resolved)
  }

  private func join(_ components: [Substring]) -> String { prefix + "/" + components.joined(separator: "/") }

  private static func readLink(_ directory: Int32, _ name: String) throws(Errno) -> String? {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlinkat(directory, name, &bytes, bytes.count)
    guard count >= 0 else {
      let failure = Errno(rawValue: errno)
      // What is no link says EINVAL, and ENOENT where it was opened.
      return failure == .invalidArgument ? nil : try unlessAbsent(failure)
    }
    return String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func unlessAbsent<Value>(_ failure: Errno) throws(Errno) -> Value? {
    guard failure == .noSuchFileOrDirectory || failure == .notDirectory else { throw failure }
    return nil
  }
}

/// What `stat(2)` says of a file, as far as it is of use here.
public struct FileStatus: Equatable, Sendable {
  /// Never `absent`.
  public var kind: PathFacts.Kind
  /// The id of the user who owns it.
  public var owner: Int
  /// The id of its group.
  public var group: Int
  /// Permission bits with set-id and sticky.
  public var mode: Int
  /// Device and inode.
  public var identity: FileIdentity

  init(_ status: stat) {
    switch status.st_mode & S_IFMT {
    case S_IFDIR: kind = .directory
    case S_IFREG: kind = .file
    case S_IFLNK: kind = .symbolicLink
    default: kind = .other
    }
    owner = Int(status.st_uid)
    group = Int(status.st_gid)
    mode = Int(status.st_mode & 0o7777)
    identity = FileIdentity(device: DeviceNumber(UInt64(status.st_dev)), inode: UInt64(status.st_ino))
  }
}
