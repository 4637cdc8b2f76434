import Glibc
import Provisioning
import SystemPackage

extension FactReader {
  /// How the host boots; nil where something of it cannot be read, which is recorded.
  ///
  /// - Parameter standIns: files to be read in the place of others: what was generated beside its place, to be proven.
  mutating func boot(
    _ distribution: Distribution?, kernels: KernelFacts, reading standIns: [String: String] = [:]
  ) -> BootFacts? {
    let before = unreadable.count
    var boot = BootFacts()
    boot.firmware = firmware()
    boot.managedBy = manager(distribution)
    for path in [
      "/etc/default/grub", "/etc/default/grub.d/60-dpdk-host.cfg", "/etc/kernel/cmdline", "/usr/lib/kernel/cmdline",
    ] { boot.settings[path] = text(path) }
    boot.programs = programs(["grub-mkconfig", "grub2-mkconfig", "grubby", "sdbootutil"])
    let mkconfig = boot.programs.first { $0.hasSuffix("-mkconfig") }.flatMap { text($0) }
    boot.readsDropIns = [mkconfig, boot.settings["/etc/default/grub"]].contains {
      $0?.contains("default/grub.d") ?? false
    }
    boot.kernels = bootableKernels(kernels)
    readMenu(into: &boot, standIns)
    boot.unifiedKernelImage = unifiedKernelImage(hasEntries: !boot.entries.isEmpty)
    // A menu that is not what boots proves nothing.
    if boot.unifiedKernelImage != nil { boot.entries = [] }
    boot.canRegenerate = canRegenerate() && (root.isRunningHost || !boot.dependsOnFirmware)
    boot.ownArguments = ownArguments()
    // With half of it unknown nothing must be decided.
    return unreadable.count == before ? boot : nil
  }

  private mutating func readMenu(into boot: inout BootFacts, _ standIns: [String: String]) {
    func place(_ path: String) -> String { standIns[path] ?? path }
    var files = BootFiles()
    for folder in ["/boot/grub2", "/boot/grub"] + (entries("/boot/efi/EFI") ?? []).map({ "/boot/efi/EFI/\($0)" }) {
      files.environments["\(folder)/grubenv"] = text(place("\(folder)/grubenv"))
    }
    for name in entries("/boot") ?? [] where name.hasSuffix(".cfg") {
      files.environments["/boot/\(name)"] = text(place("/boot/\(name)"))
    }
    for folder in ["/boot/loader/entries", "/boot/efi/loader/entries", "/efi/loader/entries"] {
      for name in entries(folder) ?? [] where name.hasSuffix(".conf") && !name.hasPrefix(".") {
        files.loaderEntries["\(folder)/\(name)"] = text(place("\(folder)/\(name)"))
      }
    }
    files.existing = Set((entries("/boot") ?? []).map { "/boot/\($0)" })

    let candidates =
      ["/boot/grub2/grub.cfg", "/boot/grub/grub.cfg"]
      + (entries("/boot/efi/EFI") ?? []).map { "/boot/efi/EFI/\($0)/grub.cfg" }
    var texts: [String: String] = [:]
    var leadsToBoot = false
    for path in candidates {
      guard let text = text(place(path)) else { continue }
      texts[path] = text
      files.configuration = BootFiles.Configuration(path: path, text: text)
      if GrubConfiguration(text, path: path, files: files).isWrapper {
        leadsToBoot = leadsToBoot || path.hasPrefix("/boot/efi/")
      } else if !path.hasPrefix("/boot/efi/")
        || files.menu().entries.contains(where: { $0.kernel.map(boot.kernels.contains) ?? false })
      {
        // What another system left on the EFI system partition boots none of our kernels.
        boot.generated.append(path)
      }
    }
    if leadsToBoot { boot.generated.removeAll { $0.hasPrefix("/boot/efi/") } }
    let read = boot.generated.isEmpty ? [nil] : boot.outputs.map { Optional($0) }
    for path in read {
      files.configuration = path.flatMap { path in texts[path].map { BootFiles.Configuration(path: path, text: $0) } }
      let menu = files.menu()
      boot.entries += menu.entries.filter { !boot.entries.contains($0) }
      boot.usesLoaderEntries = boot.usesLoaderEntries || (path != nil && menu.usesLoaderEntries)
      for problem in menu.problems { record(path ?? "/boot", problem) }
    }
    // `10_linux` of RHEL 7 and SLES chooses these by the firmware that it finds, and an image shows it none.
    boot.dependsOnFirmware = boot.outputs.contains { path in
      ["linuxefi ", "linuxefi\t", "linux16 ", "linux16\t"].contains { texts[path]?.contains($0) ?? false }
    }
    boot.usesKernelOptions = (Array(texts.values) + files.loaderEntries.values).contains { $0.contains("$kernelopts") }
    boot.environmentBlock =
      files.environments.keys.filter { $0.hasSuffix("/grubenv") }.sorted().lazy
      .compactMap { [root] path in try? root.status(path)?.kind == .file ? path : nil }.first
  }

  /// Nil of an image without `sys`.
  private mutating func firmware() -> BootFacts.Firmware? {
    guard status("/sys/firmware") != nil else { return nil }
    return status("/sys/firmware/efi") == nil ? .bios : .uefi
  }

  /// Source: `ostree-prepare-root(1)` for the mark of a running system, the `os-release` of Flatcar.
  private mutating func manager(_ distribution: Distribution?) -> String? {
    if status("/run/ostree-booted") != nil || status("/ostree/repo") != nil { return "ostree" }
    return distribution?.id == "flatcar" ? "Flatcar" : nil
  }

  /// The first of each, as the search path of root has them.
  private mutating func programs(_ names: [String]) -> [String] {
    names.compactMap { name in
      ["/usr/sbin", "/usr/bin", "/sbin", "/bin"].map { "\($0)/\(name)" }.first { status($0) != nil }
    }
  }

  /// Those that have a kernel beside the boot loader; where `/boot` has none, those with modules.
  private mutating func bootableKernels(_ kernels: KernelFacts) -> [String] {
    // An uncompressed kernel for debugging, `vmlinux-RELEASE.gz`, boots nothing.
    let prefixes = ["vmlinuz-", "Image-", "kernel-"]
    let others = [
      ".old", ".gz", ".xz", ".zst", ".bz2", ".hmac", ".bak", ".rpmsave", ".dpkg-bak", ".dpkg-new", ".dpkg-old",
    ]
    let found = (entries("/boot") ?? []).compactMap { name in
      prefixes.first { name.hasPrefix($0) }.map { String(name.dropFirst($0.count)) }
    }.filter { name in KernelRelease(name) != nil && !others.contains { name.hasSuffix($0) } }
    return (found.isEmpty ? kernels.installed : Array(Set(found))).sorted(by: KernelFacts.isOlder(_:than:))
  }

  /// Source: `systemd-stub(7)`, "EFI variables", for what is running; for an image the specification of unified kernel images.
  private mutating func unifiedKernelImage(hasEntries: Bool) -> String? {
    let stub = "4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
    let variables = "/sys/firmware/efi/efivars"
    if status("\(variables)/StubInfo-\(stub)") != nil {
      return efiString("\(variables)/StubImageIdentifier-\(stub)") ?? "a unified kernel image"
    }
    guard !hasEntries else { return nil }
    // Ubuntu's for confidential machines lie beside its shim.
    for folder in ["/boot/efi/EFI", "/efi/EFI", "/boot/EFI"].flatMap({ ["\($0)/Linux", "\($0)/ubuntu"] }) {
      let names = entries(folder) ?? []
      if let name = names.last(where: {
        ($0.hasSuffix(".efi") && folder.hasSuffix("/Linux")) || $0.hasPrefix("kernel.efi")
      }) {
        return "\(folder)/\(name)"
      }
    }
    return nil
  }

  /// Four bytes of attributes, then UTF-16 (`Documentation/filesystems/efivarfs.rst`).
  private func efiString(_ path: String) -> String? {
    guard let bytes = (try? root.bytes(path)) ?? nil, bytes.count > 4 else { return nil }
    let units = stride(from: 4, to: bytes.count - 1, by: 2).map { UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8 }
    return String(decoding: units.prefix { $0 != 0 }, as: UTF16.self).replacing("\\", with: "/")
  }

  /// In an image grub-probe must find the disk that the tree is on, by its partition, and the programs must be of our
  /// architecture.
  private func canRegenerate() -> Bool {
    guard !root.isRunningHost else { return true }
    guard let device = try? root.status("/")?.identity.device, BlockDevice(device)?.isPartition ?? false else {
      return false
    }
    return machine(root) == ownMachine
  }

  /// `e_machine` of the shell's file (`elf(5)`).
  private func machine(_ root: HostRoot) -> [UInt8]? {
    guard let bytes = (try? root.bytes("/bin/sh")) ?? nil, bytes.count > 20 else { return nil }
    return Array(bytes[18..<20])
  }

  private mutating func ownArguments() -> [[String]] {
    do throws(HostError) {
      var lists: [[String]] = []
      for entry in try Journal(root).entries() {
        guard case .boot(let record) = entry.effect, !lists.contains(record.change.arguments) else { continue }
        lists.append(record.change.arguments)
      }
      return lists
    } catch {
      record(Journal.directory.string, error.description)
      return []
    }
  }
}

/// The architecture that this program was built for, as ``FactReader`` finds it in files: nothing of this host is asked.
private let ownMachine: [UInt8] = {
  #if arch(x86_64)
    return [62, 0]
  #elseif arch(arm64)
    return [183, 0]
  #else
    return []
  #endif
}()

/// The boot configuration alone, with some files read in the place of others.
///
/// - Throws: where a file of it cannot be read or understood: nothing is proven by what was not seen.
func bootFacts(of root: HostRoot, reading standIns: [String: String] = [:]) throws(HostError) -> BootFacts {
  var reader = FactReader(root)
  let distribution = reader.distribution()
  let kernels = reader.kernel()
  guard let boot = reader.boot(distribution, kernels: kernels, reading: standIns) else {
    let file = reader.unreadable.last
    throw HostError("cannot read '\(file?.path ?? "/boot")': \(file?.reason ?? "unknown")")
  }
  return boot
}
