import EngineMessages
import Glibc

/// Whether the kernel has a hugepage of any size to give; true where it does not tell (`/sys/kernel/mm/hugepages`).
func hugepagesAreFree(in directory: String = "/sys/kernel/mm/hugepages") -> Bool {
  guard let stream = opendir(directory) else { return true }
  defer { closedir(stream) }
  while let entry = readdir(stream) {
    let size = withUnsafeBytes(of: &entry.pointee.d_name) { text(of: $0) }
    guard size.hasPrefix("hugepages-") else { continue }
    guard let file = fopen("\(directory)/\(size)/free_hugepages", "re") else { return true }
    defer { fclose(file) }
    var digits = [CChar](repeating: 0, count: 32)
    guard fgets(&digits, Int32(digits.count), file) != nil else { return true }
    if strtoull(digits, nil, 10) > 0 { return true }
  }
  return false
}

extension PacketMemory {
  var isOfHugepages: Bool {
    switch self {
    case .hugetlbfs, .anonymousHugepages: true
    case .ordinaryPages: false
    }
  }

  /// Why this host has not got it, with what to do; nil where it may have.
  ///
  /// - Parameters:
  ///   - pagesAreFree: whether a hugepage is to be had.
  ///   - mounts: as `/proc/self/mounts`; nil where they are not known.
  func objection(
    pagesAreFree: Bool = hugepagesAreFree(), mounts: String? = contents(of: "/proc/self/mounts")
  ) -> String? {
    let instead = "take hugepages without a mount with --in-memory, or ordinary pages with --no-huge"
    switch self {
    case .ordinaryPages: return nil
    case _ where !pagesAreFree:
      return "no huge page is free: reserve some, as 'dpdk-host apply' does, or take ordinary pages with --no-huge"
    case .anonymousHugepages: return nil
    case .hugetlbfs(let directory):
      guard let mounts else { return nil }
      let found = hugetlbfsMounts(mounts)
      if found.isEmpty { return "no hugetlbfs is mounted: mount one, as 'dpdk-host apply' does, or \(instead)" }
      guard let directory = directory.map(realPath), !found.contains(where: { isWithin($0, directory) }) else {
        return nil
      }
      return "'\(directory)' is on no hugetlbfs mount: there are \(found.joined(separator: ", ")), or \(instead)"
    }
  }
}

/// Where hugetlbfs is mounted, by the lines of `/proc/self/mounts`.
private func hugetlbfsMounts(_ mounts: String) -> [String] {
  mounts.split(separator: "\n").compactMap { line -> String? in
    let words = line.split(separator: " ")
    return words.count > 2 && words[2] == "hugetlbfs" ? String(words[1]) : nil
  }
}

/// Whether a path is a directory, or lies below it.
private func isWithin(_ directory: String, _ path: String) -> Bool {
  path == directory || path.hasPrefix(directory.hasSuffix("/") ? directory : directory + "/")
}

/// Without symbolic links, where it is there.
private func realPath(_ path: String) -> String {
  guard let found = realpath(path, nil) else { return path }
  defer { free(found) }
  return String(cString: found)
}

/// A file as text; nil where it cannot be read.
func contents(of path: String) -> String? {
  guard let file = fopen(path, "re") else { return nil }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 65_536)
  while true {
    let count = fread(&chunk, 1, chunk.count, file)
    if count == 0 { return String(decoding: bytes, as: UTF8.self) }
    bytes += chunk[..<count]
  }
}
