/// The devices that the PMD takes from the kernel: every data port's NETVSC for netvsc and MANA, its PCI function for vfio.
///
/// One that has the right driver already is left alone. Bifurcated NICs and failsafe's stay with the kernel.
public func planBindings(_ interfaces: InterfacePlan, on facts: HostFacts) -> Plan {
  var plan = Plan()
  for interface in interfaces.data.map(\.interface) {
    guard let wanted = binding(of: interface, by: interfaces.pmd, on: facts) else { continue }
    let now = facts.busDevices.first { $0.bus == wanted.bus && $0.address == wanted.address }?.driver
    if let awaited = awaited(interface, on: facts) { plan.findings.append(awaited) }
    guard now != wanted.driver else { continue }
    if let obstacle = obstacle(to: wanted, of: interface, in: interfaces, on: facts) {
      plan.findings.append(obstacle)
      continue
    }
    let lost = interface.device.addresses
    plan.actions.append(
      PlannedAction(
        .bindDevice(wanted),
        reason:
          "requires driver \(wanted.driver), is \(now ?? "none"); '\(interface.name)' is gone from the kernel then"
          + (lost.isEmpty ? "" : ", and \(lost.joined(separator: ", ")) with it")))
    if wanted.withoutIOMMU {
      plan.findings.append(
        Finding(
          "interface.noIOMMU", .warning, subject: interface.name,
          message:
            "no IOMMU translates for '\(wanted.address)': bound so, the device can reach all of the host's memory",
          remedy: "boot with an IOMMU (intel_iommu=on, amd_iommu=on) where the machine has one"))
    }
  }
  return plan
}

/// Whether this binding is still to be made: pages and modules take their time, and routes can change meanwhile.
public func isStillWanted(_ wanted: DeviceBinding, by profile: Profile, on facts: HostFacts) -> Bool {
  planBindings(planInterfaces(profile, on: facts), on: facts).actions.contains { planned in
    guard case .bindDevice(let binding) = planned.action else { return false }
    return binding.bus == wanted.bus && binding.address == wanted.address && binding.device?.mac == wanted.device?.mac
  }
}

private func binding(of interface: Interface, by pmd: DataPMD?, on facts: HostFacts) -> DeviceBinding? {
  switch pmd {
  case .failsafe, .bifurcated, nil: return nil
  case .netvsc, .mana:
    guard interface.isNETVSC, let address = interface.device.busAddress else { return nil }
    return DeviceBinding(
      bus: "vmbus", address: address, driver: BindingDriver.uioHyperV.rawValue, device: interface.device,
      // Microsoft's page for MANA: with either half up, its queues cannot be made.
      virtualFunction: interface.generation == .mana ? interface.virtualFunction : nil)
  case .vfio:
    guard let address = interface.device.pciAddress else { return nil }
    let group = facts.busDevices.first { $0.bus == "pci" && $0.address == address }?.iommuGroup
    return DeviceBinding(
      bus: "pci", address: address, driver: BindingDriver.vfioPCI.rawValue, device: interface.device,
      withoutIOMMU: group == nil)
  }
}

/// Why a device cannot be given away, or would be of no use then.
private func obstacle(
  to wanted: DeviceBinding, of interface: Interface, in interfaces: InterfacePlan, on facts: HostFacts
) -> Finding? {
  guard let own = facts.busDevices.first(where: { $0.bus == wanted.bus && $0.address == wanted.address }) else {
    return nil
  }
  guard own.acceptsOverride else {
    return Finding(
      "interface.pmdUnsuitable", .blocker, subject: interface.name,
      message: "the running kernel has no 'driver_override' for the \(own.bus) bus, by which a device changes hands",
      remedy: "take a newer kernel, or set 'interfaces.pmd' to 'failsafe'")
  }
  let data = interfaces.data.compactMap(\.interface.device.pciAddress)
  let neighbours = facts.busDevices.filter { other in
    own.iommuGroup != nil && other.iommuGroup == own.iommuGroup && other.address != own.address
      && !data.contains(other.address) && other.driver != nil && BindingDriver(rawValue: other.driver ?? "") == nil
  }
  guard !neighbours.isEmpty else { return nil }
  return Finding(
    "interface.iommuGroup", .blocker, subject: interface.name,
    message: "shares its IOMMU group with \(neighbours.map(\.address).joined(separator: ", ")), which the kernel uses",
    remedy: "take another interface, or put this NIC into a slot with a group of its own")
}

/// Whether something waits at boot for every interface that is configured: it would wait in vain for this one.
private func awaited(_ interface: Interface, on facts: HostFacts) -> Finding? {
  guard !facts.networkWaiters.isEmpty, !interface.device.addresses.isEmpty else { return nil }
  return Finding(
    "interface.awaited", .info, subject: interface.name,
    message:
      "\(facts.networkWaiters.joined(separator: ", ")) waits for configured interfaces, and in vain for one that DPDK has",
    remedy:
      "mark it as optional in the network configuration (systemd-networkd: RequiredForOnline=no, netplan: optional: true)"
  )
}
