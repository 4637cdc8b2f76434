/// One step back. Every step is idempotent, so that an interrupted `revert` is simply run again.
public enum RevertStep: Equatable, Sendable {
  case unloadModule(name: String)
  case unmount(target: String, pageSize: PageSize)
  /// Removes the directory if it is empty.
  case removeDirectory(path: String)
  /// Sets the pool to the size that it had before our first change.
  case restorePool(PoolRequest)
}

/// What `revert` does, and what keeps it from doing so.
public struct RevertPlan: Equatable, Sendable {
  public var findings: [Finding]
  public var steps: [RevertStep]

  public init(findings: [Finding] = [], steps: [RevertStep] = []) {
    self.findings = findings
    self.steps = steps
  }
}

/// Undoes the journal in reverse, each thing once, to the first original.
///
/// Effects that die with a boot are dropped when the journal is of an earlier one. Nothing is taken from under a
/// process: one that maps files on our mount, or holds pages that the original pool does not have, is a
/// `dpdk.inUse` blocker that names it.
///
/// - Parameters:
///   - entries: the journal in the order written.
///   - boot: the boot id of now.
///   - machine: the machine id of now.
public func planRevert(
  _ entries: [JournalEntry], on facts: HostFacts, boot: String, machine: String?
) -> RevertPlan {
  var plan = RevertPlan()
  if let other = entries.first(where: { $0.machine != machine }) {
    plan.findings.append(
      Finding(
        "journal.otherMachine", .info, subject: other.machine ?? "no machine id",
        message: "the journal was written on another machine and came along with its disk",
        remedy: "run 'dpdk-host revert' before an image is made of a machine"))
  }
  let standing = entries.filter { $0.effect.outlivesBoot || ($0.boot == boot && $0.machine == machine) }

  // Forward, so that the first original wins; reversed at the end.
  var seen: [RevertStep] = []
  for entry in standing {
    switch entry.effect {
    case .hugepages(let node, let pageSize, let before, _):
      let known = seen.contains {
        if case .restorePool(let request) = $0 { request.node == node && request.pageSize == pageSize } else { false }
      }
      if !known { seen.append(.restorePool(PoolRequest(node: node, pageSize: pageSize, pages: before))) }
    case .directory(let path):
      if !seen.contains(.removeDirectory(path: path)) { seen.append(.removeDirectory(path: path)) }
    case .mount(let target, let pageSize):
      let step = RevertStep.unmount(target: target, pageSize: pageSize)
      if !seen.contains(step) { seen.append(step) }
    case .module(let name):
      if !seen.contains(.unloadModule(name: name)) { seen.append(.unloadModule(name: name)) }
    }
  }
  plan.steps = seen.reversed().filter { isNeeded($0, on: facts) }
  plan.findings += plan.steps.flatMap { usersInTheWay(of: $0, on: facts) }
  return plan
}

private func isNeeded(_ step: RevertStep, on facts: HostFacts) -> Bool {
  switch step {
  case .unmount(let target, let pageSize):
    guard let top = facts.mounts.last(where: { $0.target == target }) else { return false }
    return top.hugetlbfsPageSize(default: facts.defaultHugepageSize) == pageSize
  case .restorePool(let request):
    guard let pool = facts.nodes.first(where: { $0.id == request.node })?.pool(request.pageSize) else { return false }
    return pool.persistent != request.pages
  case .unloadModule, .removeDirectory:
    return true
  }
}

private func usersInTheWay(of step: RevertStep, on facts: HostFacts) -> [Finding] {
  switch step {
  case .unmount(let target, _):
    let users = facts.hugepageUsers.filter { $0.files.contains { $0.hasPrefix(target + "/") } }
    return users.isEmpty ? [] : [inUse(subject: target, message: "the mount is in use", by: users)]
  case .restorePool(let request):
    guard let pool = facts.nodes.first(where: { $0.id == request.node })?.pool(request.pageSize) else { return [] }
    let used = pool.total - pool.free
    guard used > request.pages, !facts.hugepageUsers.isEmpty else { return [] }
    return [
      inUse(
        subject: "node \(request.node)",
        message: "\(used) pages of \(request.pageSize) are in use, \(request.pages) would be left",
        by: facts.hugepageUsers)
    ]
  case .unloadModule, .removeDirectory:
    return []
  }
}

private func inUse(subject: String, message: String, by users: [HugepageUser]) -> Finding {
  let names = users.map { "'\($0.command)' (pid \($0.pid))" }.joined(separator: ", ")
  return Finding(
    "dpdk.inUse", .blocker, subject: subject, message: "\(message) by \(names)",
    remedy: "end the process, then run 'dpdk-host revert' again")
}
