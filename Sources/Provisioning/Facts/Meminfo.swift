/// The fields of `/proc/meminfo` or of a node's `meminfo`, in kilobytes.
///
/// Source: `proc_meminfo(5)`; a node's lines begin with `Node 0`.
public struct Meminfo: Equatable, Sendable {
  private var kilobytes: [Substring: UInt64] = [:]

  /// Lines that are no `name: number` are left out.
  public init(_ text: String) {
    for line in text.split(separator: "\n") {
      var fields = line.split(separator: " ")
      if fields.first == "Node" { fields.removeFirst(Swift.min(2, fields.count)) }
      guard fields.count >= 2, fields[0].last == ":", let value = UInt64(fields[1]) else { continue }
      kilobytes[fields[0].dropLast()] = value
    }
  }

  /// A field by its name: `MemTotal`, `Active(file)`.
  public subscript(name: String) -> UInt64? { kilobytes[Substring(name)] }

  /// `Hugepagesize`: the size that a hugetlbfs without `pagesize=` has; nil on a kernel without huge pages.
  public var defaultHugepageSize: PageSize? {
    self["Hugepagesize"].flatMap { $0 > 0 ? PageSize(kilobytes: $0) : nil }
  }
}

extension NodeMemory {
  /// The memory of a node, or of the machine; nil without `MemTotal` or `MemFree`.
  public init?(_ meminfo: Meminfo) {
    // A million terabytes are a damaged file, and their sums would overflow.
    let sane: (UInt64) -> Bool = { $0 < 1 << 50 }
    guard let total = meminfo["MemTotal"], let free = meminfo["MemFree"], sane(total), sane(free),
      ["Active(file)", "Inactive(file)", "SReclaimable"].allSatisfy({ meminfo[$0].map(sane) ?? true })
    else { return nil }
    self.init(
      total: total, free: free, fileCache: (meminfo["Active(file)"] ?? 0) + (meminfo["Inactive(file)"] ?? 0),
      reclaimableSlab: meminfo["SReclaimable"] ?? 0)
  }
}

extension PageSize {
  /// Reads the name of a pool's directory in sysfs: `hugepages-2048kB`.
  public init?(poolDirectory name: String) {
    guard name.hasPrefix("hugepages-"), name.hasSuffix("kB") else { return nil }
    self.init(name.dropFirst("hugepages-".count))
  }
}
