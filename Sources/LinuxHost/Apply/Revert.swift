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

  var isBlocked: Bool { findings.contains { $0.severity == .blocker } }
  var isDone: Bool { !isBlocked && failures.isEmpty }
}

/// Undoes what the journal records, to the first original, and removes the journal. Safe to run twice, and again
/// after an interruption. What waited to be confirmed is undone with the rest, and waits no longer.
///
/// - Privileges: root.
/// - On failure: the other steps are still made, and the journal keeps what is left to do.
public func revert(tell: (RevertEvent) -> Void) async throws(HostError) -> RevertOutcome {
  let lock = try HostLock()
  defer { withExtendedLifetime(lock) {} }
  let outcome = try undoJournal(after: 0, tell: tell)
  if !outcome.isBlocked { try await DeadMansSwitch().disarm() }
  return outcome
}

/// Undoes the journal from an entry on; the entries before it stay. To be called with ``HostLock``.
func undoJournal(after kept: Int, tell: (RevertEvent) -> Void) throws(HostError) -> RevertOutcome {
  let journal = Journal()
  let all = try journal.entries()
  let earlier = all.prefix(kept)
  let entries = Array(all.dropFirst(kept))
  let bindings = entries.compactMap { entry in if case .binding(let binding) = entry.effect { binding } else { nil } }
  let plan = planRevert(
    entries, on: gather(.runningHost, scope: GatherScope()), deviceUsers: deviceUsers(of: bindings, in: .runningHost),
    boot: try Journal.bootID(), machine: Journal.machineID())
  var outcome = RevertOutcome(findings: plan.findings, steps: [], failures: [])
  guard !outcome.isBlocked else { return outcome }
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
  // What is undone must not be undone again later, when it may be somebody else's.
  let left =
    outcome.failures.isEmpty ? [] : entries.filter { entry in !outcome.steps.contains { $0.settles(entry.effect) } }
  if earlier.isEmpty, left.isEmpty { try journal.remove() } else { try journal.rewrite(earlier + left) }
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
