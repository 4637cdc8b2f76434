/// The NICs of Azure's hosts by their generation, and their successors: what drives them in the kernel and in DPDK.
///
/// All of them are bifurcated: the kernel's driver stays bound while DPDK moves packets through libibverbs.
public enum NICGeneration: String, Codable, CaseIterable, Sendable {
  case connectX3 = "ConnectX-3"
  case connectX4 = "ConnectX-4"
  case connectX4Lx = "ConnectX-4 Lx"
  case connectX5 = "ConnectX-5"
  /// 6, 6 Lx, 6 Dx, 7 and whatever else `mlx5_core` drives.
  case laterConnectX = "ConnectX-6 or later"
  case mana = "MANA"

  /// By PCI `vendor:device`, physical and virtual functions; nil for every other NIC.
  ///
  /// Source: `pci.ids`, `mlx4_pci_table`, `mlx5_core_pci_table`, `mana_id_table` of the kernel.
  public init?(pciID: String) {
    switch pciID {
    case "15b3:1003", "15b3:1004", "15b3:1007": self = .connectX3
    case "15b3:1013", "15b3:1014": self = .connectX4
    case "15b3:1015", "15b3:1016": self = .connectX4Lx
    case "15b3:1017", "15b3:1018", "15b3:1019", "15b3:101a": self = .connectX5
    case "1414:00ba", "1414:00b9": self = .mana
    default: return nil
    }
  }

  /// The kernel modules that must stay loaded below DPDK's PMD, in the order in which they are loaded.
  ///
  /// Source: DPDK's guides of the PMDs mlx4, mlx5 and mana.
  public var modules: [String] {
    switch self {
    case .connectX3: ["mlx4_core", "mlx4_en", "mlx4_ib", "ib_uverbs"]
    case .connectX4, .connectX4Lx, .connectX5, .laterConnectX: ["mlx5_core", "mlx5_ib", "ib_uverbs"]
    case .mana: ["mana", "mana_ib", "ib_uverbs"]
    }
  }

  /// DPDK's PMD for the function, as its library is called.
  public var pmd: String {
    switch self {
    case .connectX3: "net_mlx4"
    case .connectX4, .connectX4Lx, .connectX5, .laterConnectX: "net_mlx5"
    case .mana: "net_mana"
    }
  }

  /// What a port calls its driver (`rte_eth_dev_info.driver_name`): mlx5's has a name of its own since DPDK 20.08.
  public var portDrivers: Set<String> {
    switch self {
    case .connectX3: ["net_mlx4"]
    case .connectX4, .connectX4Lx, .connectX5, .laterConnectX: ["mlx5_pci", "net_mlx5"]
    case .mana: ["net_mana"]
    }
  }

  /// The library of libibverbs that the PMD needs.
  public var verbsProvider: String { String(pmd.dropFirst(4)) }
}

extension NetworkDevice {
  /// By its identifier, or else by the kernel's driver; nil for a NIC that does not share its function with DPDK.
  public var generation: NICGeneration? {
    if let known = pciID.flatMap({ NICGeneration(pciID: $0) }) { return known }
    switch driver {
    case "mlx4_core": return .connectX3
    case "mlx5_core": return .laterConnectX
    case "mana": return .mana
    default: return nil
    }
  }
}
