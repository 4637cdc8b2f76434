import Provisioning

extension FactReader {
  /// The online NUMA nodes with their memory and page pools.
  ///
  /// A kernel without NUMA has no `node` directory: then the machine is node 0. An image without `proc` has no node.
  ///
  /// Source: `Documentation/ABI/stable/sysfs-devices-node`, `Documentation/admin-guide/mm/hugetlbpage.rst`.
  mutating func nodes(machineMemory: Meminfo?, onlineCPUs: [Int]) -> [NUMANode] {
    let directory = "/sys/devices/system/node"
    guard status("\(directory)/online") != nil else {
      guard let memory = machineMemory.flatMap({ NodeMemory($0) }) else { return [] }
      return [
        NUMANode(
          id: 0, cpus: onlineCPUs, hasMemory: true, memory: memory, pools: pools("/sys/kernel/mm/hugepages"))
      ]
    }
    let online = value("\(directory)/online", "a list of nodes") { [Int](kernelList: $0) } ?? []
    let withMemory = nodesWithMemory(directory)
    return online.compactMap { id in
      let node = "\(directory)/node\(id)"
      // A machine that grows while it runs (memory ballooning, deferred initialisation) shows it in /proc/meminfo first.
      let ofMachine = online.count == 1 ? machineMemory.flatMap { NodeMemory($0) } : nil
      guard let memory = ofMachine ?? value("\(node)/meminfo", "the memory of a node", { NodeMemory(Meminfo($0)) })
      else {
        record("\(node)/meminfo", "absent, though node \(id) is online")
        return nil
      }
      // Empty for a node without CPUs.
      let cpus = value("\(node)/cpulist", "a list of CPUs") { [Int](kernelList: $0) } ?? []
      return NUMANode(
        id: id, cpus: cpus, hasMemory: withMemory?.contains(id) ?? (memory.total > 0), memory: memory,
        pools: pools("\(node)/hugepages"))
    }
  }

  /// Kernels of the 3.10 age have `has_memory` only with movable nodes, and `has_normal_memory` else.
  private mutating func nodesWithMemory(_ directory: String) -> [Int]? {
    for name in ["has_memory", "has_normal_memory"] {
      if let nodes = value("\(directory)/\(name)", "a list of nodes", { [Int](kernelList: $0) }) { return nodes }
    }
    return nil
  }

  private mutating func pools(_ directory: String) -> [HugepagePool] {
    // Kernel 5.10 has no directory on a node without memory.
    (entries(directory, prefix: "hugepages-") ?? []).compactMap { name in
      let pool = "\(directory)/\(name)"
      guard let size = PageSize(poolDirectory: name) else {
        record(pool, "not a page size")
        return nil
      }
      guard let total = count("\(pool)/nr_hugepages"), let free = count("\(pool)/free_hugepages") else { return nil }
      return HugepagePool(
        pageSize: size, total: total, free: free, surplus: count("\(pool)/surplus_hugepages") ?? 0)
    }
    .sorted { $0.pageSize < $1.pageSize }
  }

  private mutating func count(_ path: String) -> Int? {
    value(path, "a number") { Int($0.trimmingBlanks) }
  }
}
