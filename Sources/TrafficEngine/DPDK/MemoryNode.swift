import Glibc

/// A NUMA node, as what EAL takes hugepages from.
///
/// DPDK keeps what it shares between ports in memory of the main lcore's node, and ends the process where that has none
/// (`rte_eth_dev_allocate`), however many pages other nodes have.
struct MemoryNode: Equatable {
  var number: Int
  var cpus: [Int]
  /// Whether the kernel has a hugepage of any size to give there.
  var hasFreePages: Bool

  /// Those of this host, by number; none where the kernel does not tell.
  static func all(in directory: String = "/sys/devices/system/node") -> [MemoryNode] {
    let online = contents(of: "\(directory)/online").flatMap { plainCPUList(withoutLineEnd($0)) } ?? []
    return online.map { number in
      let node = "\(directory)/node\(number)"
      let cpus = contents(of: "\(node)/cpulist").flatMap { plainCPUList(withoutLineEnd($0)) } ?? []
      // A node without memory has no such directory.
      let hasPages = access("\(node)/hugepages", F_OK) == 0 && hugepagesAreFree(in: "\(node)/hugepages")
      return MemoryNode(number: number, cpus: cpus, hasFreePages: hasPages)
    }
  }
}

private func withoutLineEnd(_ text: String) -> String { text.hasSuffix("\n") ? String(text.dropLast()) : text }

extension [MemoryNode] {
  /// A CPU for the main lcore, where the first of these is on a node that has no page, and another is on one that has.
  func mainCPU(among cpus: [Int]) -> Int? {
    guard let first = cpus.first, lacksPages(at: first) else { return nil }
    return cpus.first { cpu in contains { $0.hasFreePages && $0.cpus.contains(cpu) } }
  }

  /// Why the main lcore cannot be on the first of the CPUs that were asked for, with the option to change; nil where it can,
  /// and for EAL's own mappings.
  func objection(to lcores: String?) -> String? {
    guard let first = lcores.flatMap(plainCPUList)?.first, lacksPages(at: first) else { return nil }
    let numbers = filter(\.hasFreePages).map(\.number)
    return "cpu '\(first)', the main lcore's, is on a NUMA node without a free huge page: "
      + "name one of node \(cpuListText(numbers)) first in --lcores, or reserve pages on its node"
  }

  /// Where no node has a page, that is told in other words.
  private func lacksPages(at cpu: Int) -> Bool {
    guard let home = first(where: { $0.cpus.contains(cpu) }) else { return false }
    return !home.hasFreePages && contains(where: \.hasFreePages)
  }
}
