/// Whether the DPDK that is installed has what the profile's ports need: drivers, and what the drivers themselves need.
///
/// Warnings, not blockers: a host can be made ready before DPDK is installed, or for a program that brings its own.
/// `verify` needs them, and blocks on them (``verificationFindings(_:_:isApplied:on:waiving:)``).
///
/// - Parameter isInstalled: `install` has brought what packages can bring, and is no remedy any more.
public func planDPDK(_ profile: Profile, on facts: HostFacts, afterInstall isInstalled: Bool = false) -> [Finding] {
  guard let library = facts.dpdk.libraries.first else {
    return [
      Finding(
        "dpdk.absent", .warning, subject: "DPDK", message: "no 'librte_eal' is installed",
        remedy: isInstalled
          ? "one from source is needed, see 'dpdk-host install --help'"
          : "run 'sudo dpdk-host install', or verification is not possible")
    ]
  }
  let plan = profile.interfaces.data == .none ? InterfacePlan() : planInterfaces(profile, on: facts)
  var findings = networkDrivers(for: profile, plan).filter { !facts.dpdk.networkDrivers.contains($0) }.map {
    Finding(
      "dpdk.driverMissing", .warning, subject: $0,
      message:
        "\(facts.dpdk.hostHasOwn == nil ? "the installed" : "the bundle's") DPDK \(library.release ?? "with ABI \(library.abi)") has no such driver",
      remedy: isInstalled
        ? "this distribution's DPDK is without: one from source is needed, see 'dpdk-host install --help'"
        : "run 'sudo dpdk-host install'; where that does not bring it, this distribution's DPDK is without, "
          + "and one from source is needed")
  }
  findings += planDPDKVersions(profile, plan, on: facts) + planEngineABI(on: facts)
  let generations = plan.generations
  if !generations.isEmpty, facts.dpdk.libibverbs == nil {
    findings.append(
      Finding(
        "dpdk.driverMissing", .warning, subject: "libibverbs.so.1",
        message: "is not installed, and \(generations.map(\.pmd).joined(separator: ", ")) opens it",
        remedy: "install the package that has it: libibverbs1, or libibverbs"))
  } else {
    let providers = Set(generations.map(\.verbsProvider)).subtracting(facts.dpdk.verbsProviders).sorted()
    findings += providers.map {
      Finding(
        "dpdk.driverMissing", .warning, subject: "lib\($0)", message: "libibverbs has no provider for this NIC",
        remedy: "install the package that has it: ibverbs-providers, or libibverbs")
    }
  }
  return facts.dpdk.hostHasOwn.map { carriedDPDK(findings, hostHasOwn: $0) } ?? findings
}

/// What a bundle lacks no package of the host adds to it; what the host lacks the bundle carries.
private func carriedDPDK(_ findings: [Finding], hostHasOwn: Bool) -> [Finding] {
  var findings = findings
  for index in findings.indices {
    findings[index].remedy =
      "use a bundle that was made where DPDK and rdma-core have it, or dpdk-host's packages and the distribution's DPDK"
  }
  if !hostHasOwn {
    findings.append(
      Finding(
        "dpdk.absent", .info, subject: "DPDK", message: "no 'librte_eal' is installed, and the bundle's is used",
        remedy: "nothing is to be done, unless other programs need DPDK"))
  }
  return findings
}

extension InterfacePlan {
  /// Of the NICs below the data ports, each once.
  var generations: [NICGeneration] {
    NICGeneration.allCases.filter { generation in data.contains { $0.interface.generation == generation } }
  }
}

/// The PMDs that a verification of this profile goes through, outermost first.
private func networkDrivers(for profile: Profile, _ plan: InterfacePlan) -> [String] {
  let below = plan.generations.map(\.pmd)
  if profile.interfaces.data == .none {
    return profile.interfaces.pmd == .failsafe ? ["net_failsafe", "net_memif"] : ["net_memif"]
  }
  switch DataPMD(profile.interfaces.pmd) ?? plan.pmd {
  case .failsafe: return ["net_failsafe", "net_vdev_netvsc", "net_tap"] + below
  case .netvsc: return ["net_netvsc"] + below
  case .mana where plan.data.contains { !$0.interface.isNETVSC }: return ["net_mana"]
  case .mana: return ["net_netvsc", "net_mana"]
  case .bifurcated: return below
  case .vfio, nil: return []
  }
}
