/// A gap that we close. Every action is idempotent: what is so already is left alone.
public enum Action: Equatable, Sendable {
  /// Deletes EAL's map files that no process maps, which gives their pages back to the pool.
  case removeStaleMapFiles(directory: String, files: [String])
  /// Brings the node's pool to this many pages in all; a larger pool is never shrunk.
  case reserveHugepages(PoolRequest)
  /// Mounts hugetlbfs, with the directory made where it is missing.
  case mountHugetlbfs(HugetlbfsMount)
  case loadModule(name: String)
  /// Takes a device from the kernel's driver and gives it to one of user space; the interface on it goes.
  case bindDevice(DeviceBinding)
  /// Puts a file or a link of ours where the next boot finds it.
  case writeFile(LastingFile)
  /// Takes away one that an earlier profile wanted.
  case removeFile(path: String)
  /// Puts the profile's arguments into the settings that kernel command lines are made of.
  case writeBootArguments(BootChange)
  /// Has the boot loader's own tool make the menu anew, and proves what came out for every installed kernel.
  case regenerateBootConfiguration(BootChange)
}

extension Action {
  /// Whether what it does is still there after a reboot.
  public var outlivesBoot: Bool {
    switch self {
    case .writeFile, .removeFile, .writeBootArguments, .regenerateBootConfiguration: true
    case .removeStaleMapFiles, .reserveHugepages, .mountHugetlbfs, .loadModule, .bindDevice: false
    }
  }

  /// Whether it is a part of a change of the boot configuration.
  public var changesBoot: Bool {
    switch self {
    case .writeBootArguments, .regenerateBootConfiguration: true
    default: false
    }
  }

  public var isReservation: Bool { if case .reserveHugepages = self { true } else { false } }

  /// Where it puts a file of ours; nil for every other action.
  public var writtenPath: String? { if case .writeFile(let file) = self { file.path } else { nil } }

  /// Which file of ours it takes away; nil for every other action.
  public var removedPath: String? { if case .removeFile(let path) = self { path } else { nil } }
}

/// The size that one node's pool of one page size should have.
public struct PoolRequest: Equatable, Sendable {
  public var node: Int
  public var pageSize: PageSize
  public var pages: Int

  public init(node: Int, pageSize: PageSize, pages: Int) {
    self.node = node
    self.pageSize = pageSize
    self.pages = pages
  }
}

/// A hugetlbfs mount as it should be; nil leaves the kernel's default (the mounting user, mode 0755).
public struct HugetlbfsMount: Equatable, Sendable {
  public var target: String
  public var pageSize: PageSize
  public var owner: Int?
  public var group: Int?
  public var mode: Int?

  public init(target: String, pageSize: PageSize, owner: Int? = nil, group: Int? = nil, mode: Int? = nil) {
    self.target = target
    self.pageSize = pageSize
    self.owner = owner
    self.group = group
    self.mode = mode
  }

  /// What `/proc/mounts` shows as the source: by it a mount is known as ours.
  public static let source = "dpdk-host"

  /// The data argument of `mount(2)`: `pagesize=2M,gid=1002,mode=0770`.
  ///
  /// The size is always named: without it the kernel takes its default, which the command line can change.
  public var options: String {
    var options = ["pagesize=\(pageSize)"]
    if let owner { options.append("uid=\(owner)") }
    if let group { options.append("gid=\(group)") }
    if let mode { options.append("mode=0\(String(mode, radix: 8))") }
    return options.joined(separator: ",")
  }
}

/// An action with the gap that it closes.
public struct PlannedAction: Equatable, Sendable {
  public var action: Action
  /// What is required and what is.
  public var reason: String

  public init(_ action: Action, reason: String) {
    self.action = action
    self.reason = reason
  }
}

extension PlannedAction: Encodable {
  private enum Key: String, CodingKey {
    case kind, reason, directory, files, node, pageSize, pages, target, options, module
    case device, driver, bus, interface, virtualFunction, withoutIOMMU, path, linkTo, arguments, command, followedBy
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(reason, forKey: .reason)
    switch action {
    case .removeStaleMapFiles(let directory, let files):
      try container.encode("removeStaleMapFiles", forKey: .kind)
      try container.encode(directory, forKey: .directory)
      try container.encode(files, forKey: .files)
    case .reserveHugepages(let request):
      try container.encode("reserveHugepages", forKey: .kind)
      try container.encode(request.node, forKey: .node)
      try container.encode(request.pageSize, forKey: .pageSize)
      try container.encode(request.pages, forKey: .pages)
    case .mountHugetlbfs(let mount):
      try container.encode("mountHugetlbfs", forKey: .kind)
      try container.encode(mount.target, forKey: .target)
      try container.encode(mount.pageSize, forKey: .pageSize)
      try container.encode(mount.options, forKey: .options)
    case .loadModule(let name):
      try container.encode("loadModule", forKey: .kind)
      try container.encode(name, forKey: .module)
    case .bindDevice(let binding):
      try container.encode("bindDevice", forKey: .kind)
      try container.encode(binding.address, forKey: .device)
      try container.encode(binding.driver, forKey: .driver)
      try container.encode(binding.bus, forKey: .bus)
      try container.encodeIfPresent(binding.device?.name, forKey: .interface)
      try container.encodeIfPresent(binding.virtualFunction?.name, forKey: .virtualFunction)
      try container.encode(binding.withoutIOMMU, forKey: .withoutIOMMU)
    case .writeFile(let file):
      try container.encode("writeFile", forKey: .kind)
      try container.encode(file.path, forKey: .path)
      if case .link(let target) = file.content { try container.encode(target, forKey: .linkTo) }
    case .removeFile(let path):
      try container.encode("removeFile", forKey: .kind)
      try container.encode(path, forKey: .path)
    case .writeBootArguments(let change):
      try container.encode("writeBootArguments", forKey: .kind)
      try container.encode(change.arguments.joined(separator: " "), forKey: .arguments)
      try container.encode(change.settingsPath, forKey: .path)
    case .regenerateBootConfiguration(let change):
      try container.encode("regenerateBootConfiguration", forKey: .kind)
      try container.encode(change.commands.first ?? [], forKey: .command)
      let others = Array(change.commands.dropFirst())
      if !others.isEmpty { try container.encode(others, forKey: .followedBy) }
    }
  }
}
