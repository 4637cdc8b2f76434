public import Provisioning

/// What `apply` tells while it works, one pair an action.
public enum ApplyEvent: Sendable {
  case started(PlannedAction)
  case finished(PlannedAction, note: String)
  case failed(PlannedAction, HostError)
}

/// How an `apply` ended.
public struct ApplyOutcome: Sendable {
  /// What was done, in order.
  public var actions: [PlannedAction]
  /// The findings that stand at the end.
  public var findings: [Finding]
  /// Why it could not go on, where it could not.
  public var failure: HostError?
}

/// Gathering again may show a gap that only opened with the last actions; it closes in a round or two, or never.
private let mostRounds = 4

/// Converges the running host to the profile: gather, plan, act, and again, until no action is left.
///
/// Idempotent: on a host that is ready nothing is written, not even the journal.
///
/// - Parameters:
///   - part: what of the profile; nil for all of it.
///   - patience: how many seconds it waits for another dpdk-host that is changing this host.
///   - seconds: undo it all, unless ``confirm()`` comes within this time after the end; nil keeps it.
///   - tell: called before and after each action.
/// - Privileges: root.
/// - On failure: what was done stays, and is in the journal for `revert`; a reservation that came short is given back.
public func apply(
  _ profile: Profile, _ requirements: Requirements, waiving waived: Set<String>, only part: ProfilePart? = nil,
  waitingForLock patience: Int = 0, confirmWithin seconds: Int? = nil, tell: (ApplyEvent) -> Void
) async throws(HostError) -> ApplyOutcome {
  let lock = try HostLock(waiting: patience)
  defer { withExtendedLifetime(lock) {} }
  if try UnconfirmedFile().read() != nil {
    throw HostError(
      "what an earlier 'apply' did waits to be confirmed",
      remedy: "keep it with 'dpdk-host confirm', wait until it is undone, or run 'dpdk-host revert'")
  }
  let journal = Journal()
  // A journal that cannot be read must not be added to: its originals would be lost.
  let entriesBefore = try journal.entries().count
  guard let seconds else { return await converge(profile, requirements, waived, part, journal, beforeFirst: {}, tell) }
  let watch = DeadMansSwitch()
  var isArmed = false
  var outcome = await converge(
    profile, requirements, waived, part, journal,
    beforeFirst: { () async throws(HostError) in
      try await watch.arm(within: seconds, entriesBefore: entriesBefore)
      isArmed = true
    }, tell)
  guard isArmed else { return outcome }
  if try journal.entries().count > entriesBefore {
    outcome.findings.append(.unconfirmed(within: seconds))
    do throws(HostError) { try watch.applied() } catch { outcome.failure = outcome.failure ?? error }
  } else {
    try await watch.disarm()
  }
  return outcome
}

/// - Parameter beforeFirst: called before the first change; what it throws keeps everything from being changed.
private func converge(
  _ profile: Profile, _ requirements: Requirements, _ waived: Set<String>, _ part: ProfilePart?, _ journal: Journal,
  beforeFirst: () async throws(HostError) -> Void, _ tell: (ApplyEvent) -> Void
) async -> ApplyOutcome {
  var outcome = ApplyOutcome(actions: [], findings: [])
  // Pools alone need little to be known, early in the boot, when it counts.
  var dpdk: DPDKInstallation? = part == nil ? nil : DPDKInstallation()
  let scope = part == nil ? gatherScope(for: profile) : GatherScope(boot: false, hugepageUse: false)
  var lockedFiles: Set<String> = []
  for round in 1...mostRounds {
    var facts = gather(.runningHost, scope: scope, dpdk: dpdk)
    // No action of ours changes what is installed.
    dpdk = facts.dpdk
    // A process that we cannot see (another PID namespace) may keep a file that looks stale: it is not tried again.
    facts.staleMapFiles.removeAll { lockedFiles.contains($0) }
    let plan =
      if let part {
        plan(profile, only: part, on: facts, waiving: waived)
      } else {
        plan(profile, requirements, on: facts, waiving: waived)
      }
    outcome.findings = plan.findings
    guard !plan.isBlocked, !plan.actions.isEmpty else { return outcome }
    if round == 1 {
      do throws(HostError) { try await beforeFirst() } catch {
        outcome.failure = error
        return outcome
      }
    }
    for step in steps(of: plan.actions) {
      step.forEach { tell(.started($0)) }
      do throws(HostError) {
        if case .bindDevice(let binding)? = step.first?.action { try lookAgain(at: binding, for: profile, dpdk) }
        let done = try await carryOut(step, journal)
        lockedFiles.formUnion(done.lockedFiles)
        guard done.short.isEmpty else {
          for (action, note) in zip(step, done.notes) { tell(.failed(action, HostError("got \(note)"))) }
          outcome.findings += done.short
          return outcome
        }
        for (action, note) in zip(step, done.notes) { tell(.finished(action, note: note)) }
        outcome.actions += step
      } catch {
        step.forEach { tell(.failed($0, error)) }
        outcome.failure = error
        return outcome
      }
    }
  }
  outcome.failure = HostError(
    "the host did not settle: after \(mostRounds) rounds there is still something to do",
    remedy: "see 'dpdk-host plan' for what is left, and look for another program that undoes it")
  return outcome
}

/// Looks for management once more, right before an interface goes.
private func lookAgain(
  at binding: DeviceBinding, for profile: Profile, _ dpdk: DPDKInstallation?
) throws(HostError) {
  guard isStillWanted(binding, by: profile, on: gatherInterfaces(for: profile, dpdk: dpdk)) else {
    throw HostError(
      "'\(binding.title)' is not free to be taken any more",
      remedy: "routes or sessions changed: see 'dpdk-host interfaces'")
  }
}

/// Groups actions that run at once: all reservations are one step, as all nodes succeed or none.
private func steps(of actions: [PlannedAction]) -> [[PlannedAction]] {
  var steps: [[PlannedAction]] = []
  for action in actions {
    if case .reserveHugepages = action.action, case .reserveHugepages? = steps.last?.last?.action {
      steps[steps.count - 1].append(action)
    } else {
      steps.append([action])
    }
  }
  return steps
}

/// What came of one step.
private struct StepOutcome {
  /// One an action.
  var notes: [String] = []
  /// Of reservations that came short, and were given back.
  var short: [Finding] = []
  /// Map files that somebody still holds.
  var lockedFiles: [String] = []
}

private func carryOut(_ step: [PlannedAction], _ journal: Journal) async throws(HostError) -> StepOutcome {
  var outcome = StepOutcome()
  var requests: [PoolRequest] = []
  for planned in step {
    switch planned.action {
    case .reserveHugepages(let request):
      requests.append(request)
    case .removeStaleMapFiles(let directory, let files):
      let removed = try removeStaleMapFiles(files, in: directory)
      outcome.lockedFiles += Set(files).subtracting(removed)
      outcome.notes.append("\(removed.count) deleted")
    case .mountHugetlbfs(let mount):
      try mountHugetlbfs(mount, journal)
      outcome.notes.append("mounted")
    case .loadModule(let name):
      try journal.record(.module(name: name))
      try loadModule(name)
      outcome.notes.append("loaded")
    case .bindDevice(let binding):
      outcome.notes.append(try bindDevice(binding, journal))
    case .writeFile, .removeFile, .writeBootArguments, .regenerateBootConfiguration:
      throw HostError("not reached: no plan asks for it yet")
    }
  }
  guard !requests.isEmpty else { return outcome }
  for request in requests {
    let before = try PoolFiles(request).persistent()
    try journal.record(
      .hugepages(node: request.node, pageSize: request.pageSize, before: before, asked: request.pages))
  }
  let pools = try await reservePools(requests)
  outcome.notes = pools.map { "\($0.got) pages" }
  outcome.short = Finding.short(pools)
  return outcome
}
