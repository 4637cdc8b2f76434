/// One step back. Every step is idempotent, so that an interrupted `revert` is simply run again.
public enum RevertStep: Equatable, Sendable {
  case unloadModule(name: String)
  case unmount(target: String, pageSize: PageSize)
  /// Removes the directory if it is empty.
  case removeDirectory(path: String)
  /// Shrinks the pool to the size that it had before our first change, and what others added since.
  case restorePool(PoolRequest)
}

extension RevertStep {
  /// Whether this step, made, settles the effect: then its line in the journal has done its duty.
  public func settles(_ effect: Effect) -> Bool {
    switch (self, effect) {
    case (.unloadModule(let name), .module(let other)): name == other
    case (.unmount(let target, _), .mount(let other, _)): target == other
    case (.removeDirectory(let path), .directory(let other)): path == other
    case (.restorePool(let request), .hugepages(let node, let pageSize, _, _)):
      request.node == node && request.pageSize == pageSize
    default: false
    }
  }
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
/// What an earlier boot did and its end undid is dropped. Only what is ours is taken: a mount by our source name, and of a
/// pool no more pages than we asked for; a pool that somebody made smaller than it was is left so. Nothing is taken from
/// under a process: one that maps files on our mount, or holds pages that the original pool does not have, is a
/// `dpdk.inUse` blocker that names it.
///
/// - Parameters:
///   - entries: the journal in the order written.
///   - boot: the boot id of now. It is random: equal ids are the same running kernel, whatever the machine is called.
///   - machine: the machine id of now.
public func planRevert(
  _ entries: [JournalEntry], on facts: HostFacts, boot: String, machine: String?
) -> RevertPlan {
  var plan = RevertPlan()
  if let other = entries.first(where: { $0.boot != boot && $0.machine != machine }) {
    plan.findings.append(
      Finding(
        "journal.otherMachine", .info, subject: other.machine ?? "no machine id",
        message: "the journal was written on another machine and came along with its disk",
        remedy: "run 'dpdk-host revert' before an image is made of a machine"))
  }
  let effects = entries.filter { $0.effect.outlivesBoot || $0.boot == boot }.map(\.effect)
  // Forward, so that the first original wins; reversed at the end.
  var seen: [Effect] = []
  for effect in effects where !seen.contains(where: { $0.isSameThing(as: effect) }) {
    seen.append(effect)
    plan.append(undo(effect, among: effects, on: facts))
  }
  plan.steps.reverse()
  return plan
}

extension RevertPlan {
  fileprivate mutating func append(_ other: RevertPlan) {
    findings += other.findings
    steps += other.steps
  }
}

extension Effect {
  /// Whether both are about the same pool, path or module: then the earlier one knows the original.
  fileprivate func isSameThing(as other: Effect) -> Bool {
    switch (self, other) {
    case (.hugepages(let node, let size, _, _), .hugepages(let otherNode, let otherSize, _, _)):
      node == otherNode && size == otherSize
    default: self == other
    }
  }
}

private func undo(_ effect: Effect, among effects: [Effect], on facts: HostFacts) -> RevertPlan {
  switch effect {
  case .hugepages(let node, let pageSize, let before, _):
    let asked = effects.compactMap { other in
      if case .hugepages(_, _, _, let asked) = other, other.isSameThing(as: effect) { asked } else { nil }
    }
    return restore(node: node, pageSize: pageSize, before: before, largestAsked: asked.max() ?? before, on: facts)
  case .mount(let target, let pageSize):
    return unmount(target, pageSize, on: facts)
  case .directory(let path):
    return RevertPlan(steps: [.removeDirectory(path: path)])
  case .module(let name):
    return RevertPlan(steps: [.unloadModule(name: name)])
  }
}

private func restore(
  node: Int, pageSize: PageSize, before: Int, largestAsked: Int, on facts: HostFacts
) -> RevertPlan {
  guard let pool = facts.nodes.first(where: { $0.id == node })?.pool(pageSize), pool.persistent > before else {
    return RevertPlan()
  }
  var plan = RevertPlan()
  let foreign = max(0, pool.persistent - largestAsked)
  let left = before + foreign
  if foreign > 0 {
    plan.findings.append(
      Finding(
        "hugepages.foreign", .info, subject: "node \(node)",
        message: "\(foreign) pages of \(pageSize) are not from 'apply' and are left"))
  }
  let used = pool.total - pool.free
  if used > left, !facts.hugepageUsers.isEmpty {
    plan.findings.append(
      inUse(
        subject: "node \(node)", message: "\(used) pages of \(pageSize) are in use, \(left) would be left",
        by: facts.hugepageUsers))
  }
  plan.steps = [.restorePool(PoolRequest(node: node, pageSize: pageSize, pages: left))]
  return plan
}

private func unmount(_ target: String, _ pageSize: PageSize, on facts: HostFacts) -> RevertPlan {
  guard let index = facts.mounts.lastIndex(where: { $0.target == target }),
    facts.mounts[index].source == HugetlbfsMount.source
  else { return RevertPlan() }
  var plan = RevertPlan(steps: [.unmount(target: target, pageSize: pageSize)])
  if !facts.mounts.isReachable(index) {
    plan.findings.append(
      Finding(
        "mount.shadowed", .blocker, subject: target, message: "is hidden by a later mount, and cannot be unmounted",
        remedy: "unmount what is over it, then run 'dpdk-host revert' again"))
  }
  let users = facts.hugepageUsers.filter { $0.files.contains { $0.hasPrefix(target + "/") } }
  if !users.isEmpty { plan.findings.append(inUse(subject: target, message: "the mount is in use", by: users)) }
  return plan
}

private func inUse(subject: String, message: String, by users: [HugepageUser]) -> Finding {
  let names = users.map { "'\($0.command)' (pid \($0.pid))" }.joined(separator: ", ")
  return Finding(
    "dpdk.inUse", .blocker, subject: subject, message: "\(message) by \(names)",
    remedy: "end the process, then run 'dpdk-host revert' again")
}
