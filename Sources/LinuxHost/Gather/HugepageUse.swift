import Provisioning
import SystemPackage

extension FactReader {
  /// The processes that hold huge pages, and EAL's map files that none of them maps.
  ///
  /// Processes are only looked at where pages are in use or map files lie there. A file is compared by device and inode:
  /// a process in another mount namespace knows it by another path. Where the mappings of a process that holds huge pages
  /// stay closed to us, no file is called stale. Whoever removes one still has to test the lock that EAL keeps on it.
  mutating func hugepageUse(nodes: [NUMANode], mounts: [MountEntry]) -> (users: [HugepageUser], stale: [String]) {
    var files: [(path: String, identity: FileIdentity)] = []
    var devices: Set<DeviceNumber> = []
    for (index, mount) in mounts.enumerated() where mount.type == "hugetlbfs" && mounts.isReachable(index) {
      guard let device = status(mount.target)?.identity.device, devices.insert(device).inserted else { continue }
      files += mapFiles(in: mount.target)
    }
    let isInUse = nodes.contains { $0.pools.contains { $0.total > $0.free } }
    guard isInUse || !files.isEmpty else { return ([], []) }

    var users: [HugepageUser] = []
    var mapped: Set<FileIdentity> = []
    var sawAll = true
    for pid in (entries("/proc") ?? []).compactMap({ Int($0) }).sorted() {
      guard let use = hugepageUse(ofProcess: pid, devices: devices, wantsFiles: !files.isEmpty) else { continue }
      if use.isClosed { sawAll = false }
      mapped.formUnion(use.files.map(\.identity))
      guard use.kilobytes > 0 || !use.files.isEmpty else { continue }
      let command = process(pid, "comm").map { String($0.trimmingBlanks) } ?? ""
      users.append(
        HugepageUser(pid: pid, command: command, kilobytes: use.kilobytes, files: use.files.map(\.path)))
    }
    return (users, sawAll ? files.filter { !mapped.contains($0.identity) }.map(\.path).sorted() : [])
  }

  private struct ProcessUse {
    var kilobytes: UInt64 = 0
    var files: [MappedFile] = []
    /// Whether the process may map files that we were not shown.
    var isClosed = false
  }

  /// What one process has of huge pages; nil for one that has none, or has ended.
  private mutating func hugepageUse(
    ofProcess pid: Int, devices: Set<DeviceNumber>, wantsFiles: Bool
  ) -> ProcessUse? {
    guard let status = process(pid, "status") else { return hasEnded(pid) ? nil : ProcessUse(isClosed: true) }
    var use = ProcessUse()
    switch HugepageUser.memory(inStatus: status) {
    case .none: return nil
    case .kilobytes(0):
      // Without a page of its own it matters only by a file that it maps, and may keep to itself what it maps.
      guard wantsFiles, let maps = try? root.contents("/proc/\(pid)/maps") else { return nil }
      use.files = MappedFile.files(inMaps: maps, on: devices)
    case .kilobytes(let kilobytes):
      let maps = process(pid, "maps")
      use.kilobytes = kilobytes
      use.files = MappedFile.files(inMaps: maps ?? "", on: devices)
      use.isClosed = maps == nil && !hasEnded(pid)
    case .unknown:
      let maps = process(pid, "maps")
      use.files = MappedFile.files(inMaps: maps ?? "", on: devices)
      // The size of the mappings is what an old kernel leaves to go by.
      use.kilobytes = use.files.reduce(0) { $0 + $1.kilobytes }
      use.isClosed = maps == nil && !hasEnded(pid)
    }
    return use
  }

  private mutating func hasEnded(_ pid: Int) -> Bool { status("/proc/\(pid)") == nil }

  /// EAL's files in the root of a mount (``HugepageUser/isMapFile(_:)``).
  private mutating func mapFiles(in directory: String) -> [(path: String, identity: FileIdentity)] {
    (entries(directory) ?? []).filter(HugepageUser.isMapFile).compactMap { name in
      let path = directory == "/" ? "/\(name)" : "\(directory)/\(name)"
      guard let status = status(path, followingLast: false), status.kind == .file else { return nil }
      return (path, status.identity)
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
