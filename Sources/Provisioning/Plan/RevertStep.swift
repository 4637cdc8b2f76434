/// One step back. Every step is idempotent, so that an interrupted `revert` is simply run again.
public enum RevertStep: Equatable, Sendable {
  case unloadModule(name: String)
  case unmount(target: String, pageSize: PageSize)
  /// Removes the directory if it is empty.
  case removeDirectory(path: String)
  /// Shrinks the pool to the size that it had before our first change, and what others added since.
  case restorePool(PoolRequest)
  /// Gives a device back to the driver that had it, and its interface its name and its link.
  case returnDevice(Binding)
  /// Sets a module's parameter to what it was; a module that is gone has none.
  case restoreParameter(module: String, parameter: String, value: String)
  /// Puts back what was at the path, or takes away what is there now.
  case restoreFile(path: String, before: SavedFile?)
  case restoreLink(path: String, before: String?)
  /// Takes our arguments out of the boot configuration: by the bytes of before where nobody changed it since, else by its
  /// own tool.
  ///
  /// - arguments: every list that was ours once: one that was cut short may have left the menu with that before it.
  case restoreBoot(BootRecord, arguments: [[String]])
}

extension RevertStep {
  /// Whether this step, made, settles the effect: then its line in the journal has done its duty.
  public func settles(_ effect: Effect) -> Bool {
    switch (self, effect) {
    case (.unloadModule(let name), .module(let other)): name == other
    case (.unmount(let target, _), .mount(let other, _)): target == other
    case (.removeDirectory(let path), .directory(let other)): path == other
    case (.restorePool(let request), .hugepages(let node, let pageSize, _, _)):
      request.node == node && request.pageSize == pageSize
    case (.returnDevice(let binding), .binding(let other)): binding.isSameDevice(as: other)
    case (.restoreParameter(let module, let parameter, _), .moduleParameter(let otherModule, let otherParameter, _)):
      module == otherModule && parameter == otherParameter
    case (.restoreFile(let path, _), .file(let other, _)): path == other
    case (.restoreLink(let path, _), .link(let other, _)): path == other
    case (.restoreBoot, .boot): true
    default: false
    }
  }
}

extension RevertStep {
  /// Whether this step must wait until another was made: a directory for the mounts in it, and every module for every
  /// device, as a driver that goes lets go of its devices.
  public func needs(_ other: RevertStep) -> Bool {
    switch (self, other) {
    case (.removeDirectory(let path), .unmount(let target, _)): target == path || target.hasPrefix(path + "/")
    case (.removeDirectory(let path), .restoreFile(let file, _)),
      (.removeDirectory(let path), .restoreLink(let file, _)):
      file.hasPrefix(path + "/")
    case (.unloadModule, .returnDevice): true
    default: false
    }
  }
}
