internal import Glibc
public import Provisioning

/// How an installation ended, or, for a dry run, what it would be.
public struct InstallOutcome: Sendable {
  public var findings: [Finding] = []
  /// Nil where nothing can be installed.
  public var manager: PackageManager?
  /// What was asked for, or was to come along with a run that was cut short, and was not there.
  public var missing: [String] = []
  /// The commands, in order: those that were run, or would be.
  public var commands: [[String]] = []
  /// What is there now that was not before, dependencies included.
  public var added: [String] = []
  /// The command that failed, or could not be run.
  public var failed: [String]?
  public var failure: HostError?
}

/// Installs what DPDK needs of the distribution's packages, and only what is missing.
///
/// Every run finishes what an earlier one was kept from finishing. On SIGINT, SIGTERM or SIGHUP the command that runs goes
/// on to its end, no other begins, and it fails.
///
/// - Parameters:
///   - toBuild: also what building DPDK from source needs.
///   - isDryRun: changes nothing, and needs no privileges.
///   - patience: for how long another dpdk-host, and another package manager's lock, is waited for.
/// - Privileges: root.
/// - On failure: what was added stays, is in the journal, and is there for the next run or for `revert --packages`.
public func install(
  _ requirements: Requirements, toBuild: Bool, isDryRun: Bool, waitingForLock patience: Int,
  tell: @Sendable @escaping (PackageEvent) -> Void
) async throws(HostError) -> InstallOutcome {
  if isDryRun { return try await planInstallation(requirements, toBuild: toBuild, tell).outcome }
  let lock = try HostLock(waiting: patience)
  defer { withExtendedLifetime(lock) {} }
  try refuseUnconfirmed()
  let result = await cancelledBySignals { () -> Result<InstallOutcome, HostError> in
    do throws(HostError) {
      return .success(try await make(requirements, toBuild: toBuild, patience: .seconds(patience), tell))
    } catch { return .failure(error) }
  }
  return try result.get()
}

private func make(
  _ requirements: Requirements, toBuild: Bool, patience: Duration, _ tell: @Sendable @escaping (PackageEvent) -> Void
) async throws(HostError) -> InstallOutcome {
  let planned = try await planInstallation(requirements, toBuild: toBuild, patience: patience, tell)
  var outcome = planned.outcome
  guard let set = planned.set, let installed = planned.installed, !planned.plan.isBlocked else { return outcome }
  let journal = try Journal(.runningHost)
  let former = planned.record ?? PackageRecord(manager: set.manager)
  guard !planned.plan.steps.isEmpty else {
    // Cut short after its last command: only the record is left to be finished.
    if former.isUnfinished { try journal.write(former.closed(on: installed)) }
    return outcome
  }
  let commands = PackageCommands(manager: set.manager, patience: patience, tell: tell)
  var run = try InstallRun(former, before: installed, journal: journal, commands: commands, elsewhere: set.elsewhere)
  do throws(HostError) { try await run.make(planned.plan.steps) } catch { outcome.failure = error }
  outcome.findings += run.findings
  (outcome.commands, outcome.failed) = (run.commands, run.failed)
  do throws(HostError) {
    let now = try await commands.installed()
    outcome.added = now.ids.subtracting(run.theirs).sorted()
    try run.close(on: now, isCutShort: outcome.failure != nil)
    if outcome.failure == nil {
      // yum ends with 0 where it knows no package of a name.
      let plan = planInstall(
        set, toBuild: toBuild, installed: now, record: nil, signs: planned.signs, kernel: planned.kernel)
      let missing = try await unprovided(plan.missing, commands)
      if !missing.isEmpty {
        outcome.failure = commands.error(.unknownPackages(missing), of: [], elsewhere: set.elsewhere)
      }
    }
  } catch { outcome.failure = outcome.failure ?? error }
  return outcome
}

/// Those of the words that no package that is installed provides: rpm's managers take what one provides for its name.
private func unprovided(_ words: [String], _ commands: PackageCommands) async throws(HostError) -> [String] {
  guard commands.manager.database == .rpm else { return words }
  var missing: [String] = []
  for word in words where try await commands.ask(PackageDatabase.providers(of: word)).trouble != nil {
    missing.append(word)
  }
  return missing
}

/// What is undone by itself undoes the journal from an entry on: nothing of ours is to be written behind it.
func refuseUnconfirmed() throws(HostError) {
  guard try UnconfirmedFile().read() != nil else { return }
  throw HostError(
    "what an earlier 'apply' did waits to be confirmed",
    remedy: "keep it with 'dpdk-host confirm', wait until it is undone, or run 'dpdk-host revert'")
}

private struct PlannedInstallation {
  var set: PackageSet?
  var installed: InstalledPackages?
  var record: PackageRecord?
  var signs: Set<String> = []
  var kernel: String?
  var plan = InstallPlan()
  var outcome = InstallOutcome()
}

private func planInstallation(
  _ requirements: Requirements, toBuild: Bool, patience: Duration = .zero,
  _ tell: @Sendable @escaping (PackageEvent) -> Void
) async throws(HostError) -> PlannedInstallation {
  var planned = PlannedInstallation()
  let root = HostRoot.runningHost
  let facts = gather(root, scope: GatherScope(boot: false, hugepageUse: false), dpdk: DPDKInstallation())
  guard let set = facts.distribution.flatMap({ requirements.packageSet(for: $0) }) else {
    planned.outcome.findings = [.packagesUnlisted(facts.distribution, requirements)]
    planned.plan.findings = planned.outcome.findings
    return planned
  }
  let commands = PackageCommands(manager: set.manager, patience: patience, tell: tell)
  let installed = try await commands.installed()
  // The journal is closed to all but root; a dry run without it knows of no run that was cut short.
  let isRoot = geteuid() == 0
  planned.set = set
  planned.installed = installed
  planned.record = isRoot ? try Journal(root).packageRecord() : nil
  planned.signs = Set(set.repositories.map(\.sign).filter { access($0, F_OK) == 0 })
  planned.kernel = facts.kernel.running
  planned.plan = planInstall(
    set, toBuild: toBuild, installed: installed, record: planned.record, isRecordKnown: isRoot, signs: planned.signs,
    kernel: planned.kernel)
  planned.outcome.findings = planned.plan.findings
  guard !planned.plan.isBlocked else { return planned }
  planned.outcome.manager = set.manager
  planned.outcome.missing = planned.plan.missing
  planned.outcome.commands = planned.plan.steps.map(\.command)
  return planned
}
