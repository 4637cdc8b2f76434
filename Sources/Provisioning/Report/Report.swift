public import EngineMessages

/// What happened: findings, actions, traffic, and one verdict. Its JSON is the output of every command that judges.
public struct Report: Equatable, Sendable {
  /// The command's name, which names the JSON schema: `dpdk-host/check/1`.
  public var command: String
  public var profile: String
  public var findings: [Finding]
  /// What is to be done (`check`, `plan`), or was done (`apply`, `provision`).
  public var actions: [PlannedAction]
  /// Whether ``actions`` are still to be done.
  public var actionsArePending: Bool
  /// Whether the next boot does by itself all that is to be done, and this one cannot: pages that the kernel finds no room for.
  public var isSettledByReboot = false
  /// What was undone (`revert`), a line each.
  public var undone: [String] = []
  /// Where the profile asks for kernel arguments: every way to boot, with the command line of each.
  public var bootEntries: [BootEntry] = []
  public var traffic: TrafficResult?
  /// What became of packages (`install`).
  public var packages: PackageReport?
  /// Only of `install --from-source`.
  public var source: SourceReport?
  /// The options by which the same host is meant again: ` --root DIR --profile NAME`; empty for none.
  public var options = ""
  /// Why the command could not come to its end, where it could not.
  public var failure: String?

  public init(
    command: String, profile: String, findings: [Finding] = [], actions: [PlannedAction] = [],
    actionsArePending: Bool = false, traffic: TrafficResult? = nil, failure: String? = nil
  ) {
    self.command = command
    self.profile = profile
    self.findings = findings
    self.actions = actions
    self.actionsArePending = actionsArePending
    self.traffic = traffic
    self.failure = failure
  }

  /// `check` says whether something is to be done; what, is for `plan`.
  public var showsActions: Bool { command != "check" }

  /// The first that holds, in the order of the contract.
  public var verdict: Verdict {
    let blockers = findings.filter { $0.severity == .blocker }
    if blockers.contains(where: { !$0.isAboutTraffic && $0.id != Finding.rebootInVainID }) { return .blocked }
    if failure != nil || blockers.contains(where: { $0.id != Finding.belowRateID }) { return .failed }
    if !blockers.isEmpty { return .belowRate }
    if actionsArePending, !actions.isEmpty, !isSettledByReboot { return .actionNeeded }
    return findings.contains { $0.id == Finding.bootPendingID } ? .rebootNeeded : .ready
  }
}

extension Report: Encodable {
  private enum Key: String, CodingKey {
    case schema, verdict, profile, findings, actions, actionCount, undone, bootEntries, packages, source, traffic,
      failure
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode("dpdk-host/\(command)/1", forKey: .schema)
    try container.encode(verdict, forKey: .verdict)
    if !profile.isEmpty { try container.encode(profile, forKey: .profile) }
    try container.encode(findings, forKey: .findings)
    if packages != nil || source != nil || command == "install" {
      // What is installed is no action of a plan.
    } else if showsActions {
      try container.encode(actions, forKey: .actions)
    } else {
      try container.encode(actions.count, forKey: .actionCount)
    }
    if !undone.isEmpty { try container.encode(undone, forKey: .undone) }
    if !bootEntries.isEmpty { try container.encode(bootEntries, forKey: .bootEntries) }
    try container.encodeIfPresent(packages, forKey: .packages)
    try container.encodeIfPresent(source, forKey: .source)
    try container.encodeIfPresent(traffic, forKey: .traffic)
    try container.encodeIfPresent(failure, forKey: .failure)
  }
}
