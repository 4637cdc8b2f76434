/// The kernel modules that the profile wants on this host, in the order in which they are to be loaded.
///
/// A list is taken as it is. `auto` is `ib_uverbs`, the InfiniBand driver of each NIC generation that is there, and what
/// the PMD needs; nothing where the profile has no NIC at all (`data: none`).
public func wantedModules(_ profile: Profile, on facts: HostFacts) -> [String] {
  switch profile.modules {
  case .listed(let names): return names
  case .auto:
    guard profile.interfaces.data != .none else { return [] }
    var drivers = Set(facts.devices.compactMap { $0.pciID.flatMap { verbsModules[$0] } })
    // Microsoft's page loads it on SLES 15 whatever the NIC.
    if facts.distribution?.id == "sles", facts.distribution?.release.flatMap({ DottedNumber($0) })?.series == 15 {
      drivers.insert("mlx4_ib")
    }
    return ["ib_uverbs"] + drivers.sorted() + pmdModules(profile.interfaces.pmd)
  }
}

/// What gathering must look at for this profile: every module that could be wanted, the mount points with all their
/// ancestors, and the accounts that own them.
public func gatherScope(for profile: Profile) -> GatherScope {
  var scope = GatherScope()
  switch profile.modules {
  case .listed(let names): scope.modules = names
  case .auto where profile.interfaces.data == .none: break
  case .auto:
    scope.modules = ["ib_uverbs"] + Set(verbsModules.values).sorted() + pmdModules(profile.interfaces.pmd)
  }
  for mount in profile.hugepages.compactMap(\.mount) {
    scope.paths += pathWithAncestors(mount.path).filter { !scope.paths.contains($0) }
    if case .name(let name)? = mount.owner, !scope.users.contains(name) { scope.users.append(name) }
    if case .name(let name)? = mount.group, !scope.groups.contains(name) { scope.groups.append(name) }
  }
  return scope
}

extension GatherScope {
  /// For a look at a host without a profile: every module that some profile could want.
  public static let anyProfile = GatherScope(
    modules: ["ib_uverbs"] + Set(verbsModules.values).sorted()
      + Set(Profile.Interfaces.PMD.allCases.flatMap(pmdModules)).sorted())
}

/// The InfiniBand driver of each NIC that Azure has, by PCI `vendor:device`.
private let verbsModules = [
  "15b3:1003": "mlx4_ib",  // ConnectX-3
  "15b3:1004": "mlx4_ib",  // ConnectX-3 VF
  "15b3:1014": "mlx5_ib",  // ConnectX-4 VF
  "15b3:1016": "mlx5_ib",  // ConnectX-4 Lx VF
  "15b3:1018": "mlx5_ib",  // ConnectX-5 VF
  "15b3:101a": "mlx5_ib",  // ConnectX-5 Ex VF
  "1414:00ba": "mana_ib",  // Microsoft Azure Network Adapter
]

/// What a PMD needs besides: the netvsc PMD takes its device from `uio_hv_generic`, others from `vfio_pci`.
private func pmdModules(_ pmd: Profile.Interfaces.PMD) -> [String] {
  switch pmd {
  case .netvsc: ["uio_hv_generic"]
  case .vfio: ["vfio_pci"]
  case .auto, .failsafe, .mana: []
  }
}

/// `/`, `/mnt`, `/mnt/huge` for `/mnt/huge`: the order in which they would be made.
private func pathWithAncestors(_ path: String) -> [String] {
  var paths = ["/"]
  for component in path.split(separator: "/") {
    paths.append(paths.count == 1 ? "/\(component)" : "\(paths[paths.count - 1])/\(component)")
  }
  return paths
}
