/// Which distribution and kernel are enough, and which packages DPDK and its kernel modules are in:
/// `profiles/distributions.yml`.
public struct Requirements: Equatable, Sendable {
  /// A table of minima; which one is in force depends on the NICs (``Requirements/Table/inForce(_:on:)``).
  public enum Table: String, CaseIterable, Sendable {
    case base
    /// For the Microsoft Azure Network Adapter, which needs newer kernels.
    case mana
  }

  /// The least that is enough within one series of a distribution.
  public struct Minimum: Equatable, Sendable {
    /// `VERSION_ID`; its first number is the series.
    public var release: DottedNumber
    /// Nil where every kernel of that release is enough.
    public var kernel: KernelRelease?

    public init(release: DottedNumber, kernel: KernelRelease? = nil) {
      self.release = release
      self.kernel = kernel
    }
  }

  /// What we know of a distribution beyond its minimum.
  public struct DistributionNotes: Equatable, Sendable {
    /// As people write it: `Ubuntu`.
    public var name: String
    /// Whether a `VERSION_ID` of one number names a whole series (CentOS: "7") and not its first release (SLES: "15").
    public var bareRelease: BareRelease
    /// The command that brings the newest kernel of the distribution.
    public var update: String
    /// Package names by module name, then by the first series of releases that has the module there.
    public var modulePackages: [String: [Int: String]]
    /// What DPDK needs, in ascending order of release.
    public var packages: [PackageSet]

    public init(
      name: String, bareRelease: BareRelease = .first, update: String, modulePackages: [String: [Int: String]] = [:],
      packages: [PackageSet] = []
    ) {
      self.name = name
      self.bareRelease = bareRelease
      self.update = update
      self.modulePackages = modulePackages
      self.packages = packages
    }
  }

  public enum BareRelease: String, CaseIterable, Sendable { case first, series }

  /// By `ID` of os-release.
  public var distributions: [String: DistributionNotes]
  /// By table, then by `ID`; the minima of a distribution in ascending order of release.
  public var tables: [Table: [String: [Minimum]]]

  public init(distributions: [String: DistributionNotes] = [:], tables: [Table: [String: [Minimum]]] = [:]) {
    self.distributions = distributions
    self.tables = tables
  }

  /// The package that has the module on this distribution; nil where we do not know.
  public func package(of module: String, on distribution: Distribution?) -> String? {
    guard let distribution, let packages = distributions[distribution.id]?.modulePackages[module] else { return nil }
    let series = distribution.release.flatMap { DottedNumber($0) }?.series ?? .max
    return packages.filter { $0.key <= series }.max { $0.key < $1.key }?.value
  }

  /// The minimum for a host of this release: that of its series, or of the newest series before it.
  ///
  /// A host older than every series gets the oldest; nil where the distribution is not in the table.
  public func minimum(for release: DottedNumber?, of id: String, in table: Table) -> Minimum? {
    guard let minima = tables[table]?[id] else { return nil }
    guard let release else { return minima.first }
    return minima.last { $0.release.series <= release.series } ?? minima.first
  }
}
