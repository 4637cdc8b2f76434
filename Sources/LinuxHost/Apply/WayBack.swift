internal import Provisioning
internal import SystemPackage

/// The way back along the journal, for `revert` and for the watch. To be gone with ``HostLock``.
///
/// Nothing here looks for DPDK: no step needs it, and the file system that it is on may be what is cut off.
struct WayBack {
  private let root: HostRoot
  private let journal: Journal
  /// Never made again, also where the journal could not be written: by then it may be somebody else's.
  private var made: [RevertStep] = []

  init(_ root: HostRoot = .runningHost) throws(HostError) {
    self.root = root
    journal = try Journal(root)
  }

  /// Undoes the whole journal but for what was installed, or nothing where a finding blocks.
  mutating func goUnlessBlocked(
    beforeFirst: () -> Void, tell: (RevertEvent) -> Void
  ) async throws(HostError) -> RevertOutcome {
    let all = try journal.entries()
    let entries = all.filter { !$0.effect.isOfInstallation }
    let bindings = entries.compactMap { entry in
      if case .binding(let binding) = entry.effect { binding } else { nil }
    }
    let plan = planRevert(
      entries, on: gather(root, scope: Self.scope, dpdk: DPDKInstallation()),
      deviceUsers: deviceUsers(of: bindings, in: root), boot: try boot(), machine: machine)
    let left = [Finding.packagesLeft(all), Finding.sourceLeft(all)].compactMap(\.self)
    var outcome = RevertOutcome(findings: plan.findings + left, steps: [], failures: [])
    guard !outcome.isBlocked else { return outcome }
    beforeFirst()
    var held: [RevertStep] = []
    await go(plan.steps, &held, &outcome, tell)
    settle(entries, after: all.filter(\.effect.isOfInstallation), &outcome)
    return outcome
  }

  /// Undoes the journal from an entry on, as far as nothing is in the way; the entries before it stay.
  ///
  /// The devices first, each for itself and before anything else is looked at: one of them may be the way to this host.
  mutating func goAsFarAsPossible(
    after kept: Int, tell: (RevertEvent) -> Void
  ) async throws(HostError) -> RevertOutcome {
    let all = try journal.entries()
    let (boot, machine) = (try boot(), self.machine)
    let entries = all.dropFirst(kept).filter { entry in
      !entry.effect.isOfInstallation && !made.contains { $0.settles(entry.effect) }
    }
    var outcome = RevertOutcome(findings: [], steps: [], failures: [])
    var held: [RevertStep] = []
    let devices = entries.filter { if case .binding = $0.effect { true } else { false } }
    await go(planRevert(devices, on: HostFacts(), boot: boot, machine: machine).steps, &held, &outcome, tell)

    let others = entries.filter { if case .binding = $0.effect { false } else { true } }
    if !others.isEmpty {
      let plan = planRevert(
        others, on: gather(root, scope: Self.scope, dpdk: DPDKInstallation()), boot: boot, machine: machine)
      outcome.findings = plan.findings
      held += plan.blocked
      await go(plan.steps, &held, &outcome, tell)
    }
    settle(entries, after: all.prefix(kept) + all.dropFirst(kept).filter(\.effect.isOfInstallation), &outcome)
    return outcome
  }

  /// - Parameter held: what is not made; with what fails, and keeps what needs it from being made.
  private mutating func go(
    _ steps: [RevertStep], _ held: inout [RevertStep], _ outcome: inout RevertOutcome, _ tell: (RevertEvent) -> Void
  ) async {
    func fail(_ step: RevertStep, _ error: HostError) {
      held.append(step)
      outcome.failures.append(error)
      tell(.failed(step, error))
    }
    var left = steps
    // A module may be in use by one whose turn comes later: it is tried again as long as anything was let go.
    repeat {
      let count = made.count
      var inUse: [(step: RevertStep, error: HostError)] = []
      for step in left where !held.contains(where: { $0 == step || step.needs($0) }) {
        do throws(HostError) {
          try await undo(step)
          made.append(step)
          outcome.steps.append(step)
          tell(.finished(step))
        } catch  where error.isModuleInUse(at: step) {
          inUse.append((step, error))
        } catch {
          fail(step, error)
        }
      }
      if made.count == count {
        for (step, error) in inUse { fail(step, error) }
        inUse = []
      }
      left = inUse.map(\.step)
    } while !left.isEmpty
    let removed = made.compactMap { step in
      switch step {
      case .restoreFile(let path, _), .restoreLink(let path, _): path
      default: nil
      }
    }
    await reloadUnits(written: [], removed: removed, isRevert: true, in: root)
  }

  /// Leaves in the journal what is left to do: what is undone must not be undone again later, when it may be somebody
  /// else's.
  private func settle(_ entries: [JournalEntry], after earlier: [JournalEntry], _ outcome: inout RevertOutcome) {
    let left = outcome.isDone ? [] : entries.filter { entry in !made.contains { $0.settles(entry.effect) } }
    do throws(HostError) {
      if earlier.isEmpty, left.isEmpty { try journal.remove() } else { try journal.rewrite(earlier + left) }
    } catch { outcome.failures.append(error) }
  }

  /// What no step asks about is not looked at.
  private static let scope = GatherScope(boot: false)

  private func boot() throws(HostError) -> String {
    root.isRunningHost ? try Journal.bootID() : JournalEntry.image
  }

  private var machine: String? { root.isRunningHost ? Journal.machineID() : nil }

  private func undo(_ step: RevertStep) async throws(HostError) {
    switch step {
    case .unloadModule(let name): try unloadModule(name)
    case .unmount(let target, _): try unmount(target)
    case .removeDirectory(let path): try removeDirectory(path, in: root)
    case .returnDevice(let binding): try returnDevice(binding)
    case .restoreParameter(let module, let parameter, let value): try restoreParameter(module, parameter, to: value)
    case .restorePool(let request): try restorePool(request)
    case .restoreFile(let path, let before): try restoreFile(path, before, in: root)
    case .restoreLink(let path, let before): try restoreLink(path, before, in: root)
    case .restoreBoot(let record, let arguments): try await restoreBoot(record, arguments, in: root)
    }
  }
}

extension HostError {
  fileprivate func isModuleInUse(at step: RevertStep) -> Bool {
    guard case .unloadModule = step, let errno else { return false }
    return [.resourceBusy, .resourceTemporarilyUnavailable].contains(errno)
  }
}

private func restorePool(_ request: PoolRequest) throws(HostError) {
  let files = PoolFiles(request)
  try files.write(request.pages)
  let left = try files.persistent()
  guard left == request.pages else {
    throw HostError(
      "node \(request.node) has \(left) pages of \(request.pageSize), had \(request.pages)",
      remedy: "run 'dpdk-host revert' again once their users have ended")
  }
}
