/// Whether the DPDK that is installed, and the rdma-core below its PMDs, are as new as the data ports need.
func planDPDKVersions(_ profile: Profile, _ plan: InterfacePlan, on facts: HostFacts) -> [Finding] {
  var findings: [Finding] = []
  if let release = facts.dpdk.release, let minimum = leastRelease(for: profile, plan), release < minimum.release {
    findings.append(
      Finding(
        "dpdk.tooOld", .warning, subject: "DPDK \(release)",
        message: "requires \(minimum.release) for \(minimum.pmd), is \(release)",
        remedy: "install a newer DPDK: that of a newer release of the distribution, or one from source"))
  }
  guard let version = facts.dpdk.rdmaCore, let rdmaCore = DottedNumber(version) else { return findings }
  // Several generations of ConnectX have one PMD.
  let needs = plan.generations.filter { rdmaCore.series < $0.leastRDMACore }
  for (pmd, least) in Dictionary(needs.map { ($0.pmd, $0.leastRDMACore) }, uniquingKeysWith: max).sorted(by: <) {
    findings.append(
      Finding(
        "dpdk.tooOld", .warning, subject: "rdma-core \(version)",
        message: "requires \(least) for \(pmd), is \(version)",
        remedy: "install a newer rdma-core: that of a newer release of the distribution, or one from source"))
  }
  return findings
}

/// Source: Microsoft's pages; the failsafe PMD came with 17.08, and is asked for from 18.11 on.
private func leastRelease(for profile: Profile, _ plan: InterfacePlan) -> (pmd: String, release: DottedNumber)? {
  let isVirtual = profile.interfaces.data == .none
  switch isVirtual ? DataPMD(profile.interfaces.pmd) : DataPMD(profile.interfaces.pmd) ?? plan.pmd {
  case .failsafe: return ("net_failsafe", DottedNumber(numbers: [18, 11]))
  case .netvsc where !isVirtual: return ("net_netvsc", DottedNumber(numbers: [22, 11]))
  case .mana where !isVirtual: return ("net_mana", DottedNumber(numbers: [22, 11]))
  case .netvsc, .mana, .bifurcated, .vfio, nil: return nil
  }
}

extension NICGeneration {
  /// The first release of rdma-core that the PMD works with.
  ///
  /// Source: DPDK's guides of mlx4, mlx5 and mana.
  fileprivate var leastRDMACore: Int {
    switch self {
    case .connectX3: 15
    case .connectX4, .connectX4Lx, .connectX5, .laterConnectX: 16
    case .mana: 44
    }
  }
}

/// Whether the packet engine that is beside this program was built for the DPDK that is installed.
func planEngineABI(on facts: HostFacts) -> [Finding] {
  guard let wanted = facts.dpdk.engineABI, !facts.dpdk.libraries.contains(where: { $0.abi == wanted }) else {
    return []
  }
  let installed = facts.dpdk.libraries.map { EALLibrary.title(ofABI: $0.abi) }.joined(separator: ", ")
  return [
    Finding(
      "dpdk.abiMismatch", .warning, subject: "dpdk-host-engine",
      message: "was built for \(EALLibrary.title(ofABI: wanted)), installed is \(installed)",
      remedy: "build it on this host ('make'), or use the bundle, which carries a DPDK of its own")
  ]
}
