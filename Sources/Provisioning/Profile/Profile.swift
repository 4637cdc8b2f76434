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

  /// What of this should be there after the next boot.
  public struct Boot: Equatable, Sendable {
    public enum Arguments: String, CaseIterable, Sendable {
      /// The hugepages of the profile, so that they are there before memory is fragmented.
      case auto
      case none
    }

    public enum Units: String, CaseIterable, Sendable {
      /// Units of systemd that do again after each boot what a boot undoes, and look for drift.
      case auto
      /// What `apply` does ends with the boot.
      case none
    }

    public var arguments: Arguments
    public var units: Units
    /// CPU numbers in ascending order, each once; empty for `none`.
    public var isolatedCPUs: [Int]

    /// Whether anything is asked of the kernel command line.
    public var wantsArguments: Bool { arguments == .auto || !isolatedCPUs.isEmpty }

    public init(arguments: Arguments = .none, units: Units = .auto, isolatedCPUs: [Int] = []) {
      self.arguments = arguments
      self.units = units
      self.isolatedCPUs = isolatedCPUs
    }
  }
}
