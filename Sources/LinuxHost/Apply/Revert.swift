public import Provisioning

/// What `revert` tells while it works.
public enum RevertEvent: Sendable {
  case finished(RevertStep)
  case failed(RevertStep, HostError)
}

/// How a `revert` ended.
public struct RevertOutcome: Sendable {
  public var findings: [Finding]
  public var steps: [RevertStep]
  /// The steps that could not be made; the journal is kept for them.
  public var failures: [HostError]
}

/// Undoes what the journal records, to the first original, and removes the journal. Safe to run twice, and again
/// after an interruption.
///
/// - Privileges: root.
/// - On failure: the other steps are still made, and the journal keeps what is left to do.
public func revert(tell: (RevertEvent) -> Void) throws(HostError) -> RevertOutcome {
  let lock = try HostLock()
  defer { withExtendedLifetime(lock) {} }
  let journal = Journal()
  let entries = try journal.entries()
  let bindings = entries.compactMap { entry in if case .binding(let binding) = entry.effect { binding } else { nil } }
  let plan = planRevert(
    entries, on: gather(.runningHost, scope: GatherScope()), deviceUsers: deviceUsers(of: bindings, in: .runningHost),
    boot: try Journal.bootID(), machine: Journal.machineID())
  var outcome = RevertOutcome(findings: plan.findings, steps: [], failures: [])
  guard !plan.findings.contains(where: { $0.severity == .blocker }) else { return outcome }
  var stillMounted: [String] = []
  for step in plan.steps {
    // A directory under a mount that stays is in use: it is for the next time.
    if case .removeDirectory(let path) = step,
      stillMounted.contains(where: { $0 == path || $0.hasPrefix(path + "/") })
    {
      continue
    }
    do throws(HostError) {
      try undo(step)
      outcome.steps.append(step)
      tell(.finished(step))
    } catch {
      outcome.failures.append(error)
      if case .unmount(let target, _) = step { stillMounted.append(target) }
      tell(.failed(step, error))
    }
  }
  if outcome.failures.isEmpty {
    try journal.remove()
  } else {
    // What is undone must not be undone again later, when it may be somebody else's.
    try journal.rewrite(entries.filter { entry in !outcome.steps.contains { $0.settles(entry.effect) } })
  }
  return outcome
}

private func undo(_ step: RevertStep) throws(HostError) {
  switch step {
  case .unloadModule(let name): try unloadModule(name)
  case .unmount(let target, _): try unmount(target)
  case .removeDirectory(let path): try removeDirectory(path)
  case .returnDevice(let binding): try returnDevice(binding)
  case .restoreParameter(let module, let parameter, let value): try restoreParameter(module, parameter, to: value)
  case .restorePool(let request):
    let files = PoolFiles(request)
    try files.write(request.pages)
    let left = try files.persistent()
    guard left == request.pages else {
      throw HostError(
        "node \(request.node) has \(left) pages of \(request.pageSize), had \(request.pages)",
        remedy: "run 'dpdk-host revert' again once their users have ended")
    }
  }
}
