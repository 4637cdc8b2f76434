internal import Glibc
internal import Provisioning
internal import SystemPackage

/// The pool of one page size on one node, in sysfs.
///
/// Always the node's own files: a write to the host-wide `nr_hugepages` spreads pages evenly and so destroys what
/// was set for each node (Documentation/admin-guide/mm/hugetlbpage.rst).
struct PoolFiles: Sendable {
  let directory: FilePath

  init(_ request: PoolRequest) {
    let node = request.node
    let name = "hugepages-\(request.pageSize.kilobytes)kB"
    // A kernel without NUMA has the host-wide directory alone, and there it is the node's. With NUMA a node that went
    // away is an error: its number must not level all others.
    let hasNUMA = access("/sys/devices/system/node/online", F_OK) == 0
    directory = FilePath(
      hasNUMA ? "/sys/devices/system/node/node\(node)/hugepages/\(name)" : "/sys/kernel/mm/hugepages/\(name)")
  }

  /// Pages that stay when their users go: `nr_hugepages` without `surplus_hugepages`.
  func persistent() throws(HostError) -> Int { try number("nr_hugepages") - number("surplus_hugepages") }

  /// Asks the kernel for this many persistent pages.
  ///
  /// Success of the write says nothing: the kernel gives what it finds. Read back with ``persistent()``.
  func write(_ pages: Int) throws(HostError) {
    let path = directory.appending("nr_hugepages")
    do { try writeSysfs("\(pages)", to: path) } catch {
      throw HostError("cannot set '\(path)' to \(pages)", errno: error)
    }
  }

  private func number(_ name: String) throws(HostError) -> Int {
    let path = directory.appending(name)
    do {
      if let text = try HostRoot.runningHost.contents(path.string), let number = Int(text.prefix { $0.isNumber }) {
        return number
      }
    } catch { throw HostError("cannot read '\(path)'", errno: error) }
    throw HostError("'\(path)' is missing or holds no number")
  }
}

/// What is done about a short pool before the next attempt, gentlest first; its length bounds the attempts.
private enum Relief: CaseIterable {
  /// The kernel compacts as it allocates: often a second write is enough.
  case none
  /// Drops clean page cache, which is what fills a node that has been up for a while.
  case dropPageCache
  /// Moves movable pages together on the nodes that are short.
  case compact
  /// Drops dentries and inodes too, and compacts again.
  case dropAllCachesAndCompact
}

/// Brings pools to their size, all nodes at once, and gives back what it took when one stays short.
///
/// - Privileges: root.
/// - Returns: one outcome a request. When one is short, all were given back, and `left` says what each has then.
func reservePools(_ requests: [PoolRequest]) throws(HostError) -> [PoolOutcome] {
  var outcomes: [PoolOutcome] = []
  for request in requests {
    let before = try PoolFiles(request).persistent()
    outcomes.append(PoolOutcome(request: request, before: before, got: before))
  }
  do {
    // A pool that somebody made large enough meanwhile is not written: that would shrink it.
    outcomes = merge(outcomes, try write(outcomes.filter(\.isShort)))
    for relief in Relief.allCases {
      let short = outcomes.filter(\.isShort)
      if short.isEmpty { return outcomes }
      relieve(relief, on: Set(short.map(\.request.node)))
      outcomes = merge(outcomes, try write(short))
    }
  } catch {
    giveBack(outcomes)
    throw error
  }
  if outcomes.contains(where: \.isShort) {
    giveBack(outcomes)
    for index in outcomes.indices {
      let request = outcomes[index].request
      outcomes[index].left = try PoolFiles(request).persistent()
    }
  }
  return outcomes
}

/// Restores the sizes of before, as far as it can: what is left is read back, and is in the journal.
private func giveBack(_ outcomes: [PoolOutcome]) {
  for outcome in outcomes where outcome.got != outcome.before {
    try? PoolFiles(outcome.request).write(outcome.before)
  }
}

/// Writes and reads back, one pool after the other: up to kernel 5.12 `set_max_huge_pages` goes by the pages of all nodes
/// and drops its lock while it allocates, so that two writers at once get other numbers than they asked for. Later ones
/// hold a mutex for each size.
private func write(_ outcomes: [PoolOutcome]) throws(HostError) -> [PoolOutcome] {
  // Larger pages first: smaller ones would break up the memory that they need.
  try outcomes.sorted { $0.request.pageSize > $1.request.pageSize }.map { outcome throws(HostError) in
    let files = PoolFiles(outcome.request)
    try files.write(outcome.request.pages)
    var outcome = outcome
    outcome.got = try files.persistent()
    return outcome
  }
}

private func merge(_ old: [PoolOutcome], _ new: [PoolOutcome]) -> [PoolOutcome] {
  old.map { old in new.first { $0.request == old.request } ?? old }
}

/// Best effort, as it only makes success likelier: what counts is read back afterwards.
///
/// Sources: Documentation/admin-guide/sysctl/vm.rst (`drop_caches`, `compact_memory`), and
/// Documentation/ABI/stable/sysfs-devices-node (`compact`).
private func relieve(_ relief: Relief, on nodes: Set<Int>) {
  func dropCaches(_ which: String) {
    // Dirty pages cannot be dropped: write them out first.
    sync()
    try? writeSysfs(which, to: "/proc/sys/vm/drop_caches")
  }
  func compact() {
    for node in nodes {
      do { try writeSysfs("1", to: FilePath("/sys/devices/system/node/node\(node)/compact")) } catch {
        try? writeSysfs("1", to: "/proc/sys/vm/compact_memory")
      }
    }
  }
  switch relief {
  case .none: break
  case .dropPageCache: dropCaches("1")
  case .compact: compact()
  case .dropAllCachesAndCompact:
    dropCaches("3")
    compact()
  }
}
