extension Requirements.Table {
  /// The table that holds for this host: `mana` where such a NIC is there or the profile asks for its PMD.
  public static func inForce(_ profile: Profile, on facts: HostFacts) -> Requirements.Table {
    let hasMANA = facts.devices.contains { $0.pciID == "1414:00ba" }
    return hasMANA || profile.interfaces.pmd == .mana ? .mana : .base
  }
}

/// Whether distribution and kernel are enough: the contract's rules in the contract's order.
///
/// A distribution that is too old or not in the table gets no kernel verdict: the minimum belongs to another release. One
/// whose release cannot be told gets it, as the minimum is the least for every release of it. Without a running kernel
/// (an image), every installed one is judged, since any of them may boot.
public func planRequirements(
  _ requirements: Requirements, table: Requirements.Table, on facts: HostFacts
) -> [Finding] {
  guard let distribution = facts.distribution else {
    return [
      Finding(
        "distribution.unknown", .warning, subject: "distribution",
        message: "requires a distribution that names itself in /etc/os-release, there is no such file",
        remedy: "restore /etc/os-release from the distribution's base package")
    ]
  }
  let release = distribution.release.flatMap { DottedNumber($0) }
  guard let minimum = requirements.minimum(for: release, of: distribution.id, in: table),
    let notes = requirements.distributions[distribution.id]
  else { return [unlisted(distribution, requirements, table)] }

  var findings: [Finding] = []
  if let release, !names(release, seriesOf: minimum, notes) {
    if release < minimum.release { return [tooOld(distribution, minimum, notes)] }
  } else {
    findings.append(releaseUnknown(distribution, minimum, notes))
  }
  if let kernel = minimum.kernel { findings += planKernels(kernel, notes, on: facts.kernel) }
  return findings
}

/// Whether a release of one number says no more than the series, and so cannot be held against the minimum.
private func names(
  _ release: DottedNumber, seriesOf minimum: Requirements.Minimum, _ notes: Requirements.DistributionNotes
) -> Bool {
  notes.bareRelease == .series && release.numbers.count == 1 && release.series == minimum.release.series
    && release < minimum.release
}

private func unlisted(_ distribution: Distribution, _ requirements: Requirements, _ table: Requirements.Table)
  -> Finding
{
  let listed = (requirements.tables[table] ?? [:]).sorted { $0.key < $1.key }.flatMap { id, minima in
    minima.map { "\(requirements.distributions[id]?.name ?? id) \($0.release)" }
  }
  return Finding(
    "distribution.unlisted", .warning, subject: distribution.name,
    message: "requires one of \(listed.joined(separator: ", ")) or newer, is '\(distribution.id)', which is not in the "
      + "table '\(table.rawValue)': its kernel is not judged",
    remedy: "use a listed distribution, or prove this one with 'dpdk-host verify'")
}

private func tooOld(
  _ distribution: Distribution, _ minimum: Requirements.Minimum, _ notes: Requirements.DistributionNotes
) -> Finding {
  Finding(
    "distribution.tooOld", .blocker, subject: distribution.name,
    message: "requires \(notes.name) \(minimum.release), is \(distribution.release ?? "unknown")",
    remedy: "upgrade to \(notes.name) \(minimum.release) or newer")
}

private func releaseUnknown(
  _ distribution: Distribution, _ minimum: Requirements.Minimum, _ notes: Requirements.DistributionNotes
) -> Finding {
  let found = distribution.release.map { "VERSION_ID '\($0)' does not say which" } ?? "there is no VERSION_ID"
  let file = notes.bareRelease == .series ? " or the minor release in /etc/redhat-release" : ""
  return Finding(
    "distribution.releaseUnknown", .warning, subject: distribution.name,
    message: "requires \(notes.name) \(minimum.release), \(found)",
    remedy: "make sure that it is \(minimum.release) or newer; what says so is VERSION_ID in /etc/os-release\(file)")
}

private func planKernels(
  _ minimum: KernelRelease, _ notes: Requirements.DistributionNotes, on kernel: KernelFacts
) -> [Finding] {
  let names = kernel.running.map { [$0] } ?? kernel.installed
  guard !names.isEmpty else {
    return [
      Finding(
        "kernel.unknown", .warning, subject: "kernel",
        message: "requires \(minimum.text), none is running and none is installed in /lib/modules",
        remedy: "run '\(notes.update)'")
    ]
  }
  return names.compactMap { name in
    guard let release = KernelRelease(name) else {
      return Finding(
        "kernel.unknown", .warning, subject: name,
        message: "requires \(minimum.text), cannot be read as a kernel release",
        remedy: "make sure that it is not older than \(minimum.text)")
    }
    let remedy =
      kernel.running == nil
      ? "run '\(notes.update)' in the image, and remove this kernel" : "run '\(notes.update)' and reboot"
    return planKernel(release, minimum, notes, remedy: remedy)
  }
}

private func planKernel(
  _ kernel: KernelRelease, _ minimum: KernelRelease, _ notes: Requirements.DistributionNotes, remedy: String
) -> Finding? {
  let tooOld = Finding(
    "kernel.tooOld", .blocker, subject: kernel.text, message: "requires \(minimum.text), is \(kernel.text)",
    remedy: remedy)
  switch KernelRelease.baseOrder(kernel, minimum) {
  case .older: return tooOld
  case .newer: return nil
  case .same:
    switch KernelRelease.releaseOrder(kernel, minimum) {
    case .older: return tooOld
    case .same, .newer: return nil
    case nil:
      return Finding(
        "kernel.flavourUnlisted", .warning, subject: kernel.text,
        message: "requires \(minimum.text), is \(kernel.text): \(whyIncomparable(kernel, minimum))",
        remedy:
          "run '\(notes.update)' for the listed kernel; for a custom one see Microsoft's 'Patches for building an "
          + "Azure-tuned Linux kernel' (https://github.com/microsoft/azure-linux-kernel)")
    }
  }
}

private func whyIncomparable(_ kernel: KernelRelease, _ minimum: KernelRelease) -> String {
  guard kernel.flavourFamily == minimum.flavourFamily else {
    let flavour = kernel.flavour.map { "flavour '\($0)'" } ?? "a kernel without flavour"
    return "the numbers of \(flavour) cannot be compared with those of '\(minimum.flavourFamily ?? "")'"
  }
  return "it has no release number to compare"
}
