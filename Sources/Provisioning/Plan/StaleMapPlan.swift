/// Map files that a dead DPDK process left: their pages stay taken until somebody deletes them.
///
/// Those on the mounts of the profile are deleted. On other mounts they are somebody else's business, and only told.
public func planStaleMapFiles(_ profile: Profile, on facts: HostFacts) -> Plan {
  let ours = profile.hugepages.compactMap { $0.mount?.path }
  var plan = Plan()
  let byDirectory = Dictionary(grouping: facts.staleMapFiles) { path in
    String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
  }
  for (directory, files) in byDirectory.sorted(by: { $0.key < $1.key }) {
    let count = files.count == 1 ? "it" : "these \(files.count) files"
    if ours.contains(directory) {
      plan.actions.append(
        PlannedAction(
          .removeStaleMapFiles(directory: directory, files: files.sorted()),
          reason: "no process maps \(count), their pages stay taken"))
    } else {
      plan.findings.append(
        Finding(
          "hugepages.staleMapFiles", .info, subject: directory,
          message: "no process maps \(files.sorted().joined(separator: ", ")), which keep their pages",
          remedy: "delete them if nobody needs what is in them"))
    }
  }
  return plan
}
