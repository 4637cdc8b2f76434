/// Whether the machine can boot with so many pages: a kernel that is asked for more makes no progress.
///
/// What a kernel would be asked for in all is counted, of every size and whoever set it, against the same floor as for a
/// running host, of all the memory that a node has. Of an image the memory is not known.
func boundPages(_ wanted: WantedArguments, _ boot: BootFacts, on facts: HostFacts) -> [Finding] {
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
  let lines = boot.kernels.flatMap { boot.entries(for: $0) }.map { entry in
    (entry.kernel, boot.ownArguments.reduce(KernelCommandLine(entry.commandLine)) { $0.removing($1) })
  }
  let asked = (lines.isEmpty ? [(nil, KernelCommandLine(""))] : lines).map { kernel, line in
    HugepageArguments(line.appending(wanted.words), kernel: kernel.flatMap { KernelRelease($0) }).amounts
  }
  let withMemory = facts.nodes.filter(\.hasMemory)
  return facts.nodes.compactMap { node in
    let most =
      asked.map { amounts in
        amounts.reduce(UInt64(0)) { sum, amount in
          let pages =
            switch amount.value {
            case .nodes(let byNode): byNode[node.id] ?? 0
            case .total(let total) where node.hasMemory: (total + withMemory.count - 1) / max(withMemory.count, 1)
            case .total: 0
            }
          return sum + UInt64(max(pages, 0)) * amount.key.kilobytes
        }
      }.max() ?? 0
    let floor = NodeFloor.kilobytes(ofTotal: node.memory.total)
    guard most > 0, most + floor > node.memory.total else { return nil }
    return Finding(
      "hugepages.unsafe", .blocker, subject: "node \(node.id)",
      message: "\(most >> 10) MiB of pages at boot would leave less than \(floor >> 10) MiB of its "
        + "\(node.memory.total >> 10) MiB: the machine might not boot",
      remedy: "ask for fewer pages in the profile or on the kernel command line, or give the machine more memory")
  }
}
