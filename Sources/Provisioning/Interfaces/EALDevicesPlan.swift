/// Names the data ports to EAL, and nothing else: the PCI bus gets entries of its own, or is left out.
///
/// The VMBus knows no such limit: EAL takes every NETVSC that `uio_hv_generic` has, so those that are not data ports are a
/// finding of their own (``strayBindings(_:on:)``).
///
/// - Parameter pmd: nil where there is no data port: then nothing is named at all.
public func ealDevices(_ pmd: DataPMD?, _ data: [Interface], on facts: HostFacts) -> EALDevices {
  var devices = EALDevices(skipsPCI: true)
  if let pmd {
    for interface in data { devices.merge(ealEntries(pmd, for: interface, in: data)) }
  }
  // A VF that is away now may come back while the program runs: then the bus must be there for it. DPDK takes its function
  // as a whole then, so only where the host's other VFs show that this is none of MANA, where management has a port, too.
  if data.contains(where: \.isNETVSC), devices.skipsPCI, facts.hasConnectX, !facts.hasMANA {
    devices.allowed.append(noPCIFunction)
    devices.skipsPCI = false
  }
  if pmd != .failsafe, facts.isHyperV, facts.dpdk.networkDrivers.contains("net_vdev_netvsc") {
    devices.virtual.append("net_vdev_netvsc0,ignore=1")
  }
  return devices
}

/// An address that no function has: it keeps the PCI bus to what is named, and nothing is named.
let noPCIFunction = "ffff:ff:1f.7"

/// The entries for one data port; ports of one MANA function share theirs.
func ealEntries(_ pmd: DataPMD, for interface: Interface, in data: [Interface]) -> EALDevices {
  var devices = EALDevices(skipsPCI: true)
  if pmd != .failsafe, interface.isNETVSC, let uuid = interface.device.busAddress { devices.allowed.append(uuid) }
  if let function = interface.kind == .physical ? interface.device : interface.virtualFunction,
    let address = function.pciAddress
  {
    devices.skipsPCI = false
    if function.generation == .mana {
      devices.virtual.append(manaEntry(address, data))
    } else {
      devices.allowed.append(address)
    }
  }
  if pmd == .failsafe {
    let number = data.firstIndex(of: interface) ?? 0
    devices.virtual.append("net_vdev_netvsc\(number),iface=\(interface.name)")
  }
  return devices
}

/// All data ports of one MANA function, in one entry: of several for one function, EAL reads the first.
private func manaEntry(_ address: String, _ data: [Interface]) -> String {
  let macs = data.filter { ($0.virtualFunction ?? $0.device).pciAddress == address }.compactMap(\.mac)
  return address + macs.map { ",mac=\($0)" }.joined()
}

extension EALDevices {
  /// Adds the other's entries, each once.
  mutating func merge(_ other: EALDevices) {
    allowed += other.allowed.filter { !allowed.contains($0) }
    virtual += other.virtual.filter { !virtual.contains($0) }
    skipsPCI = skipsPCI && other.skipsPCI
  }
}

extension HostFacts {
  /// Whether a MANA function can be seen, with an interface or without.
  var hasMANA: Bool { generations.contains(.mana) }
  fileprivate var hasConnectX: Bool { generations.contains { $0 != .mana } }

  private var generations: [NICGeneration] {
    devices.compactMap(\.generation) + busDevices.compactMap { $0.pciID.flatMap { NICGeneration(pciID: $0) } }
  }

  /// Whether DPDK would take this machine for one on Hyper-V, where it starts net_vdev_netvsc by itself.
  ///
  /// DPDK asks the processor (`rte_hypervisor_get`); the VMBus and the firmware say the same.
  public var isHyperV: Bool {
    platform.isAzure || devices.contains { $0.bus == "vmbus" } || busDevices.contains { $0.bus == "vmbus" }
      || platform.vendor == "Microsoft Corporation" && platform.product == "Virtual Machine"
  }
}

/// NETVSCs that any DPDK program on this host would take, and that are no data ports: EAL has no argument against it.
///
/// Source: `rte_vmbus_probe` of DPDK, which looks at no allow list.
func strayBindings(_ plan: InterfacePlan, on facts: HostFacts) -> [Finding] {
  // Without a PMD there is a blocker that says so: whether the data ports are bound rightly is not known then.
  let isMeant = plan.pmd?.takesVMBus ?? true
  let meant = Set(isMeant ? plan.data.compactMap(\.interface.device.busAddress) : [])
  return facts.busDevices.filter {
    $0.bus == "vmbus" && $0.driver == BindingDriver.uioHyperV.rawValue && !meant.contains($0.address)
  }.map { device in
    let planned = plan.interfaces.first { $0.interface.device.busAddress == device.address }
    return Finding(
      "interface.strayBinding", planned?.role == .management ? .blocker : .warning,
      subject: planned?.interface.name ?? device.address,
      message:
        "uio_hv_generic has '\(device.address)', which is no data interface, and every DPDK program would take it",
      remedy: "give it back to the kernel: 'dpdk-host revert', or 'driverctl -b vmbus unset-override \(device.address)'"
    )
  }
}
