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
  let journal = try Journal(.runningHost)
  let (packages, source) = (try journal.packageRecord(), try journal.sourceRecord())
  let isAny = packages != nil || source != nil
  // Nobody builds where there is no directory to build in.
  if isThere(SourceDirectory.parent) {
    let building: SourceLock
    do throws(HostError) { building = try SourceLock() } catch {
      // Where nothing is to be taken from under it, it goes on.
      if isAny { throw error }
      return RemovalOutcome()
    }
    var outcome = await remove(packages, source, journal, .seconds(patience), tell)
    guard outcome.failure == nil, outcome.findings.allSatisfy({ $0.severity != .blocker }) else { return outcome }
    do throws(HostError) { try removeSourceDirectory(building) } catch { outcome.failure = error }
    return outcome
  }
  return isAny ? await remove(packages, source, journal, .seconds(patience), tell) : RemovalOutcome()
}

private func remove(
  _ packages: PackageRecord?, _ source: SourceRecord?, _ journal: Journal, _ patience: Duration,
  _ tell: @Sendable @escaping (PackageEvent) -> Void
) async -> RemovalOutcome {
  let directories = (packages == nil ? [] : packageDirectories) + [source?.prefix].compactMap(\.self)
  let users = dpdkUsers(below: directories, thenRun: command)
  guard users.isEmpty else { return RemovalOutcome(findings: users) }
  return await cancelledBySignals {
    var outcome = RemovalOutcome()
    do throws(HostError) {
      // It may need what the packages brought, and not the other way round.
      if let source {
        let (removed, kept) = try await removeSource(source, journal, tell: tell)
        outcome.removed.append(removed)
        outcome.findings += [kept].compactMap(\.self)
      }
    } catch { outcome.failure = error }
    guard let packages, outcome.failure == nil else { return outcome }
    let commands = PackageCommands(manager: packages.manager, patience: patience, tell: tell)
    let rest = await takeAway(packages, journal, commands)
    outcome.findings += rest.findings
    outcome.removed += rest.removed
    outcome.failure = rest.failure
    return outcome
  }
}

private let command = "'dpdk-host revert --packages'"

private func takeAway(
  _ noted: PackageRecord, _ journal: Journal, _ commands: PackageCommands
) async -> RemovalOutcome {
  let database = noted.manager.database
  var (outcome, record, before) = (RemovalOutcome(), noted, Set<String>())
  var users: [Finding] = []
  // A lock may have been waited for since it was looked.
  func take(_ ids: [String], keepingConfiguration: Bool = false, isForced: Bool) async throws(HostError) {
    let words = database.remove(ids, keepingConfiguration: keepingConfiguration, isForced: isForced)
    try await commands.run(
      words,
      beforeTry: { () async throws(HostError) in
        users = dpdkUsers(below: packageDirectories, thenRun: command)
        if let user = users.first { throw HostError(user.message, remedy: user.remedy) }
      })
  }
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
      try await take(trial.removable, keepingConfiguration: true, isForced: isForced)
    }
    if !ours.isEmpty { try await take(ours, isForced: isForced) }
    for command in record.finishing.reversed() {
      try await commands.run(command)
      record.finishing.removeAll { $0 == command }
      try journal.write(record)
    }
  } catch {
    if users.isEmpty { outcome.failure = outcome.failure ?? error } else { outcome.findings += users }
  }
  do throws(HostError) {
    let now = try await commands.installed()
    outcome.removed = before.subtracting(now.ids).sorted()
    // What is kept waits for its users to go, what failed for the next run, or for 'install' to mend it.
    let isHalf = record.isUnfinished || now.unfinished.contains(where: record.added.contains)
    let isLeft = outcome.failure != nil || !users.isEmpty || !now.unfinished.isEmpty
    try journal.write(record.closed(on: now, isCutShort: isHalf && isLeft))
  } catch { outcome.failure = outcome.failure ?? error }
  return outcome
}

/// Asks the database what it would refuse, and again without that, until it refuses nothing.
private func whatOthersLeave(
  _ ids: [String], isForced: Bool, _ database: PackageDatabase, _ commands: PackageCommands
) async throws(HostError) -> (removable: [String], needed: Finding?) {
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
        for capability in need.capabilities {
          let answer = try await commands.ask(PackageDatabase.providers(of: capability))
          // That nothing provides it stands on standard output, too.
          guard answer.trouble == nil else { continue }
          needs += answer.output.split(separator: "\n").map { (String($0), need.by) }
        }
      }
    }
    let needed = removable.filter { id in needs.contains { id == $0.id || id.hasPrefix("\($0.id):") } }
    guard !needed.isEmpty else {
      for line in result.lines { commands.tell(.line(line)) }
      throw commands.error(trouble, of: command)
    }
    // Those of ours that are kept need others of ours.
    others += needs.map(\.by).filter { by in !ids.contains { $0 == by || $0.hasPrefix("\(by):") } }
    removable.removeAll(where: needed.contains)
  }
  let kept = ids.filter { !removable.contains($0) }
  guard !kept.isEmpty else { return (removable, nil) }
  return (
    removable,
    Finding(
      "packages.needed", .info, subject: others.uniqued().joined(separator: ", "),
      message: "has come to need what 'install' added, which is kept: \(kept.joined(separator: ", "))",
      remedy: "once it is removed, run 'sudo dpdk-host revert --packages' again")
  )
}
