/// What a host should be: nouns only, read from a YAML file of `profiles/` or of the user's.
public struct Profile: Equatable, Sendable {
  /// The profile's own name; the source it was read from where it has none.
  public var name: String
  /// At most one entry a page size.
  public var hugepages: [Hugepages]
  public var modules: Modules
  public var interfaces: Interfaces
  public var boot: Boot
  public var verification: Verification

  public init(
    name: String, hugepages: [Hugepages] = [], modules: Modules = .listed([]), interfaces: Interfaces = Interfaces(),
    boot: Boot = Boot(), verification: Verification = Verification()
  ) {
    self.name = name
    self.hugepages = hugepages
    self.modules = modules
    self.interfaces = interfaces
    self.boot = boot
    self.verification = verification
  }

  /// Which kernel modules the host needs.
  public enum Modules: Equatable, Sendable {
    /// By the NICs that are there and the distribution: ``wantedModules(_:on:)``.
    case auto
    case listed([String])
  }

  /// What the kernel command line should carry.
  public struct Boot: Equatable, Sendable {
    public enum Arguments: String, CaseIterable, Sendable {
      /// The hugepages of the profile, so that they are there before memory is fragmented.
      case auto
      case none
    }

    public var arguments: Arguments
    /// CPU numbers in ascending order, each once; empty for `none`.
    public var isolatedCPUs: [Int]

    public init(arguments: Arguments = .none, isolatedCPUs: [Int] = []) {
      self.arguments = arguments
      self.isolatedCPUs = isolatedCPUs
    }
  }
}
