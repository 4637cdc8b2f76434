/// Something that was changed on the host, with what it takes to undo it.
public enum Effect: Codable, Equatable, Sendable {
  /// A pool's size: `persistent` pages before and the size asked for.
  case hugepages(node: Int, pageSize: PageSize, before: Int, asked: Int)
  /// A directory that was not there.
  case directory(path: String)
  /// A hugetlbfs mount that was not there.
  case mount(target: String, pageSize: PageSize)
  /// A module that was not loaded.
  case module(name: String)
  /// A device that the kernel's own driver had, or none.
  case binding(Binding)
  /// A parameter of a loaded module, with its former value.
  case moduleParameter(module: String, parameter: String, before: String)
  /// A file of ours; `before` is what was there in its place.
  case file(path: String, before: SavedFile?)
  /// A symbolic link of ours; `before` is where one led that was there in its place.
  case link(path: String, before: String?)
  /// The arguments for the kernel, and the boot loader's configuration made from them.
  case boot(BootRecord)
  /// The packages that `install` added: one entry for all its runs.
  case packages(PackageRecord)
  /// The DPDK that `install --from-source` put here: one entry for all its runs.
  case source(SourceRecord)

  /// Whether the effect is still there after a reboot.
  public var outlivesBoot: Bool {
    switch self {
    case .directory, .file, .link, .boot, .packages, .source: true
    case .hugepages, .mount, .module, .binding, .moduleParameter: false
    }
  }
}

extension Effect {
  /// `apply` and `revert` leave alone what was installed: `install` and `revert --packages` see to it.
  public var isOfInstallation: Bool {
    switch self {
    case .packages, .source: true
    default: false
    }
  }
}

/// One line of the journal, written before its effect.
public struct JournalEntry: Codable, Equatable, Sendable {
  /// ISO 8601, UTC.
  public var time: String
  /// `/proc/sys/kernel/random/boot_id` when it was written: which boot the effect belongs to; ``image`` for a tree that
  /// was not running.
  public var boot: String
  /// `/etc/machine-id` when it was written; nil where there is none. Another id now means that the journal
  /// came with a copied disk.
  public var machine: String?
  public var effect: Effect

  /// In the place of a boot: what was done to an image belongs to every machine that is made from it.
  public static let image = "image"

  public init(time: String, boot: String, machine: String?, effect: Effect) {
    self.time = time
    self.boot = boot
    self.machine = machine
    self.effect = effect
  }
}
