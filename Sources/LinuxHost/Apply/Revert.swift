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
  /// What could not be made or written; the journal is kept for it.
  public var failures: [HostError]

  var isBlocked: Bool { findings.contains { $0.severity == .blocker } }
  var isDone: Bool { !isBlocked && failures.isEmpty }

  fileprivate func with(_ finding: Finding?) -> RevertOutcome {
    var outcome = self
    outcome.findings += [finding].compactMap(\.self)
    return outcome
  }
}

/// Undoes what the journal records, to the first original, and removes the journal. Safe to run twice, and again
/// after an interruption.
///
/// Nothing is done while a finding blocks: whoever runs it can see to that first. The watch of an `apply` that nobody
/// confirmed does what it can instead (``revertUnconfirmed(tell:waits:)``).
///
/// What waited to be confirmed is undone with the rest, and waits no longer; where some of it is left, the watch stays
/// and tries again from its deadline on.
///
/// - Parameter root: this host, or an image: then nothing of this host is looked at or changed.
/// - Privileges: root.
/// - On failure: the other steps are still made, and the journal keeps what is left to do.
public func revert(
  in root: HostRoot = .runningHost, tell: (RevertEvent) -> Void
) async throws(HostError) -> RevertOutcome {
  let lock = try HostLock(root)
  defer { withExtendedLifetime(lock) {} }
  var way = try WayBack(root)
  guard root.isRunningHost else { return try await way.goUnlessBlocked(beforeFirst: {}, tell: tell) }
  let watch = DeadMansSwitch()
  // First: afterwards the journal is shorter, and the watch must not take what is left for an earlier `apply`'s.
  let outcome = try await way.goUnlessBlocked(beforeFirst: { watch.coverAll() }, tell: tell)
  guard outcome.isDone else { return outcome }
  try await watch.disarm()
  // A proof of what is undone would do it again.
  try forgetReboot()
  let line = ((try? root.contents("/proc/cmdline")) ?? nil) ?? ""
  let pending = stillBootedWith(outcome.steps, line)
  if pending != nil { try giveRebootNotice() }
  return outcome.with(pending)
}
