import Provisioning
import SystemPackage

extension FactReader {
  /// The processes that hold huge pages, and EAL's map files that none of them maps.
  ///
  /// Processes are only looked at where pages are in use or map files lie there. A file is compared by device and inode:
  /// a process in another mount namespace knows it by another path. Where the mappings of a process stay closed to us,
  /// no file is called stale.
  mutating func hugepageUse(nodes: [NUMANode], mounts: [MountEntry]) -> (users: [HugepageUser], stale: [String]) {
    var files: [(path: String, status: FileStatus)] = []
    var devices: Set<DeviceNumber> = []
    for (index, mount) in mounts.enumerated() where mount.type == "hugetlbfs" && mounts.isReachable(index) {
      guard let device = status(mount.target)?.device, devices.insert(device).inserted else { continue }
      files += mapFiles(in: mount.target)
    }
    let isInUse = nodes.contains { $0.pools.contains { $0.total > $0.free } }
    guard isInUse || !files.isEmpty else { return ([], []) }

    var users: [HugepageUser] = []
    var mapped: Set<[UInt64]> = []
    var sawAll = true
    for pid in (entries("/proc") ?? []).compactMap({ Int($0) }).sorted() {
      guard let status = process(pid, "status") else { continue }
      let memory = HugepageUser.memory(inStatus: status)
      guard memory != .none, memory != .kilobytes(0) || !files.isEmpty else { continue }
      let maps = process(pid, "maps")
      if maps == nil, self.status("/proc/\(pid)") != nil { sawAll = false }
      let own = MappedFile.files(inMaps: maps ?? "", on: devices)
      mapped.formUnion(own.map { [$0.device.major, $0.device.minor, $0.inode] })
      // A kernel that does not tell the use leaves the size of the mappings.
      var kilobytes = own.reduce(0) { $0 + $1.kilobytes }
      if case .kilobytes(let told) = memory { kilobytes = told }
      guard kilobytes > 0 || !own.isEmpty else { continue }
      let command = process(pid, "comm").map { String($0.trimmingBlanks) } ?? ""
      users.append(HugepageUser(pid: pid, command: command, kilobytes: kilobytes, files: own.map(\.path)))
    }
    guard sawAll else { return (users, []) }
    let stale = files.filter {
      !mapped.contains([$0.status.device.major, $0.status.device.minor, $0.status.inode])
    }
    return (users, stale.map(\.path).sorted())
  }

  /// EAL itself looks for `*map_*` in the root of a mount: `rtemap_0`, or with `--file-prefix=a` `amap_0`.
  private mutating func mapFiles(in directory: String) -> [(path: String, status: FileStatus)] {
    (entries(directory) ?? []).filter { $0.contains("map_") }.compactMap { name in
      let path = directory == "/" ? "/\(name)" : "\(directory)/\(name)"
      guard let status = status(path, followingLast: false), status.kind == .file else { return nil }
      return (path, status)
    }
  }

  /// A file of a process; nil where the process has ended, or where the file is closed to us, which is recorded.
  private mutating func process(_ pid: Int, _ file: String) -> String? {
    let path = "/proc/\(pid)/\(file)"
    do {
      return try root.contents(path)
    } catch {
      if error != .noSuchProcess { record(path, error.description) }
      return nil
    }
  }
}
