/// One `librte_eal.so.ABI` on disk.
public struct EALLibrary: Codable, Equatable, Sendable {
  public var path: String
  /// The ABI version in the soname: `23`, or `20.0` in the days before 20.11.
  public var abi: String
  /// The release series that has this ABI (`22.11`); nil for an ABI that we do not know.
  public var release: String?

  public init(path: String, abi: String, release: String?) {
    self.path = path
    self.abi = abi
    self.release = release
  }
}

extension EALLibrary {
  /// The libraries among the names of one directory: one for each ABI, the newest first.
  ///
  /// `librte_eal.so.23` is the soname's link and `librte_eal.so.23.0` the file; the link is what a program loads, so
  /// its path is taken where both are there.
  public static func libraries(in names: [String], of directory: String) -> [EALLibrary] {
    var chosen: [String: String] = [:]
    for name in names {
      guard let abi = abi(ofFile: name) else { continue }
      if let other = chosen[abi], other.count <= name.count { continue }
      chosen[abi] = name
    }
    return chosen.map { EALLibrary(path: "\(directory)/\($1)", abi: $0, release: releases[$0]) }
      .sorted { ($0.version, $0.path) > ($1.version, $1.path) }
  }

  /// The ABI in the name of a library file; nil for the development link `librte_eal.so` and for other libraries.
  ///
  /// Source: DPDK's `ABI_VERSION` and `lib/meson.build`: since 20.11 the soname has the first number alone.
  public static func abi(ofFile name: String) -> String? {
    let prefix = "librte_eal.so."
    guard name.hasPrefix(prefix) else { return nil }
    let numbers = name.dropFirst(prefix.count).split(separator: ".", omittingEmptySubsequences: false)
    guard numbers.allSatisfy({ Int($0) != nil }), let first = numbers.first, let major = Int(first) else { return nil }
    return major >= 21 ? String(first) : numbers.prefix(2).joined(separator: ".")
  }

  /// The long-term release that brought each ABI; the short-term releases after it keep the ABI.
  private static let releases = [
    "20.0": "19.11", "21": "20.11", "22": "21.11", "23": "22.11", "24": "23.11", "25": "24.11", "26": "25.11",
  ]

  private var version: Int { Int(abi.prefix { $0 != "." }) ?? 0 }
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
}
