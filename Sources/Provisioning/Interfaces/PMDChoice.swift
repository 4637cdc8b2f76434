/// What drives the data ports, why, and what is wrong with the profile's wish.
struct PMDChoice {
  var pmd: DataPMD?
  var reason: String
  var findings: [Finding] = []
}

/// Chooses the PMD of all data ports; one that would reach beyond them is a blocker, and gives no PMD.
func choosePMD(_ wanted: Profile.Interfaces.PMD, for data: [Interface], on facts: HostFacts) -> PMDChoice {
  guard !data.isEmpty else { return PMDChoice(pmd: nil, reason: "no data interface") }
  let unsuited = data.compactMap { interface in objection(to: wanted, for: interface).map { (interface, $0) } }
  guard unsuited.isEmpty else {
    return PMDChoice(
      pmd: nil, reason: "no PMD",
      findings: unsuited.map { interface, objection in
        Finding(
          "interface.pmdUnsuitable", .blocker, subject: interface.name,
          message: "cannot be driven by pmd '\(wanted.rawValue)': \(objection.why)", remedy: objection.remedy)
      })
  }
  let hasMANA = data.contains { $0.generation == .mana }
  switch wanted {
  case .failsafe: return PMDChoice(pmd: .failsafe, reason: "asked for by the profile")
  case .netvsc: return PMDChoice(pmd: hasMANA ? .mana : .netvsc, reason: "asked for by the profile")
  case .mana: return PMDChoice(pmd: .mana, reason: "asked for by the profile")
  case .vfio: return PMDChoice(pmd: .vfio, reason: "asked for by the profile")
  case .auto: return chooseByDevice(data, hasMANA: hasMANA, on: facts)
  }
}

private func chooseByDevice(_ data: [Interface], hasMANA: Bool, on facts: HostFacts) -> PMDChoice {
  if hasMANA { return PMDChoice(pmd: .mana, reason: "the VF is a port of a MANA function") }
  guard data.allSatisfy(\.isNETVSC) else {
    guard !data.contains(where: \.isNETVSC) else {
      return mixed(data.filter { !$0.isNETVSC }, "is a PCI device, the others are NETVSCs")
    }
    let bifurcated = data.filter { $0.generation != nil }
    if bifurcated.count == data.count {
      return PMDChoice(pmd: .bifurcated, reason: "the PMD works beside the kernel's driver")
    }
    guard bifurcated.isEmpty else {
      return mixed(bifurcated, "works beside the kernel's driver, the others only over vfio-pci")
    }
    return PMDChoice(pmd: .vfio, reason: "a PCI device that its kernel driver must hand over")
  }
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
private func objection(to wanted: Profile.Interfaces.PMD, for interface: Interface) -> (why: String, remedy: String)? {
  switch wanted {
  case .auto: return nil
  case .failsafe where !interface.isNETVSC, .netvsc where !interface.isNETVSC:
    return ("requires a NETVSC, is a device of its own", "set 'interfaces.pmd' to 'auto' or 'vfio'")
  case .failsafe where interface.generation == .mana:
    return (
      "it would name the PCI function as a whole, and every MANA port with it, management's too",
      "set 'interfaces.pmd' to 'mana' or 'auto'"
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
