extension BootChange {
  /// Nil where nothing may be written.
  init?(
    _ words: [String], by way: BootWay, _ boot: BootFacts, _ persistence: Persistence?, running commandLine: String?
  ) {
    let text = words.joined(separator: " ")
    switch way {
    case .none: return nil
    case .dropIn(let mkconfig):
      guard let template = persistence?.templates["60-dpdk-host.cfg"],
        let dropIn = GrubDropIn(template: template, arguments: words)
      else { return nil }
      self.init(
        arguments: words, settingsPath: BootWay.dropInPath, settings: dropIn.text,
        commands: boot.outputs.map { [mkconfig, "-o", $0] }, method: .grubMkconfig(outputs: boot.outputs))
    case .defaults(let mkconfig):
      let before = boot.settings[BootWay.defaultsPath] ?? ""
      self.init(
        arguments: words, settingsPath: BootWay.defaultsPath,
        settings: GrubDefaults(before).appending(words).text,
        commands: boot.outputs.map { [mkconfig, "-o", $0] }, method: .grubMkconfig(outputs: boot.outputs))
    case .grubby(let program):
      let lines = boot.entries.map { KernelCommandLine($0.commandLine) }
      // Of each list that was ours once and is still there.
      let former = boot.ownArguments.filter { own in own != words && lines.contains { $0.contains(sequence: own) } }
      let replaced = former.isEmpty ? [] : ["--remove-args=\(former.flatMap(\.self).uniqued().joined(separator: " "))"]
      // GRUB names the file as its own disk has it, which may be that of /boot alone.
      let rescue = boot.entries.filter(\.isRecovery).compactMap(\.kernelFile).map { file in
        file.hasPrefix("/boot/") ? file : "/boot\(file)"
      }.uniqued()
      self.init(
        arguments: words, settingsPath: BootWay.loaderEntries, settings: nil,
        commands: [[program, "--update-kernel=ALL"] + replaced + (text.isEmpty ? [] : ["--args=\(text)"])]
          + (text.isEmpty ? [] : rescue).map { [program, "--update-kernel=\($0)", "--remove-args=\(text)"] },
        undoing: (former + [words]).filter { !$0.isEmpty }.map {
          [program, "--update-kernel=ALL", "--remove-args=\($0.joined(separator: " "))"]
        },
        method: .tool(
          changes: [BootWay.loaderEntries, BootWay.commandLinePath, BootWay.defaultsPath]
            + (boot.environmentBlock.map { [$0] } ?? [])))
    case .sdbootutil(let program):
      // As sdbootutil itself looks for it; of the running line, what the boot loader adds is not part of it.
      let running = KernelCommandLine(commandLine ?? "").words.filter {
        !$0.hasPrefix("BOOT_IMAGE=") && !$0.hasPrefix("initrd=")
      }.joined(separator: " ")
      let before = boot.settings[BootWay.commandLinePath] ?? boot.settings[BootWay.vendorCommandLinePath] ?? running
      guard !before.isEmpty else { return nil }
      let line = boot.ownArguments.reduce(KernelCommandLine(before)) { $0.removing($1) }.appending(words)
      self.init(
        arguments: words, settingsPath: BootWay.commandLinePath, settings: line.description + "\n",
        commands: [[program, "update-all-entries"]], undoing: [[program, "update-all-entries"]],
        method: .tool(changes: ["/boot/efi/loader/entries", BootWay.loaderEntries]))
    }
  }
}
