/// The mount units of the profile: those that can be written, and a finding for each mount that cannot be had at boot.
struct LastingMounts {
  var units: [UnitFiles] = []
  var findings: [Finding] = []

  init(_ profile: Profile, template: String, on facts: HostFacts) {
    let wanted = wantedMounts(profile, on: facts)
    // Of a running host `planMounts` tells it.
    if facts.isImage { findings += wanted.findings }
    for mount in wanted.mounts {
      // Then fstab has the mount itself, and a unit of ours would take its place.
      guard !facts.expectedMounts.contains(where: { $0.target == mount.target && $0.type == "hugetlbfs" }) else {
        continue
      }
      guard let name = UnitName.mount(on: mount.target) else {
        findings.append(
          Finding(
            "mount.noUnit", .info, subject: mount.target,
            message: "no mount unit can have this path, so it is mounted only when 'dpdk-host.service' runs"))
        continue
      }
      if let other = facts.files[LastingPath.unit(name)], other.kind == .file, !other.isOurUnit {
        findings.append(
          Finding(
            "mount.foreignUnit", .info, subject: mount.target,
            message: "'\(LastingPath.unit(name))' is not ours: it is left, and mounts this at boot"))
        continue
      }
      if let disk = facts.diskOfAgent(over: mount.target) {
        findings.append(
          Finding(
            "mount.shadowed", .warning, subject: mount.target,
            message: "'\(disk.declaredIn)' mounts something on '\(disk.target)' at a time that nothing can be ordered "
              + "after, which would hide this after the next boot: no unit mounts it",
            remedy: "choose a path in the profile that nothing is mounted over"))
        continue
      }
      let values = [
        "SIZE": "\(mount.pageSize)", "PATH": mount.target, "OPTIONS": "\(mount.options),nosuid,nodev",
      ]
      units.append(UnitFiles(name, template: template, values, wantedBy: "multi-user.target"))
    }
  }

  /// In `systemd/`.
  static let template = "hugetlbfs.mount"
}

extension FileFacts {
  /// Whether it is a unit that we wrote.
  var isOurUnit: Bool { kind == .file && text?.contains(LastingFile.marker) == true }
}

extension HostFacts {
  /// A mount of the Azure agent that would hide the path. Unlike those of fstab, for which systemd has units, it is made
  /// by a process, at a moment of its own.
  fileprivate func diskOfAgent(over path: String) -> ExpectedMount? {
    let inFstab = Set(expectedMounts.filter { $0.declaredIn == ExpectedMount.fstab }.map(\.target))
    return expectedMounts.first { !inFstab.contains($0.target) && $0.hides(path) }
  }
}
