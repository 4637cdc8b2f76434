extension BootFiles {
  /// What the menu of the boot loader offers.
  public struct Menu: Equatable, Sendable {
    /// In the order of the configuration, then the loader's entries by path.
    public var entries: [BootEntry]
    /// Whether entries come from `/boot/loader/entries`.
    public var usesLoaderEntries: Bool
    /// What could not be made sense of, each with its file.
    public var problems: [String]
  }

  /// The entries that boot a Linux kernel; memory tests, the firmware's setup and other systems are left out.
  public func menu() -> Menu {
    guard let configuration else {
      return Menu(
        entries: loaderEntries(GrubVariables(), expandsVariables: false).entries,
        usesLoaderEntries: !loaderEntries.isEmpty, problems: [])
    }
    let grub = GrubConfiguration(configuration.text, path: configuration.path, files: self)
    var menu = Menu(
      entries: grub.entries.map { $0.bootEntry(declaredIn: configuration.path) },
      usesLoaderEntries: grub.usesLoaderEntries,
      problems: grub.problems.map { "\(configuration.path): \($0)" })
    menu.entries += linkedEntries(configuration, beside: menu.entries)
    if let variables = grub.entryVariables {
      let (entries, problems) = loaderEntries(variables, expandsVariables: true)
      menu.entries += entries
      menu.problems += problems
    }
    return menu
  }

  private func loaderEntries(
    _ variables: GrubVariables, expandsVariables: Bool
  ) -> (entries: [BootEntry], problems: [String]) {
    var entries: [BootEntry] = []
    var problems: [String] = []
    for (path, text) in loaderEntries.sorted(by: { $0.key < $1.key }) where path.hasSuffix(".conf") {
      let entry = LoaderEntry(text)
      guard let file = entry.linux else { continue }
      let (line, unset) =
        expandsVariables ? entry.commandLine(variables) : (KernelCommandLine(entry.options ?? "").description, [])
      // Others are optional: tuned's are set only where tuned is in use.
      for name in ["kernelopts", "default_kernelopts"] where unset.contains(name) {
        problems.append("\(path): $\(name) is not set")
      }
      let title = entry.title ?? entry.version ?? file
      let kernel = BootEntry.kernel(file: file) ?? entry.version.map(BootEntry.kernel(version:))
      // snapper's snapshots are read only, and stay as they were taken.
      let isRescue =
        [file, entry.version ?? ""].contains(where: BootEntry.namesRescueKernel) || title.hasPrefix("Snapper:")
      entries.append(
        BootEntry(
          title: title, kernel: BootEntry.namesRescueKernel(kernel ?? "") ? nil : kernel, kernelFile: file,
          commandLine: line,
          isRecovery: isRescue || BootEntry.isRecovery(title: title, commandLine: line), declaredIn: path))
    }
    return (entries, problems)
  }

  /// CBL-Mariner has one entry, and a link to the variables of the newest kernel: those of the other kernels are read in its
  /// place, as a kernel update does no more than move the link.
  private func linkedEntries(_ configuration: Configuration, beside entries: [BootEntry]) -> [BootEntry] {
    var found: [BootEntry] = []
    for (path, text) in environments.sorted(by: { $0.key < $1.key }) {
      guard let slash = path.lastIndex(of: "/"), path[slash...].hasPrefix("/linux-"), path.hasSuffix(".cfg"),
        environments["\(path[..<slash])/mariner.cfg"] != nil
      else { continue }
      var files = self
      files.environments["\(path[..<slash])/mariner.cfg"] = text
      found += GrubConfiguration(configuration.text, path: configuration.path, files: files).entries
        .map { $0.bootEntry(declaredIn: path) }
    }
    return found.filter { entry in
      !entries.contains { $0.kernel == entry.kernel && $0.commandLine == entry.commandLine }
    }
  }
}

extension GrubConfiguration.Entry {
  fileprivate func bootEntry(declaredIn path: String) -> BootEntry {
    let isRescue = BootEntry.namesRescueKernel(kernelFile)
    return BootEntry(
      title: title, kernel: BootEntry.kernel(file: kernelFile), kernelFile: kernelFile, commandLine: commandLine,
      isRecovery: isRescue || BootEntry.isRecovery(title: title, commandLine: commandLine), declaredIn: path)
  }
}

extension BootEntry {
  /// The release that a kernel's file is named after: `vmlinuz-6.8.0-1029-azure`; nil for a link without one.
  static func kernel(file: String) -> String? {
    let name = file.split(separator: "/").last ?? ""
    guard let prefix = ["vmlinuz-", "vmlinux-", "linux-", "kernel-", "Image-"].first(where: { name.hasPrefix($0) })
    else { return nil }
    var release = name.dropFirst(prefix.count)
    // `make install` keeps the kernel before under this name.
    if release.hasSuffix(".old") { release.removeLast(".old".count) }
    return KernelRelease(release) == nil || namesRescueKernel(file) ? nil : String(release)
  }

  /// The release in an entry's `version`: behind the number of a snapshot, where sdbootutil puts one (`2@6.16.8-1-default`).
  static func kernel(version: String) -> String {
    let parts = version.split(separator: "@", maxSplits: 1)
    return parts.count == 2 && parts[0].allSatisfy(\.isNumber) ? String(parts[1]) : version
  }

  /// Whether it is the kernel of dracut's rescue image: `vmlinuz-0-rescue-MACHINE`.
  static func namesRescueKernel(_ text: String) -> Bool { text.contains("0-rescue-") }

  /// Whether an entry is a way in for the day when the others fail.
  ///
  /// Source: `GRUB_DISABLE_RECOVERY` of the GRUB manual; `systemd-debug-generator(8)` and `systemd(1)`, "Kernel command line",
  /// for the words.
  static func isRecovery(title: String, commandLine: String) -> Bool {
    let title = title.lowercased()
    let words: Set<String> = [
      "single", "recovery", "rescue", "emergency", "systemd.unit=rescue.target", "systemd.unit=emergency.target",
    ]
    return title.contains("recovery mode") || title.contains("failsafe") || namesRescueKernel(title)
      || KernelCommandLine(commandLine).words.contains(where: words.contains)
  }
}
