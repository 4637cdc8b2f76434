/// The gap between what is and what should be: findings that we cannot close, and actions that we can, in order.
///
/// An empty list of actions is what idempotence means, and what `apply` converges to.
public struct Plan: Equatable, Sendable {
  public var findings: [Finding]
  public var actions: [PlannedAction]

  public init(findings: [Finding] = [], actions: [PlannedAction] = []) {
    self.findings = findings
    self.actions = actions
  }

  /// Blockers that nobody waived: while there is one, nothing is applied.
  public var isBlocked: Bool { findings.contains { $0.severity == .blocker } }

  mutating func append(_ other: Plan) {
    findings += other.findings
    actions += other.actions
  }
}

/// Compares facts with a profile. Pure: the same facts and profile give the same plan, and no file is opened.
///
/// - Parameters:
///   - waived: identifiers of findings that must not block (`--waive`).
///   - persistence: what makes the profile last; nil plans no file of ours.
public func plan(
  _ profile: Profile, _ requirements: Requirements, on facts: HostFacts, waiving waived: Set<String> = [],
  lasting persistence: Persistence? = nil
) -> Plan {
  var plan = Plan(
    findings: planRequirements(requirements, table: .inForce(profile, on: facts), on: facts)
      + planUnreadable(profile, on: facts)
  )
  // What lasts first: a pool that comes short today is there after a reboot. The units before the boot loader: from the first
  // of them on, the next boot finishes what is interrupted.
  plan.append(
    planLasting(
      profile, persistence, needsEarlyHugepages: needsEarlyHugepages(profile, on: facts), on: facts))
  plan.append(planBoot(profile, persistence, on: facts))
  // Stale files first: they hold pages that the pools then need not grow for.
  plan.append(planStaleMapFiles(profile, on: facts))
  plan.append(planHugepages(profile, on: facts))
  plan.append(planMounts(profile, on: facts))
  plan.append(planModules(profile, requirements, on: facts))
  plan.append(Plan(findings: planDPDK(profile, on: facts)))
  if !facts.isImage {
    let interfaces = planInterfaces(profile, on: facts)
    plan.findings += interfaces.findings
    plan.append(planBindings(interfaces, on: facts))
    plan.findings += planVerificationObstacles(profile, on: facts).filter { obstacle in
      !plan.findings.contains { $0.id == obstacle.id && $0.subject == obstacle.subject }
    }
  }
  plan.findings = waive(waived, in: plan.findings).findings
  return plan
}

extension HostFacts {
  /// What exists on this host and is not known.
  public var unreadableFindings: [Finding] {
    unreadable.map {
      Finding(
        "facts.unreadable", .warning, subject: $0.path, message: "could not be read: \($0.reason)",
        remedy: "run as root where you are not, or mend the file; what depends on it is not judged")
    }
  }
}

func planUnreadable(_ profile: Profile, on facts: HostFacts) -> [Finding] {
  var findings = facts.unreadableFindings
  if facts.isImage, facts.distribution == nil, facts.kernel.installed.isEmpty {
    findings.append(
      Finding(
        "image.empty", .blocker, subject: "image", message: "has neither an os-release nor a kernel",
        remedy: "give --root the directory that has etc, usr and lib in it"))
  }
  // A running host has nodes and mounts: where none was seen, nothing may be planned as if there were none.
  guard !facts.isImage, !profile.hugepages.isEmpty else { return findings }
  for (what, isMissing) in [("NUMA nodes", facts.nodes.isEmpty), ("mounts", facts.mounts.isEmpty)] where isMissing {
    findings.append(
      Finding(
        "facts.unreadable", .blocker, subject: what, message: "none could be seen on this running host",
        remedy: "mount /proc and /sys"))
  }
  return findings
}
