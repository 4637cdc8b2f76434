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
  var takesHugepages: Bool {
    switch self {
    case .ordinaryPages: false
    case .hugetlbfs, .anonymousHugepages: true
    }
  }
}
