/// Whether the machine can boot with so many pages: a kernel that is asked for more makes no progress.
///
/// The same floor as for a running host, of all the memory that a node has; of an image the memory is not known.
func boundPages(_ wanted: WantedArguments, on facts: HostFacts) -> [Finding] {
  guard !wanted.hugepageWords.isEmpty else { return [] }
  guard !facts.nodes.isEmpty else {
    return [
      Finding(
        "boot.unbounded", .info, subject: "kernel command line",
        message: "how much memory the machine will have is not known in an image: with too little, "
          + "'\(wanted.hugepageWords.joined(separator: " "))' keeps it from booting",
        remedy: "the recovery entries of the menu are without them")
    ]
  }
  return facts.nodes.compactMap { node in
    let asked = wanted.pages.reduce(UInt64(0)) { $0 + UInt64($1.value[node.id] ?? 0) * $1.key.kilobytes }
    let floor = NodeFloor.kilobytes(ofTotal: node.memory.total)
    guard asked > 0, asked + floor > node.memory.total else { return nil }
    return Finding(
      "hugepages.unsafe", .blocker, subject: "node \(node.id)",
      message: "\(asked >> 10) MiB of pages at boot would leave less than \(floor >> 10) MiB of its "
        + "\(node.memory.total >> 10) MiB: the machine might not boot",
      remedy: "ask for fewer pages in the profile, or give the machine more memory")
  }
}
