extension Roles {
  /// What is wrong with the interfaces, or worth knowing, for a profile that has data ports.
  func findings(about plan: InterfacePlan) -> [Finding] {
    var findings: [Finding] = []
    if let doubt = management.doubt {
      findings.append(
        Finding(
          "interface.managementUnknown", .blocker, subject: "interfaces",
          message: "\(doubt), so any interface may be the one that this host is reached by",
          remedy:
            "name it in the profile as 'interfaces.management'; should you be locked out, the way back is the serial "
            + "console"))
    }
    let listed: [MACAddress] = if case .listed(let list) = wanted.data { list } else { [] }
    for mac in listed { findings += self.findings(aboutListed: mac, in: plan) }
    for doubt in pairing.doubts {
      findings.append(
        Finding(
          "interface.ambiguousPair", .blocker, subject: (doubt.synthetics + doubt.functions).joined(separator: ", "),
          message: doubt.reason, remedy: "give each interface a MAC address of its own; waived, none of them is used"))
    }
    for planned in plan.interfaces { findings += self.findings(about: planned) }
    // Where something else is wrong, that is the reason.
    if plan.data.isEmpty, !findings.contains(where: { $0.severity == .blocker }) {
      findings.append(
        Finding(
          "interface.tooFew", .blocker, subject: "interfaces", message: tooFew(plan),
          remedy: "add a network interface to this machine, or use the profile 'virtual', which needs none"))
    }
    return findings
  }

  private func tooFew(_ plan: InterfacePlan) -> String {
    let others = plan.interfaces.filter { $0.role == .other && $0.interface.kind != .virtual }
    let reasons = others.map { "'\($0.interface.name)' (\($0.reason))" }
    let kept = plan.interfaces.filter { $0.role == .management && $0.interface.kind != .virtual }.map(\.interface.name)
    return "requires a data interface beside management"
      + (kept.isEmpty ? "" : " (\(kept.joined(separator: ", ")))") + ", is none"
      + (reasons.isEmpty ? "" : ": \(reasons.joined(separator: ", "))")
  }

  /// What the profile asks for by name must be had, or be said.
  private func findings(aboutListed mac: MACAddress, in plan: InterfacePlan) -> [Finding] {
    let alike = plan.interfaces.filter {
      // A bond gives its ports another address than they came with.
      [$0.interface.mac, $0.interface.device.permanentMAC].contains(mac.description)
    }
    let found = alike.filter { $0.interface.kind != .virtual }
    if found.isEmpty, let virtual = alike.first {
      return [
        Finding(
          "interface.unusable", .blocker, subject: virtual.interface.name, message: "is virtual, and not for DPDK",
          remedy: "mend 'interfaces.data' in the profile: see 'dpdk-host interfaces'")
      ]
    }
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
          remedy: "take \(mac) out of 'interfaces.data'; '--waive' is of no use here")
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
