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

/// Why EAL could not run on these CPUs, with the option to change; nil where it may.
///
/// - Parameters:
///   - lcores: as `--lcores` has them; nil, and EAL's own mappings, are left to EAL.
///   - allowed: the CPUs that this process may run on.
func lcoreObjection(to lcores: String?, allowed: [Int]) -> String? {
  guard let cpus = lcores.flatMap(plainCPUList), !allowed.isEmpty,
    let absent = cpus.first(where: { !allowed.contains($0) })
  else { return nil }
  return "cpu '\(absent)' is not there, or not allowed: requires one of \(cpuListText(allowed)): change --lcores"
}

/// As `0-3,5`, of ascending numbers.
func cpuListText(_ cpus: [Int]) -> String {
  var parts: [(first: Int, last: Int)] = []
  for cpu in cpus {
    if let part = parts.last, part.last == cpu - 1 {
      parts[parts.count - 1].last = cpu
    } else {
      parts.append((cpu, cpu))
    }
  }
  return parts.map { $0.first == $0.last ? "\($0.first)" : "\($0.first)-\($0.last)" }.joined(separator: ",")
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

/// EAL's `--lcores` for a list of CPUs, of which the first is the main lcore's.
///
/// A lone CPU gets two lcores, as the main lcore only sleeps beside its worker. EAL takes the lowest lcore for its main one: CPUs
/// that are out of order, and those whose numbers it has no lcore for, are mapped.
///
/// - Parameter mainCPU: a CPU for the main lcore beside its worker, where it must not be the first.
func lcoreMap(for cpus: [Int], mainCPU: Int? = nil) -> String {
  var seen: Set<Int> = []
  let cpus = cpus.filter { seen.insert($0).inserted }
  let limit = Int(RTE_MAX_LCORE)
  if let main = mainCPU ?? (cpus.count == 1 ? cpus.first : nil) {
    return ([main] + cpus).prefix(limit).enumerated().map { "\($0)@\($1)" }.joined(separator: ",")
  }
  if cpus.allSatisfy({ $0 < limit }), cpus == cpus.sorted() { return cpus.map(String.init).joined(separator: ",") }
  return cpus.prefix(limit).enumerated().map { "\($0)@\($1)" }.joined(separator: ",")
}
