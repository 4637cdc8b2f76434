/// A kernel module by name, and what it would take to have it.
public struct KernelModule: Codable, Equatable, Sendable {
  /// Where the module is.
  public enum State: String, Codable, Sendable {
    /// Loaded and initialised.
    case live
    /// Compiled into the running kernel.
    case builtIn
    /// A file for the kernel exists, compressed or not.
    case loadable
    /// Neither in the kernel nor on disk.
    case absent
  }

  public var name: String
  public var state: State
  /// The module file, where there is one.
  public var path: String?
  /// What forbids loading it: a `blacklist` or `install` line of modprobe.d, or `module_blacklist=`; nil when nothing does.
  public var deniedBy: String?

  public init(name: String, state: State, path: String? = nil, deniedBy: String? = nil) {
    self.name = name
    self.state = state
    self.path = path
    self.deniedBy = deniedBy
  }
}
