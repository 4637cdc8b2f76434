internal import Provisioning

/// The commands of one installation, and what the journal is told of them.
struct InstallRun {
  private let former: PackageRecord
  private let journal: Journal
  private let manager: PackageCommands
  /// What to do where no repository has a package.
  private let elsewhere: String
  private var record: PackageRecord
  /// What is there before the next command of ours that installs: what others install while we wait is theirs.
  private var before: InstalledPackages
  /// What was there at first, and what others installed since.
  private(set) var theirs: Set<String>
  /// Those that were run, the one that failed being the last.
  private(set) var commands: [[String]] = []
  private(set) var failed: [String]?
  private(set) var findings: [Finding] = []

  /// - Parameter former: what the journal has of earlier runs.
  init(
    _ former: PackageRecord, before: InstalledPackages, journal: Journal, commands: PackageCommands, elsewhere: String
  ) throws(HostError) {
    self.former = former
    self.before = before
    theirs = before.ids
    self.journal = journal
    manager = commands
    self.elsewhere = elsewhere
    record = former.opened(on: before)
    try journal.write(record)
  }

  /// - Throws: what the first command failed for, or what a signal kept from being begun.
  mutating func make(_ steps: [InstallStep]) async throws(HostError) {
    for (index, step) in steps.enumerated() {
      guard !Task.isCancelled else { throw manager.interrupted(before: steps[index...].map(\.command)) }
      if let noted = record.noting(step) {
        record = noted
        try journal.write(record)
      }
      if case .rest(let packages) = step.kind {
        try await makeRest(packages)
        continue
      }
      if step.kind == .install { try await foresee(step.command) }
      commands.append(step.command)
      do throws(HostError) { try await make(step) } catch {
        failed = step.command
        throw error
      }
    }
  }

  /// What the repositories have no more, or what fits no more, is done without, and told.
  private mutating func makeRest(_ packages: [String]) async throws(HostError) {
    let left = packages.filter { !before.has($0) }
    guard !left.isEmpty, try await !comesAlong(left) else { return }
    // One of them keeps all from being installed.
    var without: [String] = []
    for package in left where !before.has(package) {
      if try await !comesAlong([package]) { without.append(package) }
    }
    if !without.isEmpty { findings.append(.packagesWithout(without)) }
  }

  private mutating func comesAlong(_ packages: [String]) async throws(HostError) -> Bool {
    let command = manager.manager.installRest(packages)
    let result: PackageCommandResult
    do throws(HostError) {
      result = try await run(InstallStep(.rest(packages), command))
    } catch {
      commands.append(command)
      failed = command
      throw error
    }
    guard result.trouble == nil else { return false }
    commands.append(command)
    try await account()
    return true
  }

  /// What is there now and was not before the last command is ours.
  private mutating func account() async throws(HostError) {
    before = try await manager.installed()
    record = record.closed(on: before, isCutShort: true).opened(on: before)
    try journal.write(record)
  }

  /// What was added is known now, also where it was cut short: what others install later is theirs.
  func close(on now: InstalledPackages, isCutShort: Bool) throws(HostError) {
    let isNothing =
      !former.isUnfinished && now == before && record.added == former.added
      && record.repositories == former.repositories && record.finishing == former.finishing
    // Where nothing came of it, there is nothing to mend.
    try journal.write(isCutShort && isNothing ? former : record.closed(on: now, isCutShort: isCutShort))
  }

  /// Notes what is about to be installed. Where it cannot be told, the command itself will say why.
  private mutating func foresee(_ command: [String]) async throws(HostError) {
    guard let trial = manager.manager.trial(of: command) else { return }
    let planned = PackageManager.planned(try await manager.ask(trial).output).filter { !command.contains($0) }
    guard !planned.isEmpty else { return }
    record.planned = Set(record.planned).union(planned).sorted()
    try journal.write(record)
  }

  private mutating func make(_ step: InstallStep) async throws(HostError) {
    let result = try await run(step)
    switch step.kind {
    case .install, .resume(mayFail: false): try await account()
    case .refresh:
      // Of all lists that are fetched, once.
      if findings.isEmpty, let line = PackageTrouble.unreadSource(result.lines) {
        findings = [.packagesSourceUnread(line)]
      }
    case .resume, .rest, .repository, .finishing: break
    }
  }

  private mutating func run(_ step: InstallStep) async throws(HostError) -> PackageCommandResult {
    try await manager.run(
      step.command, elsewhere: elsewhere, isFatal: { trouble, lines in isFatal(trouble, lines, in: step.kind) }
    ) { () async throws(HostError) in try await lookAgain() }
  }

  private mutating func lookAgain() async throws(HostError) {
    let now = try await manager.installed()
    guard now != before else { return }
    theirs.formUnion(now.ids.subtracting(before.ids))
    before = now
    record = record.widened(by: now)
    try journal.write(record)
  }
}

extension PackageTrouble {
  /// Whether it is about what was asked for, and not about the host or the network.
  fileprivate var isOfChoice: Bool {
    switch self {
    case .unknownPackages, .unsatisfiable, .needsRemoval: true
    case .locked, .diskFull, .broken, .unreachable, .notServed, .other: false
    }
  }
}

private func isFatal(_ trouble: PackageTrouble, _ lines: [String], in kind: InstallStep.Kind) -> Bool {
  switch (kind, trouble) {
  case (.resume(mayFail: true), .locked): true
  case (.resume(mayFail: true), _): false
  case (.rest, _): !trouble.isOfChoice
  // Of several sources one may be gone for good, and not the one that has what is asked for.
  case (.refresh, .unreachable), (.refresh, .notServed), (.refresh, .other): PackageTrouble.unreadSource(lines) == nil
  default: true
  }
}
