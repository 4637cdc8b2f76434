/// The DPDK that is installed, by the files that are there: libraries, drivers, and what Mellanox and MANA PMDs need.
public struct DPDKInstallation: Codable, Equatable, Sendable {
  /// Every `librte_eal` found, the loader's first choice first.
  public var libraries: [EALLibrary]
  /// `Version` of `libdpdk.pc`, where development files are installed: `22.11.11`.
  public var developmentVersion: String?
  /// Network PMDs that are really there, without `librte_` and suffix: `net_failsafe`, `net_mlx5`.
  public var networkDrivers: [String]
  /// The path of `dpdk-testpmd`, or of `testpmd` as it was called before; nil where neither is installed.
  public var testpmd: String?
  /// The path of `libibverbs.so.1`, which the Mellanox and MANA PMDs open.
  public var libibverbs: String?
  /// Provider libraries of libibverbs: `mlx4`, `mlx5`, `mana`.
  public var verbsProviders: [String]
  /// Where all of this is a bundle's own: whether the host has a DPDK as well. Nil where it is the host's.
  public var hostHasOwn: Bool?
  /// The release of rdma-core that `libibverbs.so.1` is of: `44.0`; nil where its file does not say.
  public var rdmaCore: String?
  /// The ABI of `librte_eal` that the packet engine beside this program was built for; nil where there is
  /// no engine, or a bundle carries it with what it was built for.
  public var engineABI: String?

  public init(
    libraries: [EALLibrary] = [], developmentVersion: String? = nil, networkDrivers: [String] = [],
    testpmd: String? = nil, libibverbs: String? = nil, verbsProviders: [String] = [], hostHasOwn: Bool? = nil,
    rdmaCore: String? = nil, engineABI: String? = nil
  ) {
    self.libraries = libraries
    self.developmentVersion = developmentVersion
    self.networkDrivers = networkDrivers
    self.testpmd = testpmd
    self.libibverbs = libibverbs
    self.verbsProviders = verbsProviders
    self.hostHasOwn = hostHasOwn
    self.rdmaCore = rdmaCore
    self.engineABI = engineABI
  }
}

extension DPDKInstallation {
  /// `Version:` of a pkg-config file.
  ///
  /// Source: `pc(5)`.
  public static func version(ofPackage text: String) -> String? {
    for line in text.split(separator: "\n") where line.hasPrefix("Version:") {
      let version = line.dropFirst("Version:".count).trimmingBlanks
      return version.isEmpty ? nil : String(version)
    }
    return nil
  }

  /// The network PMD in a library file: `librte_net_mlx5.so.23` gives `net_mlx5`; nil for other libraries.
  ///
  /// Up to 20.08 the file was `librte_pmd_mlx5.so.20.0`, a name that crypto and event drivers had as well: of those
  /// only the network drivers listed here are known.
  public static func networkDriver(ofFile name: String) -> String? {
    let isDriver = name.hasPrefix("librte_net_")
    guard isDriver || name.hasPrefix("librte_pmd_") else { return nil }
    let parts = name.utf8.split(separator: UInt8(ascii: "."), maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count >= 2, parts[1].elementsEqual("so".utf8), let driver = String(parts[0].dropFirst(11)) else {
      return nil
    }
    return isDriver || formerNetworkDrivers.contains(driver) ? "net_\(driver)" : nil
  }

  private static let formerNetworkDrivers: Set<String> = [
    "af_packet", "af_xdp", "bond", "e1000", "ena", "failsafe", "i40e", "iavf", "ice", "ixgbe", "memif", "mlx4", "mlx5",
    "netvsc", "null", "pcap", "ring", "tap", "vdev_netvsc", "vhost", "virtio",
  ]

  /// The provider in a library of libibverbs: `libmlx5-rdmav34.so` and `libmlx5.so.1` give `mlx5`.
  public static func verbsProvider(ofFile name: String) -> String? {
    guard name.hasPrefix("lib") else { return nil }
    let parts = name.dropFirst(3).split(separator: "-", omittingEmptySubsequences: false)
    if parts.count == 2, parts[1].hasPrefix("rdmav"), parts[1].hasSuffix(".so") { return String(parts[0]) }
    return ["mlx4", "mlx5", "mana"].first { name == "lib\($0).so.1" }
  }

  /// The release of rdma-core in what `libibverbs.so.1` leads to: `libibverbs.so.1.14.44.0` gives `44.0`.
  ///
  /// Source: rdma-core's `CMakeLists.txt`: the ABI's two numbers, then the package's.
  public static func rdmaCore(ofFile name: String) -> String? {
    let prefix = "libibverbs.so."
    guard name.hasPrefix(prefix), let numbers = DottedNumber(name.dropFirst(prefix.count)), numbers.numbers.count >= 3
    else { return nil }
    return numbers.numbers.dropFirst(2).map(String.init).joined(separator: ".")
  }
}
