import Provisioning

extension FactReader {
  /// What is mounted, in the order of `/proc/mounts`.
  mutating func mounts() -> [MountEntry] {
    value("/proc/mounts", "a table of mounts", MountEntry.table) ?? []
  }

  /// What fstab and the Azure agent will mount.
  mutating func expectedMounts() -> [ExpectedMount] {
    let fstab = text("/etc/fstab").map { ExpectedMount.inFstab($0) } ?? []
    let agent = text("/etc/waagent.conf").flatMap { ExpectedMount.inAgentConfiguration($0) }
    return fstab + (agent.map { [$0] } ?? [])
  }

  /// What is at a path, which is not followed if it is a link itself.
  mutating func path(_ path: String) -> PathFacts {
    guard let status = status(path, followingLast: false) else { return PathFacts(path: path, kind: .absent) }
    // A directory that cannot be listed is not called empty.
    let isEmpty = status.kind == .directory && entries(path)?.isEmpty == true
    return PathFacts(
      path: path, kind: status.kind, isEmpty: isEmpty || status.kind != .directory, owner: status.owner,
      group: status.group, mode: status.mode)
  }

  /// Files and links with what is in them; the mount units that are ours are found by their mark, whatever the scope is.
  mutating func files(_ paths: [String]) -> [String: FileFacts] {
    var files: [String: FileFacts] = [:]
    for path in paths {
      files[path] = file(path)
    }
    let folder = "/etc/systemd/system"
    for name in entries(folder) ?? [] where name.hasSuffix(".mount") && files["\(folder)/\(name)"] == nil {
      let found = file("\(folder)/\(name)")
      if found.text?.contains(LastingFile.marker) ?? false { files["\(folder)/\(name)"] = found }
    }
    return files
  }

  private mutating func file(_ path: String) -> FileFacts {
    guard let status = status(path, followingLast: false) else { return FileFacts(kind: .absent) }
    switch status.kind {
    case .symbolicLink: return FileFacts(kind: .symbolicLink, text: (try? root.link(path)) ?? nil)
    case .file: return FileFacts(kind: .file, text: text(path), mode: status.mode)
    case .absent, .directory, .other: return FileFacts(kind: status.kind, mode: status.mode)
    }
  }

  /// The ids of the scope's users and groups by the files of the host; NSS is not asked, as an image has none.
  mutating func accounts(_ scope: GatherScope) -> Accounts {
    var accounts = Accounts()
    if !scope.users.isEmpty { accounts.users = Accounts.ids(of: scope.users, in: text("/etc/passwd") ?? "") }
    if !scope.groups.isEmpty { accounts.groups = Accounts.ids(of: scope.groups, in: text("/etc/group") ?? "") }
    return accounts
  }
}
