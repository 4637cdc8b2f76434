/// What a generated boot configuration must show: for every installed kernel the profile's arguments, and nothing else changed
/// that an image cannot bear.
public struct BootProof: Sendable {
  let wanted: WantedArguments
  let facts: HostFacts
  let before: BootFacts

  /// - Parameter before: the boot configuration as it is.
  public init(_ profile: Profile, _ before: BootFacts, on facts: HostFacts) {
    wanted = WantedArguments(profile, before, on: facts)
    self.facts = facts
    self.before = before
  }

  /// What the configuration lacks, a finding a kernel: ``Finding`` `boot.generatedDiffers`, blockers; none where all is well.
  public func findings(on boot: BootFacts) -> [Finding] {
    guard boot.kernels.contains(where: { !boot.entries(for: $0).isEmpty }) else {
      return [differs("every kernel", "no installed kernel has a menu entry")]
    }
    // A rescue kernel is an ordinary one to grub-mkconfig, and cannot be spared.
    let spoilt = boot.entries.filter { $0.isRecovery && $0.kernel != nil && carriesPages($0) }
      .filter { entry in !before.entries.contains { $0.title == entry.title && carriesPages($0) } }
    return spoilt.map {
      differs($0.kernel ?? $0.title, "'\($0.title)' would have the pages, too, and be no way in without them")
    }
      + boot.kernels.compactMap { lacks($0, boot) }
  }

  private func carriesPages(_ entry: BootEntry) -> Bool {
    !wanted.hugepageWords.isEmpty && KernelCommandLine(entry.commandLine).contains(sequence: wanted.hugepageWords)
  }

  private func lacks(_ kernel: String, _ boot: BootFacts) -> Finding? {
    guard !boot.entries(for: kernel).isEmpty else {
      return before.entries(for: kernel).isEmpty ? nil : differs(kernel, "this kernel would lose its menu entry")
    }
    let missing = boot.missing(wanted, for: kernel, on: facts)
    guard missing.isEmpty else {
      return differs(kernel, "this kernel would boot without \(missing.joined(separator: ", "))")
    }
    // A tool that met the disk of the machine it runs on would write another `root=` into an image.
    let known = roots(before, kernel)
    guard !facts.isImage || known.isEmpty || roots(boot, kernel).isSubset(of: known) else {
      return differs(kernel, "this kernel would look for its root file system elsewhere than before")
    }
    return nil
  }

  /// `root=`, as the kernel's entries have them.
  private func roots(_ boot: BootFacts, _ kernel: String) -> Set<String> {
    Set(
      boot.entries(for: kernel).flatMap { entry in
        KernelCommandLine(entry.commandLine).arguments.filter { $0.hasKey("root") }.compactMap(\.value)
      })
  }

  private func differs(_ kernel: String, _ what: String) -> Finding {
    Finding(
      "boot.generatedDiffers", .blocker, subject: kernel,
      message: "what was generated is not what was asked for: \(what)",
      remedy: "see what 'dpdk-host check' says of the menu; a later file, or the boot loader's own tool, overrides ours"
    )
  }
}
