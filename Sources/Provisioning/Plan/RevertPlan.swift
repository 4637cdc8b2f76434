/// What `revert` does, and what keeps it from doing so.
public struct RevertPlan: Equatable, Sendable {
  public var findings: [Finding]
  public var steps: [RevertStep]
  /// Those of the steps that a finding blocks.
  public var blocked: [RevertStep]

  public init(findings: [Finding] = [], steps: [RevertStep] = [], blocked: [RevertStep] = []) {
    self.findings = findings
    self.steps = steps
    self.blocked = blocked
  }
}

/// Undoes the journal in reverse, each thing once, to the first original.
///
/// What an earlier boot did and its end undid is dropped. Only what is ours is taken: a mount by our source name, and of a
/// pool no more pages than we asked for; a pool that somebody made smaller than it was is left so. Nothing is taken from
/// under a process: one that maps files on our mount, holds pages that the original pool does not have, or has a device
/// open that DPDK was given, is a `dpdk.inUse` blocker that names it.
///
/// - Parameters:
///   - entries: the journal in the order written.
///   - deviceUsers: the processes that have a bound device open.
///   - boot: the boot id of now. It is random: equal ids are the same running kernel, whatever the machine is called.
///   - machine: the machine id of now.
public func planRevert(
  _ entries: [JournalEntry], on facts: HostFacts, deviceUsers: [DeviceUser] = [], boot: String, machine: String?
) -> RevertPlan {
  var plan = RevertPlan()
  if let other = entries.first(where: { $0.isForeign(boot: boot, machine: machine) }) {
    plan.findings.append(
      Finding(
        "journal.otherMachine", .info, subject: other.machine ?? "no machine id",
        message: "the journal was written on another machine and came along with its disk",
        remedy: "run 'dpdk-host revert' before an image is made of a machine"))
  }
  // A mount of an earlier boot may be there again, by a unit of ours: it is known by its source.
  let effects = entries.filter { $0.effect.outlivesBoot || $0.effect.isMount || $0.boot == boot }.map(\.effect)
  // Forward, so that the first original wins; reversed at the end.
  var seen: [Effect] = []
  for effect in effects where !seen.contains(where: { $0.isSameThing(as: effect) }) {
    seen.append(effect)
    plan.append(undo(effect, among: effects, on: facts, deviceUsers))
  }
  plan.steps.reverse()
  // No module below a device may go before the device does, whichever was there first.
  plan.steps = plan.steps.filter(\.isReturn) + plan.steps.filter { !$0.isReturn }
  return plan
}

extension RevertPlan {
  fileprivate mutating func append(_ other: RevertPlan) {
    findings += other.findings
    steps += other.steps
    blocked += other.blocked
  }

  /// Adds what is in the way of all the steps that there are.
  fileprivate mutating func block(_ finding: Finding) {
    findings.append(finding)
    blocked = steps
  }
}

extension RevertStep {
  fileprivate var isReturn: Bool { if case .returnDevice = self { true } else { false } }
}

extension JournalEntry {
  /// Whether it was written on another machine, in a boot of its own.
  fileprivate func isForeign(boot: String, machine: String?) -> Bool {
    self.boot != boot && self.boot != Self.image && self.machine != machine
  }
}

extension Effect {
  fileprivate var isMount: Bool { if case .mount = self { true } else { false } }

  /// Whether both are about the same pool, path, module or device: then the earlier one knows the original.
  fileprivate func isSameThing(as other: Effect) -> Bool {
    switch (self, other) {
    case (.hugepages(let node, let size, _, _), .hugepages(let otherNode, let otherSize, _, _)):
      node == otherNode && size == otherSize
    case (.binding(let binding), .binding(let other)): binding.isSameDevice(as: other)
    case (.file(let path, _), .file(let other, _)), (.link(let path, _), .link(let other, _)): path == other
    case (.boot, .boot): true
    case (.moduleParameter(let module, let parameter, _), .moduleParameter(let otherModule, let otherParameter, _)):
      module == otherModule && parameter == otherParameter
    default: self == other
    }
  }
}

private func undo(
  _ effect: Effect, among effects: [Effect], on facts: HostFacts, _ deviceUsers: [DeviceUser]
) -> RevertPlan {
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
  case .binding(let binding):
    return giveBack(binding, deviceUsers)
  case .moduleParameter(let module, let parameter, let before):
    return RevertPlan(steps: [.restoreParameter(module: module, parameter: parameter, value: before)])
  case .file(let path, let before):
    return RevertPlan(steps: [.restoreFile(path: path, before: before)])
  case .link(let path, let before):
    return RevertPlan(steps: [.restoreLink(path: path, before: before)])
  case .packages, .source: return RevertPlan()
  case .boot(let first):
    let records = effects.compactMap { if case .boot(let record) = $0 { record } else { nil } }
    return RevertPlan(steps: [
      .restoreBoot(
        BootRecord.merge(first, records.last ?? first),
        arguments: records.map(\.change.arguments).uniqued().filter { !$0.isEmpty })
    ])
  }
}

/// Whether the device is still there, and still ours, is seen when the step is made: both can change by themselves.
private func giveBack(_ binding: Binding, _ deviceUsers: [DeviceUser]) -> RevertPlan {
  var plan = RevertPlan(steps: [.returnDevice(binding)])
  let users = deviceUsers.filter { $0.bus == binding.bus && $0.address == binding.address }
  if !users.isEmpty {
    plan.block(inUse(subject: binding.title, message: "the device is in use", by: users.map(\.text)))
  }
  return plan
}

private func restore(
  node: Int, pageSize: PageSize, before: Int, largestAsked: Int, on facts: HostFacts
) -> RevertPlan {
  guard let pool = facts.nodes.first(where: { $0.id == node })?.pool(pageSize), pool.persistent > before else {
    return RevertPlan()
  }
  let foreign = max(0, pool.persistent - largestAsked)
  let left = before + foreign
  var plan = RevertPlan(steps: [.restorePool(PoolRequest(node: node, pageSize: pageSize, pages: left))])
  if foreign > 0 {
    plan.findings.append(
      Finding(
        "hugepages.foreign", .info, subject: "node \(node)",
        message: "\(foreign) pages of \(pageSize) are not from 'apply' and are left"))
  }
  let used = pool.total - pool.free
  if used > left, !facts.hugepageUsers.isEmpty {
    plan.block(
      inUse(
        subject: "node \(node)", message: "\(used) pages of \(pageSize) are in use, \(left) would be left",
        by: facts.hugepageUsers.map(\.text)))
  }
  return plan
}

private func unmount(_ target: String, _ pageSize: PageSize, on facts: HostFacts) -> RevertPlan {
  guard let index = facts.mounts.lastIndex(where: { $0.target == target }),
    facts.mounts[index].source == HugetlbfsMount.source
  else { return RevertPlan() }
  var plan = RevertPlan(steps: [.unmount(target: target, pageSize: pageSize)])
  if !facts.mounts.isReachable(index) {
    plan.block(
      Finding(
        "mount.shadowed", .blocker, subject: target, message: "is hidden by a later mount, and cannot be unmounted",
        remedy: "unmount what is over it, then run 'dpdk-host revert' again"))
  }
  let users = facts.hugepageUsers.filter { $0.files.contains { $0.hasPrefix(target + "/") } }
  if !users.isEmpty {
    plan.block(inUse(subject: target, message: "the mount is in use", by: users.map(\.text)))
  }
  return plan
}

private func inUse(subject: String, message: String, by users: [String]) -> Finding {
  Finding(
    "dpdk.inUse", .blocker, subject: subject, message: "\(message) by \(users.joined(separator: ", "))",
    remedy: "end the process, then run 'dpdk-host revert' again")
}

extension HugepageUser {
  fileprivate var text: String { "'\(command)' (pid \(pid))" }
}

extension DeviceUser {
  fileprivate var text: String { "'\(command)' (pid \(pid))" }
}

/// What of the boot configuration is undone, and this boot was made with: nil where nothing of it is.
public func stillBootedWith(_ steps: [RevertStep], _ commandLine: String) -> Finding? {
  for step in steps {
    guard case .restoreBoot(_, let lists) = step,
      let arguments = lists.last(where: { KernelCommandLine(commandLine).contains(sequence: $0) })
    else { continue }
    return Finding(
      Finding.bootPendingID, .warning, subject: "kernel command line",
      message: "this boot was made with '\(arguments.joined(separator: " "))'; the next is without",
      remedy: "reboot to give back what the kernel reserved")
  }
  return nil
}
