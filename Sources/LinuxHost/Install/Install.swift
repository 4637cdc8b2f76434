internal import Glibc
public import Provisioning

/// How an installation ended, or, for a dry run, what it would be.
public struct InstallOutcome: Sendable {
  public var findings: [Finding] = []
  /// Nil where nothing can be installed.
  public var manager: PackageManager?
  /// What was asked for and was not there.
  public var missing: [String] = []
  /// The commands, in order: those that were run, or would be.
  public var commands: [[String]] = []
  /// What is there now that was not before, dependencies included.
  public var added: [String] = []
  public var failure: HostError?
}

/// Installs what DPDK needs of the distribution's packages, and only what is missing.
///
/// Every run finishes what an earlier one was kept from finishing.
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
  var planned = try await planInstallation(requirements, toBuild: toBuild, patience: .seconds(patience), tell)
  guard let set = planned.set, let installed = planned.installed, !planned.plan.isBlocked else {
    return planned.outcome
  }
  let journal = try Journal(.runningHost)
  var record = planned.record ?? PackageRecord(manager: set.manager)
  guard !planned.plan.steps.isEmpty else {
    // Cut short after its last command: only the record is left to be finished.
    if record.before != nil { try journal.write(record.closed(on: installed)) }
    return planned.outcome
  }
  record = record.opened(on: installed)
  try journal.write(record)
  planned.outcome.commands = []
  let commands = PackageCommands(manager: set.manager, patience: .seconds(patience), tell: tell)
  do throws(HostError) {
    for step in planned.plan.steps {
      if let noted = record.noting(step) {
        record = noted
        try journal.write(record)
      }
      planned.outcome.commands.append(step.command)
      try await make(step, commands, elsewhere: set.elsewhere)
    }
  } catch { planned.outcome.failure = error }
  let now: InstalledPackages
  do throws(HostError) { now = try await commands.installed() } catch {
    planned.outcome.failure = planned.outcome.failure ?? error
    return planned.outcome
  }
  planned.outcome.added = now.ids.subtracting(installed.ids).sorted()
  guard planned.outcome.failure != nil else {
    try journal.write(record.closed(on: now))
    return planned.outcome
  }
  // It stays open, so that the next run mends it first; where nothing came of it, there is nothing to mend.
  let former = planned.record ?? PackageRecord(manager: set.manager)
  if former.before == nil, now == installed, record.repositories == former.repositories,
    record.finishing == former.finishing
  {
    try journal.write(former)
  }
  return planned.outcome
}

/// What is undone by itself undoes the journal from an entry on: nothing of ours is to be written behind it.
func refuseUnconfirmed() throws(HostError) {
  guard try UnconfirmedFile().read() != nil else { return }
  throw HostError(
    "what an earlier 'apply' did waits to be confirmed",
    remedy: "keep it with 'dpdk-host confirm', wait until it is undone, or run 'dpdk-host revert'")
}

private func make(
  _ step: InstallStep, _ commands: PackageCommands, elsewhere: String
) async throws(HostError) {
  guard step.kind == .resume, step.command.first == "/usr/bin/dpkg" else {
    return try await commands.run(step.command, elsewhere: elsewhere)
  }
  // It cannot configure what is not wholly unpacked; what comes next unpacks it again.
  commands.tell(.started(step.command))
  let result = try await commands.tryPatiently(step.command)
  if case .locked? = result.trouble { throw commands.error(.locked(by: nil), of: step.command) }
  commands.tell(.finished(step.command))
}

private struct PlannedInstallation {
  var set: PackageSet?
  var installed: InstalledPackages?
  var record: PackageRecord?
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
  let record = geteuid() == 0 ? try Journal(root).packageRecord() : nil
  let signs = set.repositories.map(\.sign).filter { access($0, F_OK) == 0 }
  planned.set = set
  planned.installed = installed
  planned.record = record
  planned.plan = planInstall(
    set, toBuild: toBuild, installed: installed, record: record, signs: Set(signs), kernel: facts.kernel.running)
  planned.outcome.findings = planned.plan.findings
  guard !planned.plan.isBlocked else { return planned }
  planned.outcome.manager = set.manager
  planned.outcome.missing = planned.plan.missing
  planned.outcome.commands = planned.plan.steps.map(\.command)
  return planned
}
