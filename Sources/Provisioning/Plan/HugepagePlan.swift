/// The least that a node keeps for everything else, whatever is asked of it.
///
/// A kernel that gives its last page to a pool still answers the write with success, and then kills processes;
/// an eighth of a gigabyte is what a small server needs to stay reachable, and large nodes keep a sixteenth.
enum NodeFloor {
  static let leastKilobytes: UInt64 = 128 << 10
  static let shareOfTotal: UInt64 = 16

  static func kilobytes(ofTotal total: UInt64) -> UInt64 { max(leastKilobytes, total / shareOfTotal) }
}

extension NodeMemory {
  /// What can be turned into huge pages, in kilobytes, with the floor kept.
  ///
  /// Free memory, the file cache, and half of the reclaimable slab, of which much is in use: like the estimate behind
  /// `MemAvailable` (`si_mem_available()`), for one node, with the floor in the place of the watermarks.
  var available: UInt64 {
    let reclaimable = free + fileCache + reclaimableSlab / 2
    let floor = NodeFloor.kilobytes(ofTotal: total)
    return reclaimable > floor ? reclaimable - floor : 0
  }
}

/// The pools that the profile asks for against the pools that are.
///
/// Pools are never shrunk, and no node is asked for more than it can give and stay alive: all sizes asked of a
/// node count together.
public func planHugepages(_ profile: Profile, on facts: HostFacts) -> Plan {
  var plan = Plan()
  // An image that is not running has no pools; what it will have after boot is planned with the boot configuration.
  guard !facts.nodes.isEmpty else { return plan }
  var requests: [(request: PoolRequest, missing: Int)] = []

  for wanted in profile.hugepages {
    guard facts.nodes.contains(where: { $0.pool(wanted.size) != nil }) else {
      plan.findings.append(unsupported(wanted.size, on: facts))
      continue
    }
    for (id, pages) in nodes(of: wanted, on: facts) {
      guard let node = facts.nodes.first(where: { $0.id == id }) else {
        plan.findings.append(
          Finding(
            "node.absent", .blocker, subject: "node \(id)",
            message: "the profile asks for \(pages) pages of \(wanted.size), the host has no such node",
            remedy: "name nodes among \(facts.nodes.map { "\($0.id)" }.joined(separator: ", "))"))
        continue
      }
      guard node.hasMemory else {
        if case .nodes = wanted.amount, pages > 0 {
          plan.findings.append(
            Finding(
              "hugepages.short", .blocker, subject: "node \(id)",
              message: "requires \(pages) pages of \(wanted.size), the node has no memory",
              remedy: "ask another node for them"))
        }
        continue
      }
      let has = node.pool(wanted.size)?.persistent ?? 0
      if has < pages {
        requests.append((PoolRequest(node: id, pageSize: wanted.size, pages: pages), pages - has))
      }
    }
  }

  for node in facts.nodes where !node.hasMemory && !profile.hugepages.isEmpty {
    plan.findings.append(
      Finding(
        "node.memoryless", .info, subject: "node \(node.id)",
        message: "has no memory of its own, so no pages are reserved there"))
  }
  for node in facts.nodes {
    let onNode = requests.filter { $0.request.node == node.id }
    let needed = onNode.reduce(0) { $0 + UInt64($1.missing) * $1.request.pageSize.kilobytes }
    if needed > node.memory.available {
      plan.findings.append(unsafe(onNode.map(\.request), needed: needed, on: node))
      continue
    }
    for (request, missing) in onNode {
      plan.actions.append(
        PlannedAction(
          .reserveHugepages(request),
          reason: "requires \(request.pages) pages of \(request.pageSize), is \(request.pages - missing)"))
    }
  }
  return plan
}

/// Node and page count, in ascending order of nodes.
private func nodes(of wanted: Profile.Hugepages, on facts: HostFacts) -> [(Int, Int)] {
  switch wanted.amount {
  case .perNode(let pages): facts.nodes.filter(\.hasMemory).map { ($0.id, pages) }
  case .nodes(let pages): pages.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}

private func unsupported(_ size: PageSize, on facts: HostFacts) -> Finding {
  let offered = Set(facts.nodes.flatMap { $0.pools.map(\.pageSize) }).sorted()
  return Finding(
    "hugepages.sizeUnsupported", .blocker, subject: "\(size)",
    message: offered.isEmpty
      ? "this kernel offers no huge pages"
      : "this host offers pages of \(offered.map(\.description).joined(separator: ", ")) only",
    remedy: offered.isEmpty ? "boot a kernel with CONFIG_HUGETLBFS" : "choose another size in the profile")
}

private func unsafe(_ requests: [PoolRequest], needed: UInt64, on node: NUMANode) -> Finding {
  let asked = requests.map { "\($0.pages) pages of \($0.pageSize)" }.joined(separator: " and ")
  let floor = NodeFloor.kilobytes(ofTotal: node.memory.total) >> 10
  return Finding(
    "hugepages.unsafe", .blocker, subject: "node \(node.id)",
    message:
      "\(asked) need \(needed >> 10) MiB more, the node can give \(node.memory.available >> 10) MiB and keep \(floor) MiB",
    remedy: "ask for fewer pages in the profile, or give the machine more memory")
}
