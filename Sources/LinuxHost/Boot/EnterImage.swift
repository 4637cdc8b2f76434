import CLinuxCalls
import Glibc
import Provisioning
import SystemPackage

/// Becomes a program inside an image, where nothing of this host is there to decide what it does.
///
/// A mount namespace of its own, gone with the program. On the image's `/dev` a folder with the usual devices, and the
/// partitions that the image itself is mounted from with their disks, under the kernel's names. On `/sys` what the kernel
/// says of these disks, and nothing else: without it grub-probe writes another text and says success, and with all of it
/// this host's firmware would be asked. A `/proc`, and nothing on `/run`. The root's names in `/dev/disk`, without which
/// `root=` becomes the name that the disk has here. Then `chroot(2)` and `execve(2)`.
///
/// - Parameter command: absolute path inside the image, and arguments.
/// - Privileges: root (`CAP_SYS_ADMIN`, `CAP_SYS_CHROOT`, `CAP_MKNOD`).
/// Namespace and root are the calling thread's: nothing here may wait for another thread.
///
/// - Throws: only where it could not be entered; nothing is left then.
public func enterImage(_ path: String, _ command: [String]) throws(HostError) -> Never {
  let root = HostRoot(FilePath(path))
  guard !root.isRunningHost, let program = command.first else {
    throw HostError("'\(path)' is not an image, or nothing is to be run there")
  }
  let partitions = try partitions(of: root)
  do throws(Errno) {
    let result = linux_unshare_mounts()
    if result < 0 { throw Errno(rawValue: -result) }
    try systemCall { mount("none", "/", nil, UInt(MS_REC | MS_PRIVATE), nil) }
    for place in ["/dev", "/sys", "/run"] { try mountOver(root, place, "tmpfs", "mode=0755") }
    try mountOver(root, "/proc", "proc", nil)
    for (name, device) in usualDevices { try makeNode(root, "/dev/\(name)", S_IFCHR, device) }
    for device in partitions { try add(device, to: root) }
    try systemCall { chroot(root.path.string) }
    try systemCall { chdir("/") }
  } catch { throw HostError("cannot enter '\(path)'", errno: error) }
  nameRoot()
  let words = command.map { strdup($0) } + [nil]
  let environment = imageEnvironment.map { strdup($0) } + [nil]
  execve(program, words, environment)
  throw HostError("cannot run '\(program)' in '\(path)'", errno: Errno(rawValue: errno))
}

private let imageEnvironment: [String] = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8"]

/// Source: `Documentation/admin-guide/devices.txt`.
private let usualDevices: [(String, DeviceNumber)] = [
  ("null", DeviceNumber(major: 1, minor: 3)), ("zero", DeviceNumber(major: 1, minor: 5)),
  ("full", DeviceNumber(major: 1, minor: 7)), ("random", DeviceNumber(major: 1, minor: 8)),
  ("urandom", DeviceNumber(major: 1, minor: 9)),
]

/// What is mounted at the image's root and below it.
private func partitions(of root: HostRoot) throws(HostError) -> [BlockDevice] {
  let path = root.path.string
  let text: String?
  do { text = try HostRoot.runningHost.contents("/proc/self/mountinfo") } catch {
    throw HostError("cannot read '/proc/self/mountinfo'", errno: error)
  }
  guard let mounted = text.flatMap(MountedDevice.table) else {
    throw HostError("cannot tell what '\(path)' is mounted from", remedy: "mount /proc")
  }
  return mounted.filter { $0.target == path || $0.target.hasPrefix("\(path)/") }.compactMap { BlockDevice($0.device) }
}

/// A partition with its disk: nodes in `/dev`, and in `/sys` the disk's own folder with the two links to it.
private func add(_ partition: BlockDevice, to root: HostRoot) throws(Errno) {
  let disk = partition.disk
  try makeFolders(root, disk.folder)
  try makeFolders(root, "/sys/dev/block")
  // Bound once, whichever of its partitions came first.
  if access(root.path.string + disk.folder + "/dev", F_OK) != 0 {
    try systemCall { mount(disk.folder, root.path.string + disk.folder, nil, UInt(MS_BIND), nil) }
  }
  for device in [partition, disk] {
    try makeNode(root, "/dev/\(device.name)", S_IFBLK, device.number)
    let link = root.path.string + "/sys/dev/block/\(device.number.major):\(device.number.minor)"
    if symlink("../../\(device.folder.dropFirst("/sys/".count))", link) != 0, errno != EEXIST {
      throw Errno(rawValue: errno)
    }
  }
}

/// To be called inside: makes what `10_linux` of GRUB looks for before it writes `root=UUID=` or `root=PARTUUID=`. What
/// grub-probe cannot tell has no name, and what comes out then is judged like everything else.
private func nameRoot() {
  let probes: [String] = ["/usr/sbin/grub-probe", "/usr/sbin/grub2-probe"]
  guard let probe = probes.first(where: { access($0, X_OK) == 0 }) else { return }
  for (target, folder) in [("fs_uuid", "by-uuid"), ("partuuid", "by-partuuid")] {
    guard let name = firstLine(of: [probe, "--target=\(target)", "/"]), !name.isEmpty, !name.contains("/") else {
      continue
    }
    let place = "/dev/disk/\(folder)"
    mkdir("/dev/disk", 0o755)
    mkdir(place, 0o755)
    close(open("\(place)/\(name)", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600))
  }
}

/// What a program prints, up to the first newline; nil where it cannot be run or fails.
private func firstLine(of command: [String]) -> String? {
  var ends: [Int32] = [-1, -1]
  guard pipe(&ends) == 0 else { return nil }
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
  for end in ends { posix_spawn_file_actions_addclose(&actions, end) }
  let words = command.map { strdup($0) } + [nil]
  let environment = imageEnvironment.map { strdup($0) } + [nil]
  defer { (words + environment).forEach { free($0) } }
  var pid: pid_t = 0
  let failure = posix_spawn(&pid, command[0], &actions, nil, words, environment)
  close(ends[1])
  defer { close(ends[0]) }
  guard failure == 0 else { return nil }
  var bytes = [UInt8](repeating: 0, count: 4096)
  var count = 0
  while count < bytes.count {
    let more = bytes.withUnsafeMutableBytes { read(ends[0], $0.baseAddress.map { $0 + count }, $0.count - count) }
    guard more > 0 else { break }
    count += more
  }
  var status: Int32 = 0
  while waitpid(pid, &status, 0) < 0, errno == EINTR {}
  return status == 0 ? String(decoding: bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self) : nil
}

private func mountOver(_ root: HostRoot, _ place: String, _ type: String, _ options: String?) throws(Errno) {
  // The last component too: a link in the image must not lead the mount elsewhere.
  let folder = try root.open(place, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
  defer { try? folder.close() }
  try systemCall {
    mount(type, "/proc/self/fd/\(folder.rawValue)", type, UInt(MS_NOSUID | MS_NOEXEC), options)
  }
}

/// Below what was just mounted: nothing of the image is there that could lead elsewhere.
private func makeFolders(_ root: HostRoot, _ path: String) throws(Errno) {
  var place = root.path.string
  for component in path.split(separator: "/") {
    place += "/\(component)"
    if mkdir(place, 0o755) != 0, errno != EEXIST { throw Errno(rawValue: errno) }
  }
}

private func makeNode(_ root: HostRoot, _ path: String, _ kind: mode_t, _ device: DeviceNumber) throws(Errno) {
  let place = root.path.string + path
  // As `gnu_dev_makedev(3)`, which is a macro.
  let number = dev_t(
    (device.major & 0xfff) << 8 | (device.major & ~0xfff) << 32 | (device.minor & 0xff) | (device.minor & ~0xff) << 12)
  do throws(Errno) { try systemCall { mknod(place, kind | 0o600, number) } } catch {
    guard error == .fileExists else { throw error }
  }
  if kind == S_IFCHR { _ = chmod(place, 0o666) }
}
