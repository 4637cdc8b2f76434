/// What `install` runs, in order, and what keeps it from running anything.
public struct InstallPlan: Equatable, Sendable {
  public var findings: [Finding]
  /// The packages and groups that are asked for, or were to come along, and are not there.
  public var missing: [String]
  public var steps: [InstallStep]

  public init(findings: [Finding] = [], missing: [String] = [], steps: [InstallStep] = []) {
    self.findings = findings
    self.missing = missing
    self.steps = steps
  }

  public var isBlocked: Bool { findings.contains { $0.severity == .blocker } }
}

/// One command of an installation.
public struct InstallStep: Equatable, Sendable {
  public enum Kind: Equatable, Sendable {
    /// Mends what was cut short; where it may fail, what comes after it mends the rest.
    case resume(mayFail: Bool)
    case refresh
    case install
    /// Installs what was to come along with a run that was cut short, as far as it is still not there, and there to be had.
    case rest([String])
    /// Adds a repository, or makes packages take effect; undone by `undo`.
    case repository(undo: [String])
    case finishing(undo: [String])
  }

  public var kind: Kind
  public var command: [String]

  public init(_ kind: Kind, _ command: [String]) {
    self.kind = kind
    self.command = command
  }
}

/// Decides what is to be installed: what is there already is not touched.
///
/// - Parameters:
///   - set: nil for a distribution, or a release of it, that we know no packages for.
///   - installed: what the package database says.
///   - record: what earlier runs did, from the journal; of one that was cut short, the rest is done first.
///   - isRecordKnown: whether the journal could be read at all, which root alone can.
///   - signs: which files are there that tell of repositories.
///   - kernel: `uname -r`.
public func planInstall(
  _ set: PackageSet, toBuild: Bool, installed: InstalledPackages, record: PackageRecord?, isRecordKnown: Bool = true,
  signs: Set<String>, kernel: String?
) -> InstallPlan {
  var plan = InstallPlan()
  let manager = set.manager
  let isCutShort = record?.isUnfinished ?? false
  if !installed.unfinished.isEmpty, !isCutShort {
    plan.findings.append(.packagesUnfinished(installed.unfinished, isRecordKnown: isRecordKnown))
    return plan
  }
  if isCutShort { plan.steps += manager.resume }

  let wanted = set.packages(for: kernel)
  let toRun = wanted.run.uniqued().filter { !installed.has($0) }
  let onlyToBuild = toBuild ? wanted.build.uniqued().filter { !installed.has($0) && !toRun.contains($0) } : []
  let groups = set.groups.filter { !$0.members.allSatisfy(installed.has) }
  let rest =
    isCutShort ? (record?.planned ?? []).filter { !installed.has($0) && !(toRun + onlyToBuild).contains($0) } : []
  plan.missing = groups.map(\.name) + toRun + onlyToBuild + rest

  let refresh = manager.refresh.map { InstallStep(.refresh, $0) }
  if !plan.missing.isEmpty {
    for repository in set.repositories where !signs.contains(repository.sign) {
      let needs = repository.needs.filter { !installed.has($0) }
      if !needs.isEmpty { plan.steps += [refresh, InstallStep(.install, manager.install(needs))].compactMap(\.self) }
      plan.steps.append(InstallStep(.repository(undo: repository.adding.undo), repository.adding.command))
    }
    // Lists that are old name packages that are gone; those of a fresh image name none.
    plan.steps += [refresh].compactMap(\.self)
  }
  plan.steps += groups.map { InstallStep(.install, manager.installGroup($0.name)) }
  // Of a run that was cut short nobody knows whether it came to this.
  if !groups.isEmpty || isCutShort {
    plan.steps += set.finishing.map { InstallStep(.finishing(undo: $0.undo), $0.command) }
  }
  plan.steps += [toRun, onlyToBuild].filter { !$0.isEmpty }.map { InstallStep(.install, manager.install($0)) }
  if !rest.isEmpty { plan.steps.append(InstallStep(.rest(rest), manager.installRest(rest))) }
  return plan
}

extension Finding {
  /// Where no packages are known: nothing is guessed.
  public static func packagesUnlisted(_ distribution: Distribution?, _ requirements: Requirements) -> Finding {
    let known = requirements.distributions.values.filter { !$0.packages.isEmpty }
      .map { "\($0.name) \($0.packages[0].from)" }.sorted()
    let found =
      distribution.map { "is '\($0.id)'" + ($0.release.map { " \($0)" } ?? "") + ", whose packages are not known" }
      ?? "/etc/os-release does not say what this is"
    return Finding(
      "packages.unlisted", .blocker, subject: distribution?.name ?? "distribution",
      message: "requires one of \(known.joined(separator: ", ")), or newer; \(found)",
      remedy: "install DPDK and rdma-core by hand, or add the distribution to 'profiles/distributions.yml'")
  }

  fileprivate static func packagesUnfinished(_ names: [String], isRecordKnown: Bool) -> Finding {
    let names = names.joined(separator: ", ")
    guard isRecordKnown else {
      return Finding(
        "packages.unfinished", .blocker, subject: "dpkg",
        message: "an earlier installation was cut short, it may be one of this program: \(names)",
        remedy: "run 'sudo dpdk-host install', which can read the journal: it finishes its own, or tells what to do")
    }
    return Finding(
      "packages.unfinished", .blocker, subject: "dpkg",
      message: "an earlier installation was cut short, and not by this program: \(names)",
      remedy: "run 'sudo dpkg --configure -a' and 'sudo apt-get install -f', then this command again")
  }

  /// What would have come along with a run that was cut short, and cannot be had by now.
  public static func packagesWithout(_ names: [String]) -> Finding {
    Finding(
      "packages.without", .info, subject: names.joined(separator: ", "),
      message:
        "would have come along, and is not to be had: the repositories are without, or it does not fit what is there",
      remedy: "nothing is to be done, unless something needs it")
  }

  /// Where a package manager read some of its sources, and not all.
  public static func packagesSourceUnread(_ line: String) -> Finding {
    Finding(
      "packages.sourceUnread", .warning, subject: "apt",
      message: "a source of packages could not be read, and the others were: \(line.trimmingBlanks)",
      remedy: "mend it or take it out of /etc/apt/sources.list.d; what it has is not known, or not as it is now")
  }
}
