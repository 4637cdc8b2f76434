/// What a host is: everything that a plan is decided on, gathered once.
///
/// Its JSON is what `dpdk-host facts --format json` prints and what the tests read as fixtures, so a bug report
/// becomes a test case as it is. A fact that could not be read is in ``unreadable``; it is never guessed.
public struct HostFacts: Codable, Equatable, Sendable {
  /// Nil where neither `/etc/os-release` nor `/usr/lib/os-release` exists.
  public var distribution: Distribution?
  public var kernel: KernelFacts
  public var platform: Platform
  /// CPUs that are online (`/sys/devices/system/cpu/online`).
  public var onlineCPUs: [Int]
  /// The online NUMA nodes in ascending order; a host without NUMA in its kernel has node 0 alone.
  public var nodes: [NUMANode]
  /// `Hugepagesize` of `/proc/meminfo`: the size that a hugetlbfs mount without `pagesize=` has.
  public var defaultHugepageSize: PageSize?
  /// `/proc/mounts` in its order: of two mounts on one path the later hides the earlier.
  public var mounts: [MountEntry]
  /// What `/etc/fstab` and `/etc/waagent.conf` will mount, present or not.
  public var expectedMounts: [ExpectedMount]
  /// The paths that the scope named, mount points of the profile above all.
  public var paths: [PathFacts]
  public var accounts: Accounts
  /// The modules that the scope named, in its order.
  public var modules: [KernelModule]
  public var devices: [NetworkDevice]
  /// The network devices of the PCI bus and the VMBus, with an interface or without, in ascending order of address.
  public var busDevices: [BusDevice]
  /// The devices that `apply` took from the kernel in this boot, by its journal, in order.
  public var bindings: [Binding]
  public var routing: Routing
  /// The enabled services that wait at boot until configured interfaces are up.
  public var networkWaiters: [String]
  /// Nil where nothing of it was asked for.
  public var boot: BootFacts?
  /// The files that the scope named, by path.
  public var files: [String: FileFacts]
  /// Whether systemd runs, or, of an image, is what will run.
  public var usesSystemd: Bool
  public var dpdk: DPDKInstallation
  /// Processes that hold hugepages right now.
  public var hugepageUsers: [HugepageUser]
  /// EAL's `*map_*` files on hugetlbfs mounts that no process maps: their pages stay taken.
  public var staleMapFiles: [String]
  public var unreadable: [UnreadableFile]

  public init(
    distribution: Distribution? = nil, kernel: KernelFacts = KernelFacts(), platform: Platform = Platform(),
    onlineCPUs: [Int] = [], nodes: [NUMANode] = [], defaultHugepageSize: PageSize? = nil, mounts: [MountEntry] = [],
    expectedMounts: [ExpectedMount] = [], paths: [PathFacts] = [], accounts: Accounts = Accounts(),
    modules: [KernelModule] = [], devices: [NetworkDevice] = [], busDevices: [BusDevice] = [],
    bindings: [Binding] = [], routing: Routing = Routing(), networkWaiters: [String] = [],
    boot: BootFacts? = nil, files: [String: FileFacts] = [:], usesSystemd: Bool = false,
    dpdk: DPDKInstallation = DPDKInstallation(),
    hugepageUsers: [HugepageUser] = [], staleMapFiles: [String] = [], unreadable: [UnreadableFile] = []
  ) {
    self.distribution = distribution
    self.kernel = kernel
    self.platform = platform
    self.onlineCPUs = onlineCPUs
    self.nodes = nodes
    self.defaultHugepageSize = defaultHugepageSize
    self.mounts = mounts
    self.expectedMounts = expectedMounts
    self.paths = paths
    self.accounts = accounts
    self.modules = modules
    self.devices = devices
    self.busDevices = busDevices
    self.bindings = bindings
    self.routing = routing
    self.networkWaiters = networkWaiters
    self.boot = boot
    self.files = files
    self.usesSystemd = usesSystemd
    self.dpdk = dpdk
    self.hugepageUsers = hugepageUsers
    self.staleMapFiles = staleMapFiles
    self.unreadable = unreadable
  }
}

/// The kernel that runs, and those that could.
public struct KernelFacts: Codable, Equatable, Sendable {
  /// `uname -r`; nil for an image that is not running.
  public var running: String?
  /// The names below `/lib/modules`, in ascending order.
  public var installed: [String]
  /// `/proc/cmdline` without its newline; nil where there is none.
  public var commandLine: String?
  /// Whether the running kernel can load modules at all (`/proc/modules` exists).
  public var loadsModules: Bool

  public init(
    running: String? = nil, installed: [String] = [], commandLine: String? = nil, loadsModules: Bool = false
  ) {
    self.running = running
    self.installed = installed
    self.commandLine = commandLine
    self.loadsModules = loadsModules
  }
}

/// A file that exists and could not be read or understood.
public struct UnreadableFile: Codable, Equatable, Sendable {
  public var path: String
  public var reason: String

  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }
}

extension HostFacts {
  /// A directory tree that is not the running system: it has no kernel that runs.
  public var isImage: Bool { kernel.running == nil }
}
