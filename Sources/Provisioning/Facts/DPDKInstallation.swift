/// The DPDK that is installed, by the files that are there: libraries, drivers, and what Mellanox and MANA PMDs need.
public struct DPDKInstallation: Codable, Equatable, Sendable {
  /// Every `librte_eal` found, the loader's first choice first.
  public var libraries: [EALLibrary]
  /// `Version` of `libdpdk.pc`, where development files are installed: `22.11.11`.
  public var developmentVersion: String?
  /// Network PMDs that are really there, without `librte_` and suffix: `net_failsafe`, `net_mlx5`.
  public var networkDrivers: [String]
  /// The path of `libibverbs.so.1`, which the Mellanox and MANA PMDs open.
  public var libibverbs: String?
  /// Provider libraries of libibverbs: `mlx4`, `mlx5`, `mana`.
  public var verbsProviders: [String]

  public init(
    libraries: [EALLibrary] = [], developmentVersion: String? = nil, networkDrivers: [String] = [],
    libibverbs: String? = nil, verbsProviders: [String] = []
  ) {
    self.libraries = libraries
    self.developmentVersion = developmentVersion
    self.networkDrivers = networkDrivers
    self.libibverbs = libibverbs
    self.verbsProviders = verbsProviders
  }
}
