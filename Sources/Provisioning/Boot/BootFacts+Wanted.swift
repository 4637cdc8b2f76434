extension BootFacts {
  /// Whether every kernel of the menu would be handed what is wanted.
  func carries(_ wanted: WantedArguments, on facts: HostFacts) -> Bool {
    kernels.contains { !entries(for: $0).isEmpty }
      && kernels.allSatisfy { missing(wanted, for: $0, on: facts).isEmpty }
  }

  /// Arguments that an earlier profile wanted and this one does not, and that are still handed to a kernel.
  func stale(beside wanted: WantedArguments) -> [[String]] {
    stale(beside: wanted, in: entries.map { KernelCommandLine($0.commandLine) })
  }

  /// Whether an earlier profile's arguments are still in the menu, or in the line of the running kernel.
  func isOrWasChanged(beside wanted: WantedArguments, _ running: String?) -> Bool {
    !stale(beside: wanted, in: entries.map { KernelCommandLine($0.commandLine) } + [KernelCommandLine(running ?? "")])
      .isEmpty
  }

  /// Those of the lists that were ours once that stand in one of the lines, and are not a part of what is wanted.
  func stale(beside wanted: WantedArguments, in lines: [KernelCommandLine]) -> [[String]] {
    let now = KernelCommandLine(wanted.words.joined(separator: " "))
    return ownArguments.filter { own in
      !own.isEmpty && !now.contains(sequence: own) && lines.contains { $0.contains(sequence: own) }
    }
  }

  /// What a kernel would lack by whichever entry it is booted; empty where one of them has all, or where it has none.
  func missing(_ wanted: WantedArguments, for kernel: String, on facts: HostFacts) -> [String] {
    let lacks = entries(for: kernel).map { wanted.missing(in: $0.commandLine, of: kernel, on: facts) }
    return lacks.contains(where: \.isEmpty) ? [] : lacks.first ?? []
  }
}
