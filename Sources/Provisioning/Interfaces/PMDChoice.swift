/// What drives the data ports, why, and what is wrong with the profile's wish.
struct PMDChoice {
  var pmd: DataPMD?
  var reason: String
  var findings: [Finding] = []
}

/// Chooses the PMD of all data ports; one that would reach beyond them is a blocker, and gives no PMD.
func choosePMD(_ wanted: Profile.Interfaces.PMD, for data: [Interface], on facts: HostFacts) -> PMDChoice {
  guard !data.isEmpty else { return PMDChoice(pmd: nil, reason: "no data interface") }
  let choice = choose(wanted, for: data, on: facts)
  let pmd = choice.pmd == .failsafe ? Profile.Interfaces.PMD.failsafe : wanted
  let unsuited = data.compactMap { interface in objection(to: pmd, for: interface, on: facts).map { (interface, $0) } }
  guard unsuited.isEmpty else {
    return PMDChoice(
      pmd: nil, reason: "no PMD",
      findings: unsuited.map { interface, objection in
        Finding(
          "interface.pmdUnsuitable", .blocker, subject: interface.name,
          message: "cannot be driven by pmd '\(pmd.rawValue)': \(objection.why)", remedy: objection.remedy)
      })
  }
  let crowded = crowdedFunctions(data)
  return crowded.isEmpty ? choice : PMDChoice(pmd: nil, reason: "no PMD", findings: crowded)
}

private func choose(_ wanted: Profile.Interfaces.PMD, for data: [Interface], on facts: HostFacts) -> PMDChoice {
  // A VF that is away comes back as a port of the MANA function, where the host has one.
  let hasMANA = data.contains { $0.generation == .mana || $0.virtualFunction == nil && $0.isNETVSC && facts.hasMANA }
  switch wanted {
  case .failsafe: return PMDChoice(pmd: .failsafe, reason: "asked for by the profile")
  case .netvsc: return PMDChoice(pmd: hasMANA ? .mana : .netvsc, reason: "asked for by the profile")
  case .mana: return PMDChoice(pmd: .mana, reason: "asked for by the profile")
  case .vfio: return PMDChoice(pmd: .vfio, reason: "asked for by the profile")
  case .auto: return chooseByDevice(data, hasMANA: hasMANA, on: facts)
  }
}

private func chooseByDevice(_ data: [Interface], hasMANA: Bool, on facts: HostFacts) -> PMDChoice {
  guard data.allSatisfy(\.isNETVSC) else {
    guard !data.contains(where: \.isNETVSC) else {
      return mixed(data.filter { !$0.isNETVSC }, "is a PCI device, the others are NETVSCs")
    }
    let bifurcated = data.filter { $0.generation != nil }
    if bifurcated.count == data.count {
      return PMDChoice(pmd: hasMANA ? .mana : .bifurcated, reason: "the PMD works beside the kernel's driver")
    }
    guard bifurcated.isEmpty else {
      return mixed(bifurcated, "works beside the kernel's driver, the others only over vfio-pci")
    }
    return PMDChoice(pmd: .vfio, reason: "a PCI device that its kernel driver must hand over")
  }
  if hasMANA { return PMDChoice(pmd: .mana, reason: "the VF is a port of a MANA function") }
  let obstacle = netvscObstacle(on: facts)
  return PMDChoice(
    pmd: obstacle == nil ? .netvsc : .failsafe,
    reason: obstacle ?? "recommended over failsafe since DPDK 22.11, and all that it needs is here")
}

private func mixed(_ some: [Interface], _ difference: String) -> PMDChoice {
  PMDChoice(
    pmd: nil, reason: "no PMD",
    findings: [
      Finding(
        "interface.pmdUnsuitable", .blocker, subject: some.map(\.name).joined(separator: ", "), message: difference,
        remedy: "list data interfaces of one kind in 'interfaces.data'")
    ])
}

/// MANA functions of which more ports are wanted than net_mana takes: with more it opens none.
///
/// Source: `MAX_NUM_ADDRESS` in DPDK's `mana.c`.
private func crowdedFunctions(_ data: [Interface]) -> [Finding] {
  let most = 8
  let ports = data.filter { $0.generation == .mana }
  return Dictionary(grouping: ports) { ($0.virtualFunction ?? $0.device).busAddress ?? "" }
    .filter { $0.value.count > most }.sorted { $0.key < $1.key }
    .map { address, ports in
      Finding(
        "interface.pmdUnsuitable", .blocker, subject: address,
        message: "has \(ports.count) data interfaces, and net_mana takes no more than \(most) of one function",
        remedy: "list \(most) or fewer in 'interfaces.data'")
    }
}

/// Why a NETVSC cannot be driven by the netvsc PMD here.
private func netvscObstacle(on facts: HostFacts) -> String? {
  if let release = facts.dpdk.release, release < DottedNumber(numbers: [22, 11]) {
    return "netvsc requires DPDK 22.11, is \(release)"
  }
  if !facts.dpdk.networkDrivers.contains("net_netvsc") { return "the installed DPDK has no net_netvsc" }
  if let running = facts.kernel.running.flatMap({ KernelRelease($0) }), running.base < DottedNumber(numbers: [4, 17]) {
    return "netvsc requires kernel 4.17 for more than one queue, is \(running.base)"
  }
  let module = facts.modules.first { $0.name == "uio_hv_generic" }
  switch module?.state {
  case .live, .builtIn: return nil
  case .loadable: return module?.deniedBy.map { "uio_hv_generic must not be loaded: \($0)" }
  case .absent, nil: return "this kernel has no uio_hv_generic"
  }
}

/// Why a PMD that the profile names must not, or cannot, have this interface.
private func objection(
  to wanted: Profile.Interfaces.PMD, for interface: Interface, on facts: HostFacts
) -> (why: String, remedy: String)? {
  switch wanted {
  case .auto: return nil
  case .failsafe where !interface.isNETVSC, .netvsc where !interface.isNETVSC:
    return ("requires a NETVSC, is a device of its own", "set 'interfaces.pmd' to 'auto' or 'vfio'")
  case .failsafe where interface.generation == .mana || interface.virtualFunction == nil && facts.hasMANA:
    return (
      "it would name the PCI function as a whole, and every MANA port with it, management's too",
      "set 'interfaces.pmd' to 'mana' or 'auto'"
    )
  case .failsafe where interface.binding != nil:
    return ("DPDK has it, and failsafe requires that the kernel has it", "run 'dpdk-host revert' first")
  case .failsafe where !interface.hasPlainName:
    // net_vdev_netvsc hands it on to net_tap inside parentheses and between commas.
    return (
      "DPDK's arguments are split at characters of its name",
      "rename it with 'ip link set dev … name …', or set 'interfaces.pmd' to 'netvsc'"
    )
  case .mana:
    guard let generation = interface.generation, generation != .mana else {
      return interface.isNETVSC || interface.generation == .mana
        ? nil : ("requires a MANA port", "set 'interfaces.pmd' to 'auto' or 'vfio'")
    }
    return ("requires a MANA port, is \(generation.rawValue)", "set 'interfaces.pmd' to 'netvsc' or 'auto'")
  case .vfio where interface.isNETVSC:
    return ("a NETVSC is not on the PCI bus", "set 'interfaces.pmd' to 'netvsc', 'failsafe' or 'auto'")
  case .vfio:
    guard let generation = interface.generation else { return nil }
    return ("\(generation.rawValue) stays with its kernel driver", "set 'interfaces.pmd' to 'auto'")
  case .failsafe, .netvsc: return nil
  }
}

extension Interface {
  /// Whether the name has nothing but letters, digits, `_`, `.` and `-`.
  fileprivate var hasPlainName: Bool {
    name.utf8.allSatisfy { byte in
      UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
        || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
        || [UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-")].contains(byte)
    }
  }
}
