/// The kernel modules that the profile wants on this host, in the order in which they are to be loaded.
///
/// A list is taken as it is. `auto` is what each NIC generation that is there needs below its PMD, or `ib_uverbs` alone while
/// every VF is away, and what the master PMD needs; nothing where the profile has no NIC at all (`data: none`).
public func wantedModules(_ profile: Profile, on facts: HostFacts) -> [String] {
  switch profile.modules {
  case .listed(let names): return names
  case .auto:
    guard profile.interfaces.data != .none else { return [] }
    let generations = Set(facts.devices.compactMap(\.generation))
    var names = NICGeneration.allCases.filter { generations.contains($0) }.flatMap(\.modules)
    let pmd = DataPMD(profile.interfaces.pmd) ?? planInterfaces(profile, on: facts).pmd
    if names.isEmpty, pmd != .vfio { names = ["ib_uverbs"] }
    // Microsoft's page loads it on SLES 15 whatever the NIC.
    if facts.distribution?.id == "sles", facts.distribution?.release.flatMap({ DottedNumber($0) })?.series == 15 {
      names.append("mlx4_ib")
    }
    names += pmd?.modules ?? []
    return names.uniqued()
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
    let pmds = DataPMD(profile.interfaces.pmd).map { [$0] } ?? DataPMD.allCases
    scope.modules = (NICGeneration.allCases.flatMap(\.modules) + pmds.flatMap(\.modules)).uniqued()
  }
  scope.files = lastingPaths(for: profile)
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
    modules: (NICGeneration.allCases.flatMap(\.modules) + DataPMD.allCases.flatMap(\.modules)).uniqued())
}

extension DataPMD {
  /// What the profile names; nil for `auto`, which the devices decide.
  init?(_ wanted: Profile.Interfaces.PMD) {
    switch wanted {
    case .auto: return nil
    case .failsafe: self = .failsafe
    case .netvsc: self = .netvsc
    case .mana: self = .mana
    case .vfio: self = .vfio
    }
  }

  /// The kernel modules that the master PMD needs besides those of the NIC.
  ///
  /// The failsafe PMD's TAP sends by a queueing discipline of its own and gets its packets by a redirecting filter; where one
  /// of these is missing it does not come up, and says so only deep in its log.
  var modules: [String] {
    switch self {
    case .failsafe: ["tun", "sch_multiq", "sch_ingress", "cls_flower", "act_mirred"]
    case .netvsc, .mana: ["uio", "uio_hv_generic"]
    case .vfio: ["vfio_pci"]
    case .bifurcated: []
    }
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
