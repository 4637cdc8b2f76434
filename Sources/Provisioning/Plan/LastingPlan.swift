/// The files that make the profile hold after the next boot: its copy, modules-load.d, and units of systemd.
///
/// Each step leaves a host whose next boot works: a unit is written after what it reads, and before the link that starts it;
/// what an earlier profile left goes last, links first. Something else in the place of a file of ours is a blocker, and is
/// neither followed nor replaced.
///
/// - Parameters:
///   - persistence: nil where nothing is meant to last.
///   - needsEarlyHugepages: whether the kernel command line cannot say what the profile asks for.
///   - facts: with ``HostFacts/files`` for ``lastingPaths(for:)``, and for all mount units of ours.
public func planLasting(
  _ profile: Profile, _ persistence: Persistence?, needsEarlyHugepages: Bool, on facts: HostFacts
) -> Plan {
  guard let persistence else { return Plan() }
  var wanted = Plan()
  var files: [LastingFile] = []
  if profile.boot.units == .auto {
    switch units(profile, persistence, needsEarlyHugepages: needsEarlyHugepages, on: facts) {
    case .failure(let obstacle): return Plan(findings: [obstacle.finding])
    case .success(let units):
      files = units.files
      wanted.findings = units.findings
    }
  }
  for file in files { wanted.append(planFile(file, on: facts)) }
  let kept = Set(files.map(\.path))
  for path in remains(profile, on: facts) where !kept.contains(path) {
    wanted.actions.append(PlannedAction(.removeFile(path: path), reason: "the profile does not want it any more"))
  }
  return wanted
}

/// What gathering must read for ``planLasting(_:_:needsEarlyHugepages:on:)``, every file that this profile could want.
public func lastingPaths(for profile: Profile) -> [String] {
  let mounts = profile.hugepages.compactMap(\.mount).compactMap { UnitName.mount(on: $0.path) }
  return catalog(mounts: mounts)
}

/// Every path that could be ours, in the order in which they are written.
private func catalog(mounts: [String]) -> [String] {
  let units = LastingUnit.allCases
  return [LastingPath.profile, LastingPath.modules]
    + (mounts + units.map(\.rawValue)).map(LastingPath.unit)
    + mounts.map { LastingPath.link($0, wantedBy: "multi-user.target") }
    + units.compactMap { unit in unit.target.map { LastingPath.link(unit.rawValue, wantedBy: $0) } }
}

/// Why nothing can be made to last.
private struct Obstacle: Error {
  let finding: Finding

  init(_ message: String, remedy: String) {
    finding = Finding(
      "boot.notPersisted", .warning, subject: "units",
      message: "\(message), so pages, mounts, modules and bindings are gone after the next boot", remedy: remedy)
  }
}

/// The files of a profile that wants units, in the order in which they are written.
private func units(
  _ profile: Profile, _ persistence: Persistence, needsEarlyHugepages: Bool, on facts: HostFacts
) -> Result<(files: [LastingFile], findings: [Finding]), Obstacle> {
  let byHand = "run 'dpdk-host apply' at each boot, or set 'boot.units' to 'none'"
  guard facts.usesSystemd else { return .failure(Obstacle("there is no systemd here", remedy: byHand)) }
  guard persistence.program != nil else {
    return .failure(
      Obstacle(
        "the host that boots has no 'dpdk-host', which the units run",
        remedy: "install it there (make install DESTDIR=DIR PREFIX=/usr), or set 'boot.units' to 'none'"))
  }
  guard let program = persistence.programInUnits else {
    return .failure(
      Obstacle(
        "'\(persistence.program ?? "")' cannot stand in a unit",
        remedy: "install it at a path of letters, digits and '/._-+@:=,~'"))
  }
  let names = LastingUnit.allCases.filter { $0 != .hugepages || needsEarlyHugepages }
  let missing = (names.map(\.rawValue) + [LastingMounts.template]).filter { persistence.templates[$0] == nil }
  guard missing.isEmpty else {
    return .failure(
      Obstacle(
        "'systemd/\(missing[0])' of dpdk-host is not installed", remedy: "install it with 'make install PREFIX=…'"))
  }
  let mounts = LastingMounts(profile, template: persistence.templates[LastingMounts.template] ?? "", on: facts)
  let values = ["PROGRAM": program, "WAIVERS": persistence.waiverWords]
  let units =
    mounts.units
    + names.map { unit in
      UnitFiles(
        unit.rawValue, template: persistence.templates[unit.rawValue] ?? "", values, wantedBy: unit.target)
    }
  var files = [LastingFile(path: LastingPath.profile, content: .text(persistence.profileText))]
  if let modules = modulesFile(profile, on: facts) { files.append(modules) }
  files += units.map(\.file) + units.compactMap(\.link)
  return .success((files, mounts.findings))
}

/// Nil where no module needs to be loaded. One that is missing or denied stays out: the loader would fail at each boot.
private func modulesFile(_ profile: Profile, on facts: HostFacts) -> LastingFile? {
  let names = wantedModules(profile, on: facts).filter { name in
    guard let module = facts.modules.first(where: { $0.name == name }) else { return false }
    return module.deniedBy == nil && (module.state == .live || module.state == .loadable)
  }
  guard !names.isEmpty else { return nil }
  let lines = ["\(LastingFile.marker) from the profile: what its NICs and their PMD need."] + names
  return LastingFile(path: LastingPath.modules, content: .text(lines.joined(separator: "\n") + "\n"))
}

private func planFile(_ file: LastingFile, on facts: HostFacts) -> Plan {
  // What could not be read is told as such, and not written over.
  guard let now = facts.files[file.path] else { return Plan() }
  let reason: String
  switch (file.content, now.kind) {
  case (_, .absent):
    reason = "is absent"
  case (.text(let text), .file):
    if now.text == text, now.mode ?? 0o644 == 0o644 { return Plan() }
    reason = now.text == text ? "requires mode 0644, is 0\(String(now.mode ?? 0, radix: 8))" : "differs"
  case (.link(let target), .symbolicLink):
    if now.text == target { return Plan() }
    reason = "requires a link to '\(target)', leads to '\(now.text ?? "")'"
  case (_, let kind):
    return Plan(findings: [occupied(file, by: kind, leadsTo: now.text)])
  }
  return Plan(actions: [PlannedAction(.writeFile(file), reason: reason)])
}

private func occupied(_ file: LastingFile, by kind: PathFacts.Kind, leadsTo target: String?) -> Finding {
  let wanted = if case .link = file.content { "a link" } else { "a file" }
  let found =
    switch kind {
    case .directory: "a directory"
    case .symbolicLink: "a symbolic link" + (target.map { " to '\($0)'" } ?? "")
    case .file: "a file"
    case .other, .absent: "something else"
    }
  return Finding(
    "file.occupied", .blocker, subject: file.path, message: "must be \(wanted) of ours, is \(found)",
    remedy: target == "/dev/null"
      ? "somebody masked the unit: unmask it, or set 'boot.units' to 'none'" : "clear the way: remove or rename it")
}

/// What is there of ours, wanted or not, in the order in which it can go: the other way round than it came.
private func remains(_ profile: Profile, on facts: HostFacts) -> [String] {
  let prefix = LastingPath.units + "/"
  let mounts = facts.files.filter { $0.value.isOurUnit && $0.key.hasPrefix(prefix) && $0.key.hasSuffix(".mount") }.keys
    .map { String($0.dropFirst(prefix.count)) }.filter { !$0.contains("/") }
  let paths = catalog(mounts: mounts.sorted())
  let links = mounts.map { LastingPath.link($0, wantedBy: "multi-user.target") }
  return paths.reversed().filter { path in
    // The link of a mount that is not of this profile may not have been looked at; to remove what is absent is no error.
    guard let now = facts.files[path] else { return links.contains(path) }
    switch now.kind {
    case .symbolicLink: return now.text.map { paths.contains($0) } ?? false
    case .file: return now.isOurUnit || path == LastingPath.profile
    case .absent, .directory, .other: return false
    }
  }
}
