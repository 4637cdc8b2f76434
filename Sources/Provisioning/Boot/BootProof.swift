/// What a generated boot configuration must show: for every installed kernel the profile's arguments, and nothing else changed
/// that a machine cannot bear.
public struct BootProof: Sendable {
  let wanted: WantedArguments
  let facts: HostFacts
  let before: BootFacts
  /// Whether a rescue kernel can be left without the pages: to grub-mkconfig it is an ordinary one.
  let sparesRescue: Bool

  /// - Parameter before: the boot configuration as it is.
  public init(_ profile: Profile, _ before: BootFacts, on facts: HostFacts) {
    wanted = WantedArguments(profile, before, on: facts)
    self.facts = facts
    self.before = before
    sparesRescue = if case .grubby = BootWay(before, on: facts, wanting: wanted.words) { true } else { false }
  }

  /// The kernels that it was planned for.
  public var kernels: [String] { before.kernels }

  /// What the configuration lacks: `boot.generatedDiffers`, a blocker for each kernel that could not boot as is wanted, and
  /// a warning where other arguments go.
  public func findings(on boot: BootFacts) -> [Finding] {
    guard boot.kernels.contains(where: { !boot.entries(for: $0).isEmpty }) else {
      return [differs("every kernel", "no installed kernel has a menu entry")]
    }
    let spoilt = boot.spoiltRecovery(wanted, sparesRescue: sparesRescue)
      .filter { entry in !before.entries.contains { $0.title == entry.title && $0.commandLine == entry.commandLine } }
    return spoilt.map {
      differs($0.kernel ?? $0.title, "'\($0.title)' would have the pages, too, and be no way in without them")
    }
      + boot.stale(beside: wanted).prefix(1).map {
        differs("every kernel", "'\($0.joined(separator: " "))', which an earlier profile asked for, is still there")
      }
      + boot.kernels.compactMap { lacks($0, boot) }
      + [lostWords(boot)].compactMap(\.self)
  }

  private func lacks(_ kernel: String, _ boot: BootFacts) -> Finding? {
    guard !boot.entries(for: kernel).isEmpty else {
      return before.entries(for: kernel).isEmpty ? nil : differs(kernel, "this kernel would lose its menu entry")
    }
    let missing = boot.missing(wanted, for: kernel, on: facts)
    guard missing.isEmpty else {
      return differs(kernel, "this kernel would boot without \(missing.joined(separator: ", "))")
    }
    // A tool that met another disk, or a menu that somebody had made by hand: what booted last is right.
    let known = roots(before, kernel).union(roots(in: facts.kernel.commandLine ?? ""))
    guard known.isEmpty || roots(boot, kernel).isSubset(of: known) else {
      return differs(
        kernel,
        "this kernel would look for its root file system at '\(roots(boot, kernel).sorted().joined(separator: "', '"))', "
          + "and is known to find it at '\(known.sorted().joined(separator: "', '"))'")
    }
    return nil
  }

  /// Other arguments that the menu had and the generated one has not: it was not made from the settings as they are.
  private func lostWords(_ boot: BootFacts) -> Finding? {
    for kernel in boot.kernels {
      guard let then = before.entries(for: kernel).first, let now = boot.entries(for: kernel).first else { continue }
      let own = Set((before.ownArguments + [wanted.words]).flatMap(\.self))
      let kept = Set(KernelCommandLine(now.commandLine).words)
      let lost = KernelCommandLine(then.commandLine).words.filter { !kept.contains($0) && !own.contains($0) }
      guard !lost.isEmpty else { continue }
      return Finding(
        "boot.menuDiffers", .warning, subject: kernel,
        message: "the menu had '\(lost.joined(separator: " "))', which the settings do not have: made anew, it has not",
        remedy:
          "put them into '\(BootWay.defaultsPath)' if they are needed; 'dpdk-host revert' brings the old menu back")
    }
    return nil
  }

  private func roots(_ boot: BootFacts, _ kernel: String) -> Set<String> {
    boot.entries(for: kernel).reduce(into: []) { $0.formUnion(roots(in: $1.commandLine)) }
  }

  private func roots(in line: String) -> Set<String> {
    Set(KernelCommandLine(line).arguments.filter { $0.hasKey("root") }.compactMap(\.value))
  }

  private func differs(_ kernel: String, _ what: String) -> Finding {
    Finding(
      "boot.generatedDiffers", .blocker, subject: kernel,
      message: "what was generated is not what was asked for: \(what)",
      remedy: "see what 'dpdk-host check' says of the menu; a later file, or the boot loader's own tool, overrides ours"
    )
  }
}

extension BootFacts {
  /// The recovery entries that have the pages, although they could be without.
  func spoiltRecovery(_ wanted: WantedArguments, sparesRescue: Bool) -> [BootEntry] {
    guard !wanted.hugepageWords.isEmpty else { return [] }
    return entries.filter { entry in
      entry.isRecovery && (entry.kernel != nil || sparesRescue)
        && KernelCommandLine(entry.commandLine).contains(sequence: wanted.hugepageWords)
    }
  }
}
