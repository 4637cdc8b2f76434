public import Provisioning

/// How `revert --packages` ended.
public struct RemovalOutcome: Sendable {
  public var findings: [Finding] = []
  /// What was taken away.
  public var removed: [String] = []
  /// What could not be; the journal keeps it.
  public var failure: HostError?
}

/// Takes away what `install` added, and nothing else: packages by dpkg or rpm itself, which never choose more.
///
/// What others have come to need since is kept, and told. Safe to run twice, and after an interruption. On SIGINT, SIGTERM
/// or SIGHUP the command that runs goes on to its end, no other begins, and it fails.
///
/// - Privileges: root.
/// - On failure: the journal keeps what is left.
public func removePackages(
  waitingForLock patience: Int, tell: @Sendable @escaping (PackageEvent) -> Void
) async throws(HostError) -> RemovalOutcome {
  let lock = try HostLock(waiting: patience)
  defer { withExtendedLifetime(lock) {} }
  try refuseUnconfirmed()
  var outcome = RemovalOutcome()
  let journal = try Journal(.runningHost)
  let (packages, source) = (try journal.packageRecord(), try journal.sourceRecord())
  guard packages != nil || source != nil else {
    // What a build that was killed left; one that goes on is left alone.
    if isThere(SourceDirectory.parent), let building = try? SourceLock() { try removeSourceDirectory(building) }
    return outcome
  }
  outcome.findings = dpdkUsers(thenRun: "'dpdk-host revert --packages'")
  guard outcome.findings.isEmpty else { return outcome }
  do throws(HostError) {
    // It may need what the packages brought, and not the other way round.
    if let source {
      let building = try SourceLock()
      let (removed, kept) = try await removeSource(source, journal, tell: tell)
      outcome.removed.append(removed)
      outcome.findings += [kept].compactMap(\.self)
      try removeSourceDirectory(building)
    }
  } catch { outcome.failure = error }
  guard let record = packages, outcome.failure == nil else { return outcome }
  let commands = PackageCommands(manager: record.manager, patience: .seconds(patience), tell: tell)
  let rest = await cancelledBySignals { await takeAway(record, journal, commands) }
  outcome.findings += rest.findings
  outcome.removed += rest.removed
  outcome.failure = rest.failure
  return outcome
}

private func takeAway(
  _ noted: PackageRecord, _ journal: Journal, _ commands: PackageCommands
) async -> RemovalOutcome {
  let database = noted.manager.database
  var (outcome, record, before) = (RemovalOutcome(), noted, Set<String>())
  do throws(HostError) {
    // While the program that added them is still there; one that stays is in the way of no package.
    for command in record.repositories.reversed() {
      do throws(HostError) { try await commands.run(command) } catch {
        outcome.failure = outcome.failure ?? error
        continue
      }
      record.repositories.removeAll { $0 == command }
      try journal.write(record)
    }
    let installed = try await commands.installed()
    before = installed.ids
    let ids = record.addedIDs(on: installed)
    // What others install from here on, while a lock is waited for, is theirs.
    record = record.closed(on: installed, isCutShort: record.isUnfinished)
    try journal.write(record)
    let isForced = installed.packages.contains { $0.needsReinstall && ids.contains($0.id) }
    let trial = try await whatOthersLeave(ids, isForced: isForced, database, commands)
    outcome.findings += [trial.needed].compactMap(\.self)
    let configured = trial.removable.filter { record.configured.contains($0) }
    let ours = trial.removable.filter { !record.configured.contains($0) }
    // dpkg needs all in one go, in whatever order they depend on each other; of both kinds, first those that keep nothing.
    if !configured.isEmpty, database == .dpkg {
      try await commands.run(database.remove(trial.removable, keepingConfiguration: true, isForced: isForced))
    }
    if !ours.isEmpty { try await commands.run(database.remove(ours, isForced: isForced)) }
    for command in record.finishing.reversed() {
      try await commands.run(command)
      record.finishing.removeAll { $0 == command }
      try journal.write(record)
    }
  } catch { outcome.failure = outcome.failure ?? error }
  do throws(HostError) {
    let now = try await commands.installed()
    outcome.removed = before.subtracting(now.ids).sorted()
    // What is kept waits for its users to go, what failed for the next run, or for 'install' to mend it.
    let isHalf = record.isUnfinished || now.unfinished.contains(where: record.added.contains)
    try journal.write(record.closed(on: now, isCutShort: isHalf && outcome.failure != nil))
  } catch { outcome.failure = outcome.failure ?? error }
  return outcome
}

/// Asks the database what it would refuse, and again without that, until it refuses nothing.
private func whatOthersLeave(
  _ ids: [String], isForced: Bool, _ database: PackageDatabase, _ commands: PackageCommands
) async throws(HostError) -> (removable: [String], kept: [String], needed: Finding?) {
  var removable = ids
  var others: [String] = []
  while !removable.isEmpty {
    let command = database.remove(removable, isForced: isForced, isTrial: true)
    let result = try await commands.tryPatiently(command, isQuiet: true)
    guard let trouble = result.trouble else { break }
    var needs: [(id: String, by: String)] = []
    switch database {
    case .dpkg: needs = RemovalTrial.neededByDpkg(result.errors).map { ($0.name, $0.by) }
    case .rpm:
      for need in RemovalTrial.neededByRPM(result.errors) {
        let answer = try await commands.ask(PackageDatabase.providers(of: need.capability))
        // That nothing provides it stands on standard output, too.
        guard answer.trouble == nil else { continue }
        needs += answer.output.split(separator: "\n").map { (String($0), need.by) }
      }
    }
    let needed = removable.filter { id in needs.contains { id == $0.id || id.hasPrefix("\($0.id):") } }
    guard !needed.isEmpty else { throw commands.error(trouble, of: command) }
    // Those of ours that are kept need others of ours.
    others += needs.map(\.by).filter { by in !ids.contains { $0 == by || $0.hasPrefix("\(by):") } }
    removable.removeAll(where: needed.contains)
  }
  let kept = ids.filter { !removable.contains($0) }
  guard !kept.isEmpty else { return (removable, [], nil) }
  return (
    removable, kept,
    Finding(
      "packages.needed", .info, subject: others.uniqued().joined(separator: ", "),
      message: "has come to need what 'install' added, which is kept: \(kept.joined(separator: ", "))",
      remedy: "once it is removed, run 'sudo dpdk-host revert --packages' again")
  )
}

/// The processes that have DPDK's libraries open: nothing is taken from under them.
///
/// - Parameter command: what to run once they have ended.
func dpdkUsers(thenRun command: String) -> [Finding] {
  let root = HostRoot.runningHost
  let pids = ((try? root.entries("/proc")) ?? nil ?? []).compactMap { Int($0) }
  let users = pids.filter { pid in
    let maps = (try? root.contents("/proc/\(pid)/maps")) ?? nil
    return maps?.contains("/librte_eal.so") ?? false
  }
  guard !users.isEmpty else { return [] }
  let names = users.map { pid in
    let command = ((try? root.contents("/proc/\(pid)/comm")) ?? nil)?.trimmingBlanks ?? ""
    return "'\(command)' (pid \(pid))"
  }
  return [
    Finding(
      "dpdk.inUse", .blocker, subject: "librte_eal", message: "DPDK is in use by \(names.joined(separator: ", "))",
      remedy: "end the process, then run \(command) again")
  ]
}
