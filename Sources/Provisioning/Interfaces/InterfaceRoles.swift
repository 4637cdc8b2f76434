/// Gives every interface its role, and finds what is wrong with the profile's choice.
func assignRoles(
  _ wanted: Profile.Interfaces, _ pairing: Pairing, _ management: Management, on facts: HostFacts
) -> InterfacePlan {
  let roles = Roles(wanted: wanted, pairing: pairing, management: management, facts: facts)
  var plan = InterfacePlan()
  for interface in pairing.interfaces {
    let (role, reason) = roles.role(of: interface)
    plan.interfaces.append(PlannedInterface(interface: interface, role: role, reason: reason))
  }
  guard wanted.data != .none else { return plan }
  plan.findings = roles.findings(about: plan)
  return plan
}

private struct Roles {
  let wanted: Profile.Interfaces
  let pairing: Pairing
  let management: Management
  let facts: HostFacts

  /// On such a host the data ports are NETVSCs, and a PCI device of its own is none.
  private var hasNETVSC: Bool { pairing.interfaces.contains(where: \.isNETVSC) }

  func role(of interface: Interface) -> (InterfaceRole, String) {
    if let reason = managementReason(interface) { return (.management, reason) }
    if let doubt = management.doubt, interface.kind != .virtual { return (.management, "in doubt: \(doubt)") }
    if let obstacle = obstacle(to: interface) { return (.other, obstacle) }
    switch wanted.data {
    case .none: return (.other, "the profile has no data interface")
    case .listed(let list):
      guard let mac = interface.mac, list.contains(where: { $0.description == mac }) else {
        return (.other, "not among the profile's data interfaces")
      }
      return (.data, "named in the profile")
    case .auto:
      if interface.kind == .physical, hasNETVSC { return (.other, "without a synthetic partner") }
      // On a plain host nothing else tells a NIC that is at somebody's service from a free one; Azure configures them all.
      if interface.kind == .physical, !facts.isHyperV, interface.device.hasGlobalAddress {
        return (.other, "in use: it has addresses, name its MAC address to take it")
      }
      // DHCP may still be at it, and make it the way to this host.
      if interface.isNETVSC, interface.binding == nil, interface.device.isUp, !interface.device.hasGlobalAddress {
        return (.other, "up without an address, so it may become management: name its MAC address to take it")
      }
      return (.data, "not management")
    }
  }

  private func managementReason(_ interface: Interface) -> String? {
    management.reasons[interface.key] ?? interface.virtualFunction.flatMap { management.reasons[$0.name] }
  }

  /// Why DPDK cannot have it, whoever asks.
  private func obstacle(to interface: Interface) -> String? {
    let device = interface.device
    if interface.kind == .virtual { return "virtual" }
    if !device.isEthernet { return "InfiniBand" }
    if let doubt = pairing.doubts.first(where: { $0.members.contains(interface.key) }) {
      return "in doubt: \(doubt.reason)"
    }
    if interface.kind == .synthetic, !interface.isNETVSC { return "virtio pair: DPDK has no PMD for its master" }
    if interface.kind == .physical, device.pciAddress == nil { return "not on the PCI bus" }
    if device.isRepresentor { return "representor of another function" }
    if device.mac == nil { return "no MAC address" }
    if !device.uppers.isEmpty { return "part of \(device.uppers.joined(separator: ", "))" }
    if let function = interface.virtualFunction, function.mac != device.mac {
      return "its VF has another MAC address, by which DPDK would not find it"
    }
    if let function = interface.virtualFunction, function.generation == nil {
      return "its VF is none that DPDK drives beside '\(function.driver ?? "its kernel driver")'"
    }
    if let twin = twin(of: interface) { return "its MAC address is that of \(twin), too" }
    if let others = sharers(of: interface.virtualFunction ?? device), !others.isEmpty {
      return "shares its PCI function with \(others.joined(separator: ", "))"
    }
    return nil
  }

  /// Another device of its own with the same address. DPDK finds the VF of a NETVSC by the address alone: it would take that.
  private func twin(of interface: Interface) -> String? {
    let own = [interface.device.index, interface.virtualFunction?.index]
    return facts.devices.first { $0.mac == interface.mac && $0.bus != nil && !own.contains($0.index) }?.name
  }

  /// The other ports of a function that can only be named as a whole: all but MANA's.
  private func sharers(of function: NetworkDevice) -> [String]? {
    guard let address = function.pciAddress, function.generation != .mana else { return nil }
    return facts.devices.filter {
      $0.pciAddress == address && $0.name != function.name && !$0.isRepresentor
    }.map(\.name)
  }

  func findings(about plan: InterfacePlan) -> [Finding] {
    var findings: [Finding] = []
    if let doubt = management.doubt {
      findings.append(
        Finding(
          "interface.managementUnknown", .blocker, subject: "interfaces",
          message: "\(doubt), so any interface may be the one that this host is reached by",
          remedy:
            "name it in the profile as 'interfaces: {management: …}'; should you be locked out, the way back is the "
            + "serial console"))
    }
    let listed: [MACAddress] = if case .listed(let list) = wanted.data { list } else { [] }
    for mac in listed {
      findings += self.findings(aboutListed: mac, in: plan)
    }
    for doubt in pairing.doubts {
      findings.append(
        Finding(
          "interface.ambiguousPair", .blocker, subject: (doubt.synthetics + doubt.functions).joined(separator: ", "),
          message: doubt.reason, remedy: "give each interface a MAC address of its own; waived, none of them is used"))
    }
    for planned in plan.interfaces { findings += self.findings(about: planned) }
    if management.doubt == nil, plan.data.isEmpty {
      findings.append(
        Finding(
          "interface.tooFew", .warning, subject: "interfaces", message: tooFew(plan),
          remedy: "add a network interface to this machine, or use the profile 'virtual', which needs none"))
    }
    return findings
  }

  private func tooFew(_ plan: InterfacePlan) -> String {
    let others = plan.interfaces.filter { $0.role == .other && $0.interface.kind != .virtual }
    let reasons = others.map { "'\($0.interface.name)' is \($0.reason)" }
    let kept = plan.interfaces.filter { $0.role == .management && $0.interface.kind != .virtual }.map(\.interface.name)
    return "requires a data interface beside management"
      + (kept.isEmpty ? "" : " (\(kept.joined(separator: ", ")))") + ", is none"
      + (reasons.isEmpty ? "" : ": \(reasons.joined(separator: "; "))")
  }

  /// What the profile asks for by name must be had, or be said.
  private func findings(aboutListed mac: MACAddress, in plan: InterfacePlan) -> [Finding] {
    let found = plan.interfaces.filter { $0.interface.mac == mac.description && $0.interface.kind != .virtual }
    if found.isEmpty {
      return [
        Finding(
          "interface.absent", .blocker, subject: mac.description, message: "no interface has this MAC address",
          remedy: "see 'dpdk-host interfaces', and mend 'interfaces.data' in the profile")
      ]
    }
    return found.compactMap { planned in
      switch planned.role {
      case .data: nil
      case .management where management.doubt != nil: nil
      case .management:
        Finding(
          Finding.dataIsManagementID, .blocker, subject: planned.interface.name,
          message: "is management (\(planned.reason)), and the profile wants it for data",
          remedy: "take \(mac) out of 'interfaces.data'; this is not to be waived")
      case .other:
        Finding(
          "interface.unusable", .blocker, subject: planned.interface.name, message: planned.reason,
          remedy: "take \(mac) out of 'interfaces.data', or free the interface")
      }
    }
  }

  private func findings(about planned: PlannedInterface) -> [Finding] {
    let interface = planned.interface
    var findings: [Finding] = []
    if planned.role == .management, management.doubt == nil, interface.kind != .virtual {
      findings.append(
        Finding(
          "interface.management", .info, subject: interface.name, message: "is never touched: \(planned.reason)"))
      if interface.isNETVSC, let function = interface.virtualFunction {
        findings.append(
          Finding(
            "interface.managementAccelerated", .warning, subject: interface.name,
            message: "has accelerated networking (\(function.name)), which Azure does not recommend for management",
            remedy: "turn it off for this network interface where you can; DPDK is kept away from it"))
      }
    }
    if planned.role == .data, interface.isNETVSC, interface.virtualFunction == nil {
      findings.append(
        Finding(
          "interface.noVirtualFunction", .warning, subject: interface.name,
          message: "has no VF: accelerated networking is off, or the host is being serviced",
          remedy: "turn on accelerated networking for this network interface; after servicing the VF returns by itself")
      )
    }
    if interface.kind == .physical, hasNETVSC, planned.role != .management, interface.generation != nil,
      interface.device.isEthernet,
      !pairing.doubts.contains(where: { $0.functions.contains(interface.name) })
    {
      findings.append(
        Finding(
          "interface.unpairedVirtualFunction", .warning, subject: interface.name,
          message: "is a VF whose synthetic partner is not there",
          remedy: "look for the NETVSC with MAC address \(interface.mac ?? "unknown"), and whether 'hv_netvsc' has it"))
    }
    return findings
  }
}

extension Finding {
  /// The one finding that cannot be waived.
  static let dataIsManagementID = "interface.dataIsManagement"
}

extension NetworkDevice {
  /// An address that others can reach, not of the link alone.
  var hasGlobalAddress: Bool {
    addresses.contains { !$0.hasPrefix("fe80:") && !$0.hasPrefix("169.254.") }
  }
}
