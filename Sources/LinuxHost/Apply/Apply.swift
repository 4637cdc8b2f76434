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

  var isBlocked: Bool { findings.contains { $0.severity == .blocker } }
}

/// Gathering again may show a gap that only opened with the last actions; it closes in a round or two, or never.
private let mostRounds = 4

/// Converges a host to the profile: gather, plan, act, and again, until no action is left.
///
/// Idempotent: on a host that is ready nothing is written, not even the journal. Of an image only what lasts on its disk
/// is changed, and nothing of the running host is looked at.
///
/// What outlives the boot is left out while an `apply` waits to be confirmed: until then a reboot is a way back.
///
/// - Parameters:
///   - persistence: what makes it last; nil changes nothing that outlives the boot.
///   - root: the running host, or an image.
///   - part: what of the profile; nil for all of it.
///   - patience: how many seconds it waits for another dpdk-host that is changing this host.
///   - seconds: undo it all, unless ``confirm()`` comes within this time after the end; nil keeps it.
///   - tell: called before and after each action.
/// - Privileges: root.
/// - On failure: what was done stays, and is in the journal for `revert`; a reservation that came short is given back.
public func apply(
  _ profile: Profile, _ requirements: Requirements, _ persistence: Persistence?, in root: HostRoot = .runningHost,
  waiving waived: Set<String>, only part: ProfilePart? = nil, waitingForLock patience: Int = 0,
  confirmWithin seconds: Int? = nil, tell: (ApplyEvent) -> Void
) async throws(HostError) -> ApplyOutcome {
  let lock = try HostLock(root, waiting: patience)
  defer { withExtendedLifetime(lock) {} }
  if root.isRunningHost, try UnconfirmedFile().read() != nil {
    throw HostError(
      "what an earlier 'apply' did waits to be confirmed",
      remedy: "keep it with 'dpdk-host confirm', wait until it is undone, or run 'dpdk-host revert'")
  }
  let journal = try Journal(root)
  // A journal that cannot be read must not be added to: its originals would be lost.
  let entries = try journal.entries()
  let entriesBefore = entries.count
  try clearBesideBootFiles(entries, in: root)
  var converging = Converging(
    profile: profile, requirements: requirements, persistence: persistence, root: root, waived: waived, part: part,
    journal: journal)
  guard let seconds else { return await converging.run(beforeFirst: {}, tell) }
  converging.extent = .thisBoot
  let watch = DeadMansSwitch()
  var isArmed = false
  var outcome = await converging.run(
    beforeFirst: { () async throws(HostError) in
      let lasting = persistence.map { UnconfirmedApply.Lasting(profileText: $0.profileText, waived: $0.waived) }
      try await watch.arm(within: seconds, entriesBefore: entriesBefore, lasting: lasting)
      isArmed = true
    }, tell)
  if isArmed, try journal.entries().count > entriesBefore {
    outcome.findings.append(.unconfirmed(within: seconds))
    do throws(HostError) { try watch.applied() } catch { outcome.failure = outcome.failure ?? error }
    return outcome
  }
  if isArmed { try await watch.disarm() }
  // Nothing of this boot was changed, so nobody can have been cut off, and nothing waits to be confirmed.
  guard outcome.failure == nil, !outcome.isBlocked else { return outcome }
  converging.extent = .nextBoots
  return await converging.run(beforeFirst: {}, tell)
}

/// Makes last what an `apply` did that was confirmed. To be gone with ``HostLock``.
func applyLasting(
  _ lasting: UnconfirmedApply.Lasting, _ installation: Installation, tell: (ApplyEvent) -> Void
) async throws(HostError) -> ApplyOutcome {
  let profile: Profile
  let requirements: Requirements
  do {
    profile = try Profile(yaml: lasting.profileText, source: "unconfirmed.json")
    requirements = try installation.requirements()
  } catch { throw HostError("confirmed, but it does not last: \(error)", remedy: "run 'dpdk-host apply' again") }
  let waived = Set(lasting.waived)
  let persistence = try installation.persistence(of: lasting.profileText, waiving: waived, on: .runningHost)
  return await Converging(
    profile: profile, requirements: requirements, persistence: persistence, root: .runningHost, waived: waived,
    part: nil,
    journal: try Journal(.runningHost), extent: .nextBoots
  ).run(beforeFirst: {}, tell)
}

/// What a convergence goes by, from its first round to the last.
private struct Converging {
  let profile: Profile
  let requirements: Requirements
  let persistence: Persistence?
  let root: HostRoot
  let waived: Set<String>
  let part: ProfilePart?
  let journal: Journal
  var extent = Extent.everything

  /// Which actions are taken: all, those that the end of the boot undoes, or those that outlive it.
  enum Extent {
    case everything, thisBoot, nextBoots

    func holds(_ action: Action) -> Bool {
      switch self {
      case .everything: true
      case .thisBoot: !action.outlivesBoot
      case .nextBoots: action.outlivesBoot
      }
    }
  }

  /// - Parameter beforeFirst: called before the first change; what it throws keeps everything from being changed.
  func run(
    beforeFirst: () async throws(HostError) -> Void, _ tell: (ApplyEvent) -> Void
  ) async -> ApplyOutcome {
    var outcome = ApplyOutcome(actions: [], findings: [])
    // Pools alone need little to be known, early in the boot, when it counts.
    var dpdk: DPDKInstallation? = part == nil ? nil : DPDKInstallation()
    let scope = part == nil ? gatherScope(for: profile) : GatherScope(boot: false, hugepageUse: false)
    var lockedFiles: Set<String> = []
    /// Reservations that came short, and that the next boot makes: they are not tried again in this one.
    var shortUntilBoot: [Finding] = []
    /// Of a change of the boot configuration that was made, or taken back: this boot goes on without it.
    var ofBoot: [Finding] = []
    var bootFailure: HostError?
    var isBootTried = false
    for round in 1...mostRounds {
      var facts = gather(root, scope: scope, dpdk: dpdk)
      // No action of ours changes what is installed.
      dpdk = facts.dpdk
      // A process that we cannot see (another PID namespace) may keep a file that looks stale: it is not tried again.
      facts.staleMapFiles.removeAll { lockedFiles.contains($0) }
      var plan =
        if let part {
          plan(profile, only: part, on: facts, waiving: waived)
        } else {
          plan(profile, requirements, on: facts, waiving: waived, lasting: persistence)
        }
      plan.actions.removeAll { planned in
        !extent.holds(planned.action) || (!shortUntilBoot.isEmpty && planned.action.isReservation)
          || (isBootTried && planned.action.changesBoot)
      }
      outcome.findings = plan.findings + shortUntilBoot + ofBoot
      outcome.failure = bootFailure
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
          let done = try await carryOut(step, of: profile, on: facts, journal, in: root)
          lockedFiles.formUnion(done.lockedFiles)
          if step.contains(where: \.action.changesBoot) {
            isBootTried = done.isTakenBack
            ofBoot = waive(waived, in: done.findings).findings
          }
          guard !done.isTakenBack else {
            for (action, note) in zip(step, done.notes) { tell(.failed(action, HostError(note))) }
            if step.contains(where: \.action.changesBoot) { continue }
            guard comesWithReboot(facts) else {
              outcome.findings += done.findings
              return outcome
            }
            shortUntilBoot = done.findings.map(\.untilBoot)
            continue
          }
          for (action, note) in zip(step, done.notes) { tell(.finished(action, note: note)) }
          outcome.actions += step
        } catch {
          step.forEach { tell(.failed($0, error)) }
          guard step.contains(where: \.action.changesBoot) else {
            outcome.failure = error
            return outcome
          }
          // Pages, mounts and drivers of this boot do not depend on the next one.
          (isBootTried, bootFailure) = (true, error)
        }
      }
      let files = plan.actions.map(\.action)
      await reloadUnits(written: files.compactMap(\.writtenPath), removed: files.compactMap(\.removedPath), in: root)
    }
    outcome.failure = HostError(
      "the host did not settle: after \(mostRounds) rounds there is still something to do",
      remedy: "see 'dpdk-host plan' for what is left, and look for another program that undoes it")
    return outcome
  }

  /// Whether the next boot reserves what this one could not: memory in one piece is there for the asking then.
  private func comesWithReboot(_ facts: HostFacts) -> Bool {
    extent == .everything
      && bootReservesPages(profile, on: gather(root, scope: GatherScope(hugepageUse: false), dpdk: facts.dpdk))
  }
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
