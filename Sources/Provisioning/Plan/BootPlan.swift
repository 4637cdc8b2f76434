/// Whether every installed kernel will be handed the profile's arguments, and what is to be done where not.
///
/// Nothing is planned for a host whose boot configuration was not read.
public func planBoot(_ profile: Profile, _ persistence: Persistence?, on facts: HostFacts) -> Plan {
  guard let boot = facts.boot else {
    guard profile.boot.wantsArguments, !facts.unreadable.isEmpty else { return Plan() }
    return Plan(findings: [
      Finding(
        "boot.notPersisted", .warning, subject: "kernel command line",
        message: "is not judged: something of the boot configuration could not be read or understood",
        remedy: "run as root, and see 'facts.unreadable'")
    ])
  }
  var plan = Plan(findings: planIsolation(profile, on: facts))
  guard !plan.isBlocked else { return plan }
  let wanted = WantedArguments(profile, boot, on: facts)
  if let reason = wanted.whyUnsayable {
    plan.findings.append(
      Finding(
        "boot.notPersisted", .info, subject: "kernel command line",
        message: "cannot carry the pages of this profile: \(reason)",
        remedy: unitsFollow(profile.boot.units, persistence, on: facts)
          ? "they are reserved early in each boot instead"
          : "have 'dpdk-host apply' run at each boot: by its units, with systemd and 'boot.units: auto'"))
  }
  // What an earlier profile wanted goes with the next that does not.
  guard !wanted.words.isEmpty || boot.isOrWasChanged(beside: wanted, facts.kernel.commandLine) else { return plan }
  plan.findings += boundPages(wanted, boot, on: facts)
  guard !plan.isBlocked else { return plan }

  let lacking = boot.kernels.filter { !boot.missing(wanted, for: $0, on: facts).isEmpty }
  let way = BootWay(boot, on: facts, wanting: wanted.words)
  // A run that was ended between grubby's two commands leaves a rescue entry with the pages.
  let isSpared = if case .grubby = way { boot.spoiltRecovery(wanted, sparesRescue: true).isEmpty } else { true }
  if boot.carries(wanted, on: facts), isSpared, boot.stale(beside: wanted).isEmpty {
    plan.findings += foreignArguments(wanted, boot, on: facts, works: true)
  } else {
    plan.append(change(wanted, lacking, boot, persistence, units: profile.boot.units, on: facts))
  }
  plan.findings += outsiders(wanted, boot, on: facts)
  if !facts.isImage, let finding = pending(wanted, facts) { plan.findings.append(finding) }
  return plan
}

/// Whether the pages must be reserved by a unit of ours: the command line cannot carry them, or will not.
///
/// Where the boot configuration was not read (it is often closed to all but root), it stays as it is.
public func needsEarlyHugepages(_ profile: Profile, on facts: HostFacts) -> Bool {
  guard !profile.hugepages.isEmpty else { return false }
  guard let boot = facts.boot else {
    return facts.files[LastingPath.unit(LastingUnit.hugepages.rawValue)]?.kind == .file
  }
  let wanted = WantedArguments(profile, boot, on: facts)
  if wanted.hugepageWords.isEmpty { return true }
  if case .none = BootWay(boot, on: facts, wanting: wanted.words) { return !boot.carries(wanted, on: facts) }
  return !foreignArguments(wanted, boot, on: facts, works: boot.carries(wanted, on: facts)).filter {
    $0.severity != .info
  }.isEmpty
}

/// Whether the kernel itself reserves the profile's pages at the next boot, by the command line that it will be handed.
public func bootReservesPages(_ profile: Profile, on facts: HostFacts) -> Bool {
  guard let boot = facts.boot else { return false }
  let wanted = WantedArguments(profile, boot, on: facts)
  return !wanted.hugepageWords.isEmpty && boot.carries(wanted, on: facts)
}

private func change(
  _ wanted: WantedArguments, _ lacking: [String], _ boot: BootFacts, _ persistence: Persistence?,
  units: Profile.Boot.Units, on facts: HostFacts
) -> Plan {
  let foreign = foreignArguments(wanted, boot, on: facts, works: false)
  guard foreign.allSatisfy({ $0.severity == .info }) else { return Plan(findings: foreign) }
  var plan = Plan(findings: foreign)
  let way = BootWay(boot, on: facts, wanting: wanted.words)
  if case .dropIn = way, let finding = occupiedDropIn(boot, persistence) {
    plan.findings.append(finding)
    return plan
  }
  guard var change = BootChange(wanted.words, by: way, boot, persistence, running: facts.kernel.commandLine) else {
    switch way {
    case .none(let reason, let remedy): plan.findings.append(notPersisted(reason, remedy))
    case .sdbootutil:
      plan.findings.append(
        notPersisted("there is no '\(BootWay.commandLinePath)' to add to", "write it, with what the kernel gets now"))
    case .dropIn where persistence != nil:
      plan.findings.append(
        notPersisted(
          "'grub.d/60-dpdk-host.cfg' of dpdk-host is not installed", "install it with 'make install PREFIX=…'"))
    case .dropIn, .defaults, .grubby: break
    }
    return plan
  }
  let isSet = change.settings == nil || boot.settings[change.settingsPath] == change.settings
  // Each firmware has its own menu on RHEL 7, and which of the two a tool makes depends on the machine that it runs on.
  let canRegenerate = boot.canRegenerate && (boot.firmware != nil || boot.outputs.count < 2)
  if !canRegenerate {
    change.commands = []
    change.method = .grubMkconfig(outputs: [])
  } else if isSet, change.settings != nil {
    for kernel in lacking {
      plan.findings.append(
        Finding(
          "boot.generatedDiffers", .warning, subject: kernel,
          message: "'\(change.settingsPath)' has our arguments, and the menu would boot this kernel without them",
          remedy: "run 'dpdk-host apply': it makes the menu anew"))
    }
  }
  let absent = wanted.words.joined(separator: " ")
  if !isSet || (change.settings == nil && canRegenerate) {
    plan.actions.append(
      PlannedAction(
        .writeBootArguments(change),
        reason: absent.isEmpty
          ? "an earlier profile has asked for arguments, and this one does not"
          : "requires '\(absent)' for \(lacking.isEmpty ? "every kernel" : lacking.joined(separator: ", "))"))
  }
  guard canRegenerate else {
    plan.findings.append(
      firstBoot(change, boot, isFollowed: unitsFollow(units, persistence, on: facts)))
    return plan
  }
  plan.actions.append(
    PlannedAction(.regenerateBootConfiguration(change), reason: "what boots is generated from the settings"))
  return plan
}

/// A file of somebody else's under our name: its words would go unseen.
private func occupiedDropIn(_ boot: BootFacts, _ persistence: Persistence?) -> Finding? {
  guard boot.ownArguments.isEmpty, let text = boot.settings[BootWay.dropInPath] else { return nil }
  let arguments = GrubDropIn(text).arguments ?? []
  let rendered = persistence?.templates["60-dpdk-host.cfg"].flatMap {
    GrubDropIn(template: $0, arguments: arguments)?.text
  }
  guard text != rendered else { return nil }
  return Finding(
    "file.occupied", .blocker, subject: BootWay.dropInPath,
    message: "must be a file of ours, and somebody else wrote it",
    remedy: "rename it, or take it away if 'dpdk-host apply' is to do what it does")
}

private func firstBoot(_ change: BootChange, _ boot: BootFacts, isFollowed: Bool) -> Finding {
  Finding(
    "boot.firstBoot", isFollowed ? .info : .warning, subject: change.settingsPath,
    message: (boot.canRegenerate || boot.dependsOnFirmware
      ? "there is a menu for each firmware, and the boot loader's tool makes that of the machine it runs on"
      : "the boot loader's tool cannot run here: this tree is not mounted from a partition, or is of another architecture")
      + (isFollowed
        ? "; the first boot makes the menu anew, and the second has the arguments"
        : "; nothing makes the menu anew at the first boot, as no unit of ours is there"),
    remedy: boot.canRegenerate || boot.dependsOnFirmware
      ? (isFollowed ? "" : "run 'dpdk-host apply' on the machine")
      : "mount the image from its partition (losetup --partscan) to have it done here")
}

/// Whether units of ours run at the next boot.
private func unitsFollow(_ units: Profile.Boot.Units, _ persistence: Persistence?, on facts: HostFacts) -> Bool {
  units == .auto && facts.usesSystemd && persistence?.program != nil
}

private func notPersisted(_ reason: String, _ remedy: String) -> Finding {
  Finding(
    "boot.notPersisted", .warning, subject: "kernel command line", message: "cannot be changed here: \(reason)",
    remedy: remedy)
}

private func pending(_ wanted: WantedArguments, _ facts: HostFacts) -> Finding? {
  guard let boot = facts.boot, boot.carries(wanted, on: facts), boot.stale(beside: wanted).isEmpty else { return nil }
  let line = facts.kernel.commandLine ?? ""
  let missing = wanted.missing(in: line, of: facts.kernel.running, on: facts)
  let stale = boot.stale(beside: wanted, in: [KernelCommandLine(line)]).last
  guard !missing.isEmpty || stale != nil else { return nil }
  let next = wanted.words.isEmpty ? "no arguments of ours" : "'\(wanted.words.joined(separator: " "))'"
  return Finding(
    Finding.bootPendingID, .warning, subject: "kernel command line",
    message: "the next boot has \(next), this one has \(stale.map { "'\($0.joined(separator: " "))'" } ?? "not")",
    remedy: "reboot")
}
