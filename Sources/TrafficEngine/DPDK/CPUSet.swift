import CDPDK
import Glibc

/// The CPUs that the calling thread may run on (`sched_getaffinity`), in ascending order.
func affinityCPUs() -> [Int] {
  var set = cpu_set_t()
  guard sched_getaffinity(0, MemoryLayout<cpu_set_t>.size, &set) == 0 else { return [] }
  return withUnsafeBytes(of: &set) { bytes in
    (0..<bytes.count * 8).filter { bytes[$0 / 8] & (1 << ($0 % 8)) != 0 }
  }
}

/// Reads a plain list of CPUs as `0`, `0-3` or `0,2,4-5`.
///
/// - Returns: nil for anything else, EAL's mappings with `@` and `(` included: only EAL reads those.
func plainCPUList(_ text: String) -> [Int]? {
  var cpus: [Int] = []
  for part in text.split(separator: ",", omittingEmptySubsequences: false) {
    let bounds = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard let first = bounds.first ?? nil, let last = bounds.last ?? nil,
      bounds.count <= 2, 0 <= first, first <= last, last < 4096
    else { return nil }
    cpus += Array(first...last)
  }
  return cpus
}

/// EAL's `--lcores` for a list of CPUs.
///
/// A lone CPU gets two lcores, as the main lcore only sleeps beside its worker. CPU numbers that EAL has no
/// lcore for are mapped onto lower ones.
func lcoreMap(for cpus: [Int]) -> String {
  if cpus.count == 1, let only = cpus.first { return "0@\(only),1@\(only)" }
  let limit = Int(RTE_MAX_LCORE)
  if cpus.allSatisfy({ $0 < limit }) { return cpus.map(String.init).joined(separator: ",") }
  return cpus.prefix(limit).enumerated().map { "\($0)@\($1)" }.joined(separator: ",")
}
