/// Arguments about huge pages, or isolated CPUs, that others have set: they stay.
///
/// - Parameter works: whether every kernel gets what is wanted as it is.
func foreignArguments(
  _ wanted: WantedArguments, _ boot: BootFacts, on facts: HostFacts, works: Bool
) -> [Finding] {
  // grubby takes every other argument of the same name away, and says nothing.
  let removesForeign = if case .grubby = BootWay(boot, on: facts, wanting: wanted.words) { true } else { false }
  for entry in boot.entries where !entry.isRecovery {
    let others = (boot.ownArguments + [wanted.words]).reduce(KernelCommandLine(entry.commandLine)) { $0.removing($1) }
    let words = others.arguments.filter { argument in
      ["hugepages", "hugepagesz", "default_hugepagesz"].contains { argument.hasKey($0) }
        || (!wanted.isolationWords.isEmpty && ["isolcpus", "nohz_full", "rcu_nocbs"].contains { argument.hasKey($0) })
    }.map(\.text)
    guard !words.isEmpty else { continue }
    let together = others.appending(wanted.words).description
    let isHarmless =
      works || (!removesForeign && wanted.missing(in: together, of: entry.kernel, on: facts).isEmpty)
    return [
      Finding(
        "boot.foreign", isHarmless ? .info : .warning, subject: words.joined(separator: " "),
        message: isHarmless
          ? "somebody else has set these arguments; they are left"
          : "somebody else has set these arguments, and with them the kernel would not heed ours: nothing is written",
        remedy: isHarmless ? "" : "take them out of where they are set (\(entry.declaredIn) shows them)")
    ]
  }
  return []
}
