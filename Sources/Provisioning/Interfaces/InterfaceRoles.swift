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
  guard wanted.data != .none else {
    if wanted.management != .auto, let doubt = management.doubt {
      plan.findings = [
        Finding(
          "interface.managementUnknown", .warning, subject: "interfaces", message: doubt,
          remedy: "mend 'interfaces.management' in the profile: see 'dpdk-host interfaces'")
      ]
    }
    return plan
  }
  plan.findings = roles.findings(about: plan)
  return plan
}

/// What each interface may be for, by the profile's wish and what the host shows.
struct Roles {
  let wanted: Profile.Interfaces
  let pairing: Pairing
  let management: Management
  let facts: HostFacts

  /// On such a host the data ports are NETVSCs, and a PCI device of its own is none.
  var hasNETVSC: Bool { pairing.interfaces.contains(where: \.isNETVSC) }

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
      if interface.isUnsettled {
        return (.other, "up without an address, so it may become management: name its MAC address to take it")
      }
      return (.data, "taken by 'data: auto'")
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
    if let count = device.enabledVFs, count > 0, device.generation == nil {
      return "has \(count) VFs of its own, which would go with it"
    }
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
}

extension NetworkDevice {
  /// An address that others can reach, not of the link alone.
  var hasGlobalAddress: Bool {
    addresses.contains { !$0.hasPrefix("fe80:") && !$0.hasPrefix("169.254.") }
  }
}
