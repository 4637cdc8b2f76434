/// By which way this host's kernels get their arguments: chosen by what is there, never by the distribution's name alone.
enum BootWay: Equatable {
  /// A file of our own in `/etc/default/grub.d`, then grub-mkconfig.
  case dropIn(mkconfig: String)
  /// A marked block in `/etc/default/grub`, then grub-mkconfig.
  case defaults(mkconfig: String)
  /// The entries of the Boot Loader Specification, or `$kernelopts`, by grubby.
  case grubby(program: String)
  /// The entries of systemd-boot or of GRUB, which SUSE's tool makes from `/etc/kernel/cmdline`.
  case sdbootutil(program: String)
  /// Nothing that we may write: with the reason and what the administrator can do.
  case none(reason: String, remedy: String)

  static let defaultsPath = "/etc/default/grub"
  static let dropInPath = "/etc/default/grub.d/60-dpdk-host.cfg"
  static let commandLinePath = "/etc/kernel/cmdline"
  static let vendorCommandLinePath = "/usr/lib/kernel/cmdline"
  static let loaderEntries = "/boot/loader/entries"

  init(_ boot: BootFacts, on facts: HostFacts, wanting arguments: [String]) {
    let words = arguments.joined(separator: " ")
    let mkconfig = boot.mkconfig
    // Azure Linux 3 has a `$kernelopts` in its menu, and makes it by grub2-mkconfig all the same.
    let isMadeByGrubby = boot.usesLoaderEntries || (boot.usesKernelOptions && mkconfig == nil)
    if let manager = boot.managedBy {
      self = .none(
        reason: "the kernel command line belongs to \(manager)", remedy: Self.instructions(manager, words))
    } else if let image = boot.unifiedKernelImage {
      self = .none(
        reason: "'\(image)' was booted, a unified kernel image whose command line is part of the signed file",
        remedy: "have '\(words)' put in where the image is built, or add it by an addon of systemd-stub")
    } else if let grubby = boot.program("grubby"), isMadeByGrubby {
      self = .grubby(program: grubby)
    } else if let program = boot.program("sdbootutil") {
      self = .sdbootutil(program: program)
    } else if isMadeByGrubby {
      self = .none(
        reason: "its menu is not made by grub-mkconfig, and grubby is not installed",
        remedy: "install grubby, then run 'dpdk-host apply' again")
    } else if let mkconfig, boot.settings[Self.defaultsPath] != nil, !boot.outputs.isEmpty {
      self = boot.readsDropIns ? .dropIn(mkconfig: mkconfig) : .defaults(mkconfig: mkconfig)
    } else if let mkconfig, boot.settings[Self.defaultsPath] != nil {
      self = .none(
        reason: "GRUB's tools are there, and no menu that they made",
        remedy:
          "make it: \(mkconfig) -o \(mkconfig.hasSuffix("grub2-mkconfig") ? "/boot/grub2" : "/boot/grub")/grub.cfg")
    } else {
      self = .none(
        reason: "how this host boots is not known: neither GRUB's tools with \(Self.defaultsPath), nor grubby",
        remedy: "have the boot loader hand '\(words)' to the kernel")
    }
  }

  private static func instructions(_ manager: String, _ words: String) -> String {
    switch manager {
    case "ostree":
      let appended = words.split(separator: " ").map { "--append=\($0)" }.joined(separator: " ")
      return "run: rpm-ostree kargs \(appended)"
    case "Flatcar":
      return "add to /oem/grub.cfg: set linux_append=\"$linux_append \(words)\""
    default:
      return "have it hand '\(words)' to the kernel"
    }
  }
}

extension BootFacts {
  func program(_ name: String) -> String? { programs.first { $0.hasSuffix("/\(name)") } }

  /// The generated configurations that boot this machine: each firmware has its own on RHEL 7, and they are not alike.
  public var outputs: [String] {
    let onESP = generated.filter { $0.hasPrefix("/boot/efi/") }
    let others = generated.filter { !$0.hasPrefix("/boot/efi/") }
    switch firmware {
    case .uefi: return onESP.isEmpty ? others : onESP
    case .bios: return others
    case nil: return generated
    }
  }

  /// Whether this menu boots what another does: no kernel loses its entries, and none that is not there gets one.
  public func boots(whatIn other: BootFacts) -> Bool {
    let wanted = Set(other.entries.filter { !$0.isRecovery }.compactMap(\.kernel))
    let offered = Set(entries.filter { !$0.isRecovery }.compactMap(\.kernel))
    return !offered.isEmpty && wanted.intersection(other.kernels).isSubset(of: offered)
      && offered.isSubset(of: wanted.union(other.kernels))
  }

  /// grub-mkconfig under either of its names.
  public var mkconfig: String? { program("grub-mkconfig") ?? program("grub2-mkconfig") }

  /// The entries of a kernel that are not for recovery.
  func entries(for kernel: String) -> [BootEntry] { entries.filter { $0.kernel == kernel && !$0.isRecovery } }
}
