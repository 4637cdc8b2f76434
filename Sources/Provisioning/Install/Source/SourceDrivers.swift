/// The drivers that a build from source is asked for, and whether it has them: `net/mlx5`, `bus/vmbus`.
public enum SourceDrivers {
  /// What is always asked for: the PMDs of Azure's NICs, the buses and pools below them, and the virtual devices that a
  /// host is verified with; each from the release on that brought it.
  ///
  /// - Parameter extra: others that the user wants.
  public static func asked(of release: DottedNumber, extra: [String] = []) -> [String] {
    let asked = since.filter { release >= DottedNumber(numbers: $0.since) }.map(\.driver)
    return (asked + extra).uniqued().sorted()
  }

  private static let since: [(driver: String, since: [Int])] = [
    ("bus/pci", [0]), ("bus/vdev", [0]), ("bus/vmbus", [0]), ("mempool/ring", [0]), ("net/af_packet", [0]),
    ("net/failsafe", [0]), ("net/mlx4", [0]), ("net/mlx5", [0]), ("net/netvsc", [0]), ("net/null", [0]),
    ("net/ring", [0]), ("net/tap", [0]), ("net/vdev_netvsc", [0]), ("net/memif", [19, 8]), ("common/mlx5", [20, 2]),
    ("bus/auxiliary", [21, 8]), ("net/mana", [22, 11]),
  ]

  /// Whether a profile says which drivers it needs; with VFIO the NIC can be anybody's.
  public static func areKnown(for profile: Profile) -> Bool { profile.interfaces.pmd != .vfio }

  /// What the tree itself is without.
  public static func missing(_ asked: [String], in tree: SourceTree) -> [Finding] {
    asked.filter { !tree.drivers.contains($0) }.map {
      .driverNotBuilt($0, "the tree of DPDK \(tree.version) has no such driver", remedy: "take a tree that has it")
    }
  }

  /// What `meson setup` said that it leaves out, before anything is compiled.
  ///
  /// Source: DPDK's `meson.build`, "Content Skipped": `net/mlx4:` and the reason.
  public static func missing(_ asked: [String], inSetup lines: [String]) -> [Finding] {
    var reasons: [String: String] = [:]
    for line in lines {
      let parts = line.trimmingBlanks.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, parts[0].contains("/"), !parts[0].contains(" ") else { continue }
      reasons[String(parts[0])] = String(parts[1].trimmingBlanks)
    }
    return asked.compactMap { driver in
      reasons[driver].map { .driverNotBuilt(driver, "cannot be built here: \($0)", remedy: buildPackages) }
    }
  }

  /// What came out without.
  ///
  /// - Parameter names: of the files that were built.
  public static func missing(_ asked: [String], inFiles names: Set<String>) -> [Finding] {
    let built = Set(
      names.compactMap { name in
        name.firstRange(of: ".so.").map { String(name[..<$0.lowerBound]) }
      })
    return asked.compactMap { driver in
      let parts = driver.split(separator: "/")
      let stem = parts.joined(separator: "_")
      guard !built.contains("librte_\(stem)") else { return nil }
      // By make, and up to 20.08.
      if parts[0] == "net", built.contains("librte_pmd_\(parts[1])") { return nil }
      return .driverNotBuilt(driver, "no 'librte_\(stem).so' came out of the build", remedy: buildPackages)
    }
  }

  private static let buildPackages =
    "'sudo dpdk-host install --build-packages' brings what it is built with; where the distribution is without, "
    + "--waive dpdk.driverMissing builds the rest"
}

extension Finding {
  fileprivate static func driverNotBuilt(_ driver: String, _ message: String, remedy: String) -> Finding {
    Finding("dpdk.driverMissing", .blocker, subject: driver, message: message, remedy: remedy)
  }
}
