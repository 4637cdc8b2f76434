/// Decides about every interface of the host. Pure; of an image, which has none, nothing is decided.
///
/// - Parameter release: of the DPDK that will read the EAL arguments; nil takes the installed one.
public func planInterfaces(
  _ profile: Profile, on facts: HostFacts, release: DottedNumber? = nil
) -> InterfacePlan {
  guard !facts.isImage else { return InterfacePlan() }
  // In one order, so that messages that name the first of several do not change with the order of directories.
  var facts = facts
  facts.devices.sort { $0.index < $1.index }
  facts.busDevices.sort { ($0.bus, $0.address) < ($1.bus, $1.address) }
  let pairing = pair(facts.devices, bindings: facts.bindings)
  let management = findManagement(profile.interfaces.management, among: pairing, on: facts)
  var plan = assignRoles(profile.interfaces, pairing, management, on: facts)
  plan.interfaces += takenByOthers(facts, besides: pairing)
  let choice = choosePMD(profile.interfaces.pmd, for: plan.data.map(\.interface), on: facts)
  plan.findings += choice.findings
  plan.pmd = choice.pmd
  plan.pmdReason = choice.reason
  plan.findings += strayBindings(plan, on: facts)
  let release = release ?? facts.dpdk.release
  plan.eal = ealDevices(plan.pmd, plan.data.map(\.interface), on: facts)
  for index in plan.interfaces.indices where plan.interfaces[index].role == .data {
    plan.interfaces[index].ealArguments =
      plan.pmd.map { ealEntries($0, for: plan.interfaces[index].interface, in: plan.data.map(\.interface)) }?
      .arguments(release: release) ?? []
  }
  return plan
}

extension DPDKInstallation {
  /// The release that programs run with; nil where none is installed, or its ABI is not known.
  public var release: DottedNumber? {
    (libraries.first?.release ?? developmentVersion).flatMap { DottedNumber($0) }
  }
}

/// Devices of the network classes without an interface that somebody else took from the kernel.
///
/// Their MAC addresses are not known, so they are nothing but shown.
private func takenByOthers(_ facts: HostFacts, besides pairing: Pairing) -> [PlannedInterface] {
  let devices = facts.devices + pairing.interfaces.map(\.device)
  let known = Set(devices.compactMap(\.busAddress) + devices.compactMap(\.pciAddress))
  return facts.busDevices.filter { BindingDriver(rawValue: $0.driver ?? "") != nil && !known.contains($0.address) }
    .map { device in
      PlannedInterface(
        interface: Interface(
          kind: device.bus == "vmbus" ? .synthetic : .physical,
          device: NetworkDevice(
            name: device.address, index: 0, driver: device.driver, bus: device.bus, busAddress: device.address,
            pciID: device.pciID, pciClass: device.bus == "pci" ? device.deviceClass : nil,
            vmbusClass: device.bus == "vmbus" ? device.deviceClass : nil, numaNode: device.numaNode)),
        role: .other, reason: "taken by \(device.driver ?? "") before, its MAC address is not known")
    }
}

/// The drivers that hand a device to a program in user space.
public enum BindingDriver: String, Codable, CaseIterable, Sendable {
  case vfioPCI = "vfio-pci"
  case uioHyperV = "uio_hv_generic"
  case uioPCI = "uio_pci_generic"
  case igbUIO = "igb_uio"
}
