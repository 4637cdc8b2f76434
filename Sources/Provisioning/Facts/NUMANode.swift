/// One NUMA node as `/sys/devices/system/node` shows it.
///
/// Ids need not be contiguous (0 and 8), and a node can be without memory or without CPUs.
public struct NUMANode: Codable, Equatable, Sendable {
  public var id: Int
  public var cpus: [Int]
  /// From `node/has_memory`, which is the kernel's own word, not from the size of anything.
  public var hasMemory: Bool
  public var memory: NodeMemory
  /// One for each size that the kernel offers on this node; a memory-less node may have none (kernel 5.10).
  public var pools: [HugepagePool]

  public init(id: Int, cpus: [Int], hasMemory: Bool, memory: NodeMemory, pools: [HugepagePool]) {
    self.id = id
    self.cpus = cpus
    self.hasMemory = hasMemory
    self.memory = memory
    self.pools = pools
  }

  /// The pool of this page size; nil where the node has none.
  public func pool(_ size: PageSize) -> HugepagePool? { pools.first { $0.pageSize == size } }
}

/// The memory of one node in kilobytes, from `node*/meminfo` (or `/proc/meminfo` without NUMA).
public struct NodeMemory: Codable, Equatable, Sendable {
  public var total: UInt64
  public var free: UInt64
  /// Page cache that can be dropped: `Active(file)` and `Inactive(file)`.
  public var fileCache: UInt64
  /// `SReclaimable`: caches of the kernel's own.
  public var reclaimableSlab: UInt64

  public init(total: UInt64, free: UInt64, fileCache: UInt64 = 0, reclaimableSlab: UInt64 = 0) {
    self.total = total
    self.free = free
    self.fileCache = fileCache
    self.reclaimableSlab = reclaimableSlab
  }
}

/// The pages of one size on one node: `node*/hugepages/hugepages-*kB`.
public struct HugepagePool: Codable, Equatable, Sendable {
  public var pageSize: PageSize
  /// `nr_hugepages`: pages in the pool, used or not.
  public var total: Int
  public var free: Int
  /// `surplus_hugepages`: pages beyond the pool that go when their user goes.
  public var surplus: Int

  public init(pageSize: PageSize, total: Int, free: Int, surplus: Int = 0) {
    self.pageSize = pageSize
    self.total = total
    self.free = free
    self.surplus = surplus
  }
}

extension HugepagePool {
  /// Pages that stay when their users go: what a write to `nr_hugepages` sets.
  ///
  /// The kernel shows surplus pages within a node's `nr_hugepages` (`hugetlb_sysctl_handler`, hugetlbpage.rst).
  public var persistent: Int { total - surplus }
}
