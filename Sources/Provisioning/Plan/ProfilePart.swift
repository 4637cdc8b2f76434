/// What of a profile can be applied alone.
public enum ProfilePart: String, CaseIterable, Sendable {
  /// The pools of each node, early in the boot, when nothing else of the host is there yet.
  case hugepages
}

/// As ``plan(_:_:on:waiving:)``, for one part of the profile, with the findings that concern it.
public func plan(
  _ profile: Profile, only part: ProfilePart, on facts: HostFacts, waiving waived: Set<String> = []
) -> Plan {
  var plan = Plan()
  switch part {
  case .hugepages:
    plan.findings = planUnreadable(profile, on: facts).filter { $0.severity == .blocker }
    plan.append(planHugepages(profile, on: facts))
  }
  plan.findings = waive(waived, in: plan.findings).findings
  return plan
}
