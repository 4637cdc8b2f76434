/// The hugetlbfs mounts that the profile asks for against what is mounted, and what is or will be in their way.
///
/// Other mounts of the same size are told and left alone: the engine is given ours by `--huge-dir`.
public func planMounts(_ profile: Profile, on facts: HostFacts) -> Plan {
  guard !facts.isImage else { return Plan() }
  let wanted = wantedMounts(profile, on: facts)
  var plan = Plan(findings: wanted.findings)
  for mount in wanted.mounts { plan.append(planMount(mount, on: facts)) }
  return plan
}

/// The mounts of the profile, owners and groups by the host's own accounts; one whose account is not there is a finding.
func wantedMounts(_ profile: Profile, on facts: HostFacts) -> (mounts: [HugetlbfsMount], findings: [Finding]) {
  var mounts: [HugetlbfsMount] = []
  var findings: [Finding] = []
  for wanted in profile.hugepages {
    guard let mount = wanted.mount else { continue }
    let owner = resolve(mount.owner, "owner", among: facts.accounts.users, subject: mount.path)
    let group = resolve(mount.group, "group", among: facts.accounts.groups, subject: mount.path)
    let unknown = [owner.finding, group.finding].compactMap { $0 }
    findings += unknown
    guard unknown.isEmpty else { continue }
    mounts.append(
      HugetlbfsMount(target: mount.path, pageSize: wanted.size, owner: owner.id, group: group.id, mode: mount.mode))
  }
  return (mounts, findings)
}

private func planMount(_ mount: HugetlbfsMount, on facts: HostFacts) -> Plan {
  var plan = Plan()
  let path = mount.target
  for (index, other) in facts.mounts.enumerated()
  where other.target != path && facts.mounts.isReachable(index)
    && other.hugetlbfsPageSize(default: facts.defaultHugepageSize) == mount.pageSize
  {
    plan.findings.append(
      Finding(
        "mount.other", .info, subject: other.target,
        message: "hugetlbfs of \(mount.pageSize) is mounted here too; it is left, and '\(path)' is used"))
  }

  if let index = facts.mounts.lastIndex(where: { $0.target == path }) {
    let covering = facts.mounts[(index + 1)...].last { path.isPath(below: $0.target) }
    plan.findings += judgeMounted(mount, on: facts.mounts[index], coveredBy: covering, facts)
    return plan
  }
  if let obstacle = obstacle(at: mount, on: facts) {
    plan.findings.append(obstacle)
    return plan
  }
  plan.actions.append(
    PlannedAction(.mountHugetlbfs(mount), reason: "requires hugetlbfs of \(mount.pageSize) here, nothing is mounted"))
  return plan
}

/// Something is mounted on the path already: is it ours to use?
private func judgeMounted(
  _ mount: HugetlbfsMount, on entry: MountEntry, coveredBy covering: MountEntry?, _ facts: HostFacts
) -> [Finding] {
  if let covering {
    return [
      Finding(
        "mount.shadowed", .blocker, subject: mount.target,
        message: "is hidden by the later mount of '\(covering.source)' on '\(covering.target)'",
        remedy: "choose a path in the profile that nothing is mounted over")
    ]
  }
  guard entry.type == "hugetlbfs" else {
    return [occupied(mount.target, message: "has '\(entry.type)' mounted on it")]
  }
  let size = entry.hugetlbfsPageSize(default: facts.defaultHugepageSize)
  guard size == mount.pageSize else {
    let has = size.map { "pages of \($0)" } ?? "pages of unknown size"
    return [occupied(mount.target, message: "requires pages of \(mount.pageSize), has \(has)")]
  }
  guard let root = facts.paths.first(where: { $0.path == mount.target }) else { return [] }
  let differences = [
    difference("owner", wanted: mount.owner, is: root.owner) { "\($0)" },
    difference("group", wanted: mount.group, is: root.group) { "\($0)" },
    difference("mode", wanted: mount.mode, is: root.mode) { "0" + String($0, radix: 8) },
  ].compactMap { $0 }
  guard !differences.isEmpty else { return [] }
  return [
    Finding(
      "mount.ownerDiffers", .warning, subject: mount.target, message: differences.joined(separator: "; "),
      remedy: "unmount it and run 'dpdk-host apply', or change it with chown and chmod")
  ]
}

/// Nothing is mounted on the path yet: can something be?
private func obstacle(at mount: HugetlbfsMount, on facts: HostFacts) -> Finding? {
  let path = mount.target
  let mounted = Set(facts.mounts.map(\.target))
  if let expected = facts.expectedMounts.first(where: { $0.hides(path) && !mounted.contains($0.target) }) {
    return Finding(
      "mount.shadowed", .blocker, subject: path,
      message: "'\(expected.declaredIn)' mounts something on '\(expected.target)' later, which hides it",
      remedy: "choose a path in the profile that nothing is mounted over, or mount '\(expected.target)' first")
  }
  for link in facts.paths where link.kind == .symbolicLink && (link.path == path || path.isPath(below: link.path)) {
    return occupied(path, message: "leads through the symbolic link '\(link.path)'")
  }
  if let file = facts.paths.first(where: { [.file, .other].contains($0.kind) && path.isPath(below: $0.path) }) {
    return occupied(path, message: "leads through '\(file.path)', which is not a directory")
  }
  guard let now = facts.paths.first(where: { $0.path == path }) else { return nil }
  switch now.kind {
  case .absent: return nil
  case .directory: return now.isEmpty ? nil : occupied(path, message: "is a directory with something in it")
  case .file, .other, .symbolicLink: return occupied(path, message: "exists and is not a directory")
  }
}

private func occupied(_ path: String, message: String) -> Finding {
  Finding(
    "mount.occupied", .blocker, subject: path, message: message,
    remedy: "clear the way, or choose another path in the profile")
}

private func difference(_ what: String, wanted: Int?, is now: Int?, _ text: (Int) -> String) -> String? {
  guard let wanted, let now, wanted != now else { return nil }
  return "requires \(what) \(text(wanted)), is \(text(now))"
}

private func resolve(
  _ account: Profile.Account?, _ what: String, among ids: [String: Int], subject: String
) -> (id: Int?, finding: Finding?) {
  guard let account else { return (nil, nil) }
  if let id = account.id(in: ids) { return (id, nil) }
  guard case .name(let name) = account else { return (nil, nil) }
  return (
    nil,
    Finding(
      "mount.ownerUnknown", .blocker, subject: subject, message: "this host has no \(what) '\(name)'",
      remedy: "create the account, or give its number in the profile")
  )
}

extension ExpectedMount {
  /// Whether this mount, once it is there, stands over the path or on it; a hugetlbfs on it is what is wanted.
  func hides(_ path: String) -> Bool {
    path.isPath(below: target) || (path == target && type != "hugetlbfs")
  }
}
