/// Map files that a dead DPDK process left: their pages stay taken until somebody deletes them.
public func planStaleMapFiles(on facts: HostFacts) -> Plan {
  let byDirectory = Dictionary(grouping: facts.staleMapFiles) { path in
    String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
  }
  return Plan(
    actions: byDirectory.sorted { $0.key < $1.key }.map { directory, files in
      PlannedAction(
        .removeStaleMapFiles(directory: directory, files: files.sorted()),
        reason: "no process maps \(files.count == 1 ? "it" : "these \(files.count) files"), their pages stay taken")
    })
}
