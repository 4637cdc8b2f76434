import CKmod
import Glibc
import Provisioning
public import SystemPackage

/// libkmod's view of the running host: module indexes, modprobe.d, and what the kernel has loaded.
///
/// It always reads the running host's `/proc/cmdline` and `/sys/module`: never use it for an image.
public struct KmodContext: ~Copyable {
  private let context: OpaquePointer

  /// Opens libkmod on the modules of the running kernel (`kmod_new(3)`); needs no privilege.
  ///
  /// A host without `/lib/modules` is no error: then nothing is found.
  ///
  /// - Throws: `ENOMEM`, or what libkmod met while it read modprobe.d.
  public init() throws(Errno) { try self.init(moduleDirectory: nil, configuration: nil) }

  /// Opens libkmod on other directories: tests bring their own.
  init(moduleDirectory: String?, configuration: [String]?) throws(Errno) {
    context = try Self.open(moduleDirectory, configuration)
  }

  private static func open(_ moduleDirectory: String?, _ configuration: [String]?) throws(Errno) -> OpaquePointer {
    // A null pointer stands for the usual directories, and ends the list of others.
    var paths = (configuration ?? []).map { UnsafePointer<CChar>(strdup($0)) } + [nil]
    defer { for path in paths { free(UnsafeMutablePointer(mutating: path)) } }
    errno = 0
    let opened = configuration == nil ? kmod_new(moduleDirectory, nil) : kmod_new(moduleDirectory, &paths)
    guard let opened else { throw errno == 0 ? .noMemory : Errno(rawValue: errno) }
    // Every failure is returned; libkmod's own lines on standard error would come between ours.
    kmod_set_log_priority(opened, 0)
    // Keeps the indexes open between look-ups; a host without modules has none.
    let result = kmod_load_resources(opened)
    guard result >= 0 || result == -ENOENT else {
      kmod_unref(opened)
      throw Errno(rawValue: -result)
    }
    return opened
  }

  deinit { kmod_unref(context) }

  /// A module that a name or an alias leads to.
  struct FoundModule: Equatable {
    enum Presence: Equatable { case builtIn, live, comingOrGoing, notLoaded }

    var name: String
    var presence: Presence
    var path: String?
    /// Whether a `blacklist` line of modprobe.d or `modprobe.blacklist=` names it.
    var isDenyListed: Bool
    var installCommand: String?
  }

  /// The modules that a name or an alias stands for; none where there is no such module.
  ///
  /// - Throws: the error of `kmod_module_new_from_lookup(3)` or of the deny-list filter.
  func modules(named name: String) throws(Errno) -> [FoundModule] {
    let list = try lookUp(name)
    var allowed: OpaquePointer?
    try check(kmod_module_apply_filter(context, KMOD_FILTER_BLACKLIST, list.first, &allowed))
    let permitted = ModuleList(first: allowed)
    let permittedNames = permitted.map { Self.text(kmod_module_get_name($0)) }
    return list.map { module in
      let name = Self.text(kmod_module_get_name(module))
      return FoundModule(
        name: name ?? "", presence: Self.presence(of: module), path: Self.text(kmod_module_get_path(module)),
        isDenyListed: !permittedNames.contains(name),
        installCommand: Self.text(kmod_module_get_install_commands(module)))
    }
  }

  /// Loads a module with what it depends on, as `systemd-modules-load` does: modprobe.d is obeyed, its deny-list too.
  ///
  /// Idempotent. Needs `CAP_SYS_MODULE`. Of an alias every module is loaded, and the first that fails ends it; what was
  /// loaded before stays. An `install` command of modprobe.d is run by libkmod in a shell.
  ///
  /// - Throws: the error of the look-up; a load that fails is ``ModuleLoad/failed(_:dependency:)``.
  public func load(_ name: String) throws(Errno) -> ModuleLoad {
    let found = try modules(named: name)
    if let command = found.compactMap(\.installCommand).first(where: ModuleDenials.loadsNothing) {
      return .denied(by: "install \(name) \(command)")
    }
    let list = try lookUp(name)
    var outcome = ModuleLoad.notFound
    var hasEnded = false
    list.forEach { module in
      guard !hasEnded else { return }
      outcome = Self.insert(module)
      switch outcome {
      case .failed, .denied: hasEnded = true
      case .loaded, .alreadyLive, .builtIn, .notFound: break
      }
    }
    return outcome
  }

  /// Unloads a module that nothing uses, never by force (`kmod_module_remove_module(3)`); needs `CAP_SYS_MODULE`.
  ///
  /// - Throws: `EAGAIN` or `EBUSY` for a module in use, `ENOENT` for one that is not loaded, `EPERM`.
  public func unload(_ name: String) throws(Errno) {
    var module: OpaquePointer?
    try check(kmod_module_new_from_name(context, name, &module))
    defer { kmod_module_unref(module) }
    try check(kmod_module_remove_module(module, 0))
  }

  private func lookUp(_ name: String) throws(Errno) -> ModuleList {
    var first: OpaquePointer?
    let result = kmod_module_new_from_lookup(context, name, &first)
    // An index that is not there holds no module.
    if result == -ENOENT || result == -ENOSYS { return ModuleList(first: nil) }
    try check(result)
    return ModuleList(first: first)
  }

  private static func insert(_ module: OpaquePointer) -> ModuleLoad {
    switch presence(of: module) {
    case .builtIn: return .builtIn
    case .live: return .alreadyLive
    case .comingOrGoing, .notLoaded: break
    }
    let flags = KMOD_PROBE_APPLY_BLACKLIST.rawValue
    let result = kmod_module_probe_insert_module(module, flags, nil, nil, nil, nil)
    if result == 0 { return presence(of: module) == .live ? .loaded : .failed(.noSuchFileOrDirectory, dependency: nil) }
    // A positive result is the flag by which the module was held back.
    if result > 0 { return .denied(by: "blacklist \(text(kmod_module_get_name(module)) ?? "")") }
    // The kernel refuses what `module_blacklist=` names just as it refuses a caller without the capability.
    if result == -EPERM, let name = text(kmod_module_get_name(module)), let reason = commandLineDenials()[name] {
      return .denied(by: reason)
    }
    return .failed(Errno(rawValue: -result), dependency: firstNotLoaded(dependenciesOf: module))
  }

  /// libkmod loads what a module needs in the order of this list, and ends at the first that fails.
  private static func firstNotLoaded(dependenciesOf module: OpaquePointer) -> String? {
    let dependencies = ModuleList(first: kmod_module_get_dependencies(module))
    return dependencies.map { presence(of: $0) == .notLoaded ? text(kmod_module_get_name($0)) : nil }
      .compactMap(\.self).first
  }

  private static func commandLineDenials() -> ModuleDenials {
    var denials = ModuleDenials()
    if let commandLine = try? HostRoot.runningHost.contents("/proc/cmdline") { denials.add(commandLine: commandLine) }
    return denials
  }

  private static func presence(of module: OpaquePointer) -> FoundModule.Presence {
    let state = kmod_module_get_initstate(module)
    guard state >= 0 else { return .notLoaded }
    switch UInt32(state) {
    case KMOD_MODULE_BUILTIN.rawValue: return .builtIn
    case KMOD_MODULE_LIVE.rawValue: return .live
    // libkmod also says "coming" of a directory in /sys/module without a state, as what is compiled in has it.
    default: return kmod_module_get_path(module) == nil ? .builtIn : .comingOrGoing
    }
  }

  private static func text(_ pointer: UnsafePointer<CChar>?) -> String? { pointer.map { String(cString: $0) } }

  private func check(_ result: Int32) throws(Errno) {
    guard result >= 0 else { throw Errno(rawValue: -result) }
  }
}

/// What came of the loading of a module.
public enum ModuleLoad: Equatable, Sendable {
  /// Loaded now.
  case loaded
  /// It was there already.
  case alreadyLive
  /// Compiled into the kernel: nothing to load.
  case builtIn
  /// modprobe.d or the kernel command line forbids it; the text is what it says there.
  case denied(by: String)
  /// No module of that name for the running kernel.
  case notFound
  /// `EPERM` also where the kernel's lockdown forbids it; `ENOENT` where an `install` command succeeded and the module
  /// is not there. The dependency is the module at which it ended, where that is not the one asked for.
  case failed(Errno, dependency: String?)
}

/// A list of modules that libkmod gave us to free.
private struct ModuleList: ~Copyable {
  let first: OpaquePointer?

  deinit { kmod_module_unref_list(first) }

  func map<Value>(_ body: (OpaquePointer) -> Value) -> [Value] {
    var values: [Value] = []
    forEach { values.append(body($0)) }
    return values
  }

  func forEach(_ body: (OpaquePointer) -> Void) {
    var entry = first
    while let current = entry {
      // A reference of our own.
      if let module = kmod_module_get_module(current) {
        body(module)
        kmod_module_unref(module)
      }
      entry = kmod_list_next(first, current)
    }
  }
}
