import Provisioning
import SystemPackage

extension FactReader {
  /// The modules of the scope, in its order: by libkmod on the running host, by the indexes of an image.
  mutating func modules(_ names: [String], of kernel: KernelFacts) -> [KernelModule] {
    guard !names.isEmpty else { return [] }
    if root.isRunningHost {
      do {
        let kmod = try KmodContext()
        return runningModules(names, kmod, commandLine: kernel.commandLine)
      } catch {
        record("/lib/modules", "libkmod: \(error)")
      }
    }
    return indexedModules(names, of: kernel)
  }

  // MARK: The running host

  private mutating func runningModules(
    _ names: [String], _ kmod: borrowing KmodContext, commandLine: String?
  ) -> [KernelModule] {
    var denials = ModuleDenials()
    if let commandLine { denials.add(commandLine: commandLine) }
    var hasReadConfiguration = false
    var modules: [KernelModule] = []
    for name in names {
      var module = KernelModule(name: name, state: .absent)
      do {
        let canonical = KernelModule.canonicalName(name)
        let found = try kmod.modules(named: name)
        let match = found.first { $0.name == canonical } ?? found.first
        let path = match?.path.flatMap { status($0) == nil ? nil : $0 }
        module.path = path
        switch match?.presence {
        case .builtIn?: module.state = .builtIn
        case .live?: module.state = .live
        default: module.state = path != nil ? .loadable : stateInKernel(match?.name ?? canonical)
        }
        if let match, match.isDenyListed || match.installCommand.map(ModuleDenials.loadsNothing) == true {
          // libkmod does not tell which file says so.
          if !hasReadConfiguration { addConfiguration(to: &denials) }
          hasReadConfiguration = true
          module.deniedBy = denials[match.name] ?? "modprobe.d"
        } else {
          module.deniedBy = denials[match?.name ?? name]
        }
      } catch {
        record("/lib/modules", "libkmod: module '\(name)': \(error)")
      }
      modules.append(module)
    }
    return modules
  }

  /// What `/sys/module` says of a module without a file: one that is compiled in has no `initstate`.
  private mutating func stateInKernel(_ name: String) -> KernelModule.State {
    let directory = "/sys/module/\(name)"
    guard status(directory) != nil else { return .absent }
    guard let state = line("\(directory)/initstate") else { return .builtIn }
    return state == "live" ? .live : .absent
  }

  // MARK: An image

  /// A module must be there for every kernel that could run: its state is that of the kernel that has least of it.
  private mutating func indexedModules(_ names: [String], of kernel: KernelFacts) -> [KernelModule] {
    let kernels = kernel.running.map { [$0] } ?? kernel.installed
    let indexes = kernels.map { moduleIndex(ofKernel: $0) }
    var denials = ModuleDenials()
    if let commandLine = kernel.commandLine { denials.add(commandLine: commandLine) }
    addConfiguration(to: &denials)
    return names.map { name in
      let canonical = KernelModule.canonicalName(name)
      var module = KernelModule(name: name, state: .absent, deniedBy: denials[name])
      if kernel.running != nil { module.state = stateInKernel(canonical) }
      let files = indexes.map { file(of: canonical, in: $0) }
      let isBuiltIn = indexes.map { $0.index.builtIn.contains(canonical) }
      module.path = files.last ?? nil
      if module.state == .absent, !indexes.isEmpty, zip(files, isBuiltIn).allSatisfy({ $0 != nil || $1 }) {
        module.state = isBuiltIn.allSatisfy { $0 } ? .builtIn : .loadable
      }
      if module.state == .absent { module.path = nil }
      return module
    }
  }

  private mutating func moduleIndex(ofKernel kernel: String) -> (directory: String, index: ModuleIndex) {
    let directory =
      ["/lib/modules/\(kernel)", "/usr/lib/modules/\(kernel)"].first { status("\($0)/modules.dep") != nil }
      ?? "/lib/modules/\(kernel)"
    let index = ModuleIndex(
      dependencies: text("\(directory)/modules.dep") ?? "", builtIn: text("\(directory)/modules.builtin") ?? "")
    return (directory, index)
  }

  private mutating func file(of module: String, in modules: (directory: String, index: ModuleIndex)) -> String? {
    guard let file = modules.index.files[module] else { return nil }
    let path = file.hasPrefix("/") ? file : "\(modules.directory)/\(file)"
    return status(path) == nil ? nil : path
  }

  /// Source: `modprobe.d(5)`; `/usr/lib` and `/lib` are one directory on most hosts, and harmless twice.
  private mutating func addConfiguration(to denials: inout ModuleDenials) {
    let directories = ["/etc", "/run", "/usr/local/lib", "/usr/lib", "/lib"].map { "\($0)/modprobe.d" }
    let listings = directories.map { (directory: $0, names: entries($0) ?? []) }
    for path in ModuleDenials.files(in: listings) {
      if let text = text(path) { denials.add(modprobe: text, path: path) }
    }
  }
}
