/// How this host boots: what its boot loader was generated from, and what came out.
public struct BootFacts: Codable, Equatable, Sendable {
  /// Nil where that cannot be told: an image has no firmware.
  public var firmware: Firmware?
  /// What was booted, where that was a unified kernel image: its command line is part of the signed file.
  public var unifiedKernelImage: String?
  /// Why this system's own tools must set kernel arguments (`ostree`, a read-only `/usr` of Flatcar); nil elsewhere.
  public var managedBy: String?
  /// The settings that are there, by path: `/etc/default/grub`, `/etc/kernel/cmdline`, our own drop-in.
  public var settings: [String: String]
  /// Whether grub-mkconfig, or `/etc/default/grub` itself, reads `/etc/default/grub.d/*.cfg`.
  public var readsDropIns: Bool
  /// The programs that are there, by absolute path: `grub-mkconfig`, `grub2-mkconfig`, `grubby`, `sdbootutil`.
  public var programs: [String]
  /// The generated configurations that are there, wrappers that only lead to another one left out.
  public var generated: [String]
  /// Whether the generated configuration takes its entries from `/boot/loader/entries` (`blscfg`).
  public var usesLoaderEntries: Bool
  /// Whether the entries take their arguments from `kernelopts` in GRUB's environment block.
  public var usesKernelOptions: Bool
  /// Whether the menu has commands of one kind of firmware: `linuxefi`, `linux16`.
  public var dependsOnFirmware: Bool
  /// GRUB's environment block, links resolved; nil where there is none.
  public var environmentBlock: String?
  /// Whether the boot loader's tool can be run: in an image only where it has a disk of its own and is of our architecture.
  public var canRegenerate: Bool
  /// Each list of arguments that `apply` has put in, or was about to, by its journal, in order.
  public var ownArguments: [[String]]
  /// Everything that the menu offers.
  public var entries: [BootEntry]
  /// The releases that have a kernel to boot, in ascending order.
  public var kernels: [String]

  public enum Firmware: String, Codable, Sendable { case bios, uefi }

  public init(
    firmware: Firmware? = nil, unifiedKernelImage: String? = nil, managedBy: String? = nil,
    settings: [String: String] = [:], readsDropIns: Bool = false, programs: [String] = [], generated: [String] = [],
    usesLoaderEntries: Bool = false, usesKernelOptions: Bool = false, dependsOnFirmware: Bool = false,
    environmentBlock: String? = nil,
    canRegenerate: Bool = true,
    ownArguments: [[String]] = [], entries: [BootEntry] = [], kernels: [String] = []
  ) {
    self.firmware = firmware
    self.unifiedKernelImage = unifiedKernelImage
    self.managedBy = managedBy
    self.settings = settings
    self.readsDropIns = readsDropIns
    self.programs = programs
    self.generated = generated
    self.usesLoaderEntries = usesLoaderEntries
    self.usesKernelOptions = usesKernelOptions
    self.dependsOnFirmware = dependsOnFirmware
    self.environmentBlock = environmentBlock
    self.canRegenerate = canRegenerate
    self.ownArguments = ownArguments
    self.entries = entries
    self.kernels = kernels
  }
}

/// A file of ours, or one in the place of ours, as it is now.
public struct FileFacts: Codable, Equatable, Sendable {
  public var kind: PathFacts.Kind
  /// Of a file its text, of a symbolic link where it leads.
  public var text: String?
  /// Permission bits; nil for what is absent.
  public var mode: Int?

  public init(kind: PathFacts.Kind, text: String? = nil, mode: Int? = nil) {
    self.kind = kind
    self.text = text
    self.mode = mode
  }
}
