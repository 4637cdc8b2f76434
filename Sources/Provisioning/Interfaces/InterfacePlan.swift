/// Which interface is which, what it is for, and how DPDK takes it: all that is decided about interfaces, in one value.
public struct InterfacePlan: Equatable, Sendable {
  public var interfaces: [PlannedInterface]
  public var findings: [Finding]
  /// The PMD that the data interfaces are driven by; nil where there is no data interface, or none can drive them.
  public var pmd: DataPMD?
  /// Why this PMD, in words.
  public var pmdReason: String
  /// What EAL is told, for all data interfaces together.
  public var eal: EALDevices

  public init(
    interfaces: [PlannedInterface] = [], findings: [Finding] = [], pmd: DataPMD? = nil, pmdReason: String = "",
    eal: EALDevices = EALDevices(skipsPCI: true)
  ) {
    self.interfaces = interfaces
    self.findings = findings
    self.pmd = pmd
    self.pmdReason = pmdReason
    self.eal = eal
  }

  public var data: [PlannedInterface] { interfaces.filter { $0.role == .data } }

  public var managementIsKnown: Bool { !findings.contains { $0.id == "interface.managementUnknown" } }

  /// Whether there is a NETVSC that is up and has no address yet: DHCP may still be at it.
  public var mayGetManagement: Bool { interfaces.contains { $0.role == .other && $0.interface.isUnsettled } }
}

/// One interface with its role and what DPDK does with it.
public struct PlannedInterface: Equatable, Sendable {
  public var interface: Interface
  public var role: InterfaceRole
  /// Why it has this role, in words: `default route`, `carries bond0`.
  public var reason: String
  /// What EAL is told about this one alone; empty for other roles than data. Data ports that share one PCI function
  /// share an argument, which each of them shows.
  public var ealArguments: [String]

  public init(interface: Interface, role: InterfaceRole, reason: String, ealArguments: [String] = []) {
    self.interface = interface
    self.role = role
    self.reason = reason
    self.ealArguments = ealArguments
  }
}

/// The master PMD of the data ports.
public enum DataPMD: String, Codable, CaseIterable, Sendable {
  /// net_failsafe over VF and TAP, set up by net_vdev_netvsc.
  case failsafe
  /// net_netvsc on the VMBus device, with the VF below it.
  case netvsc
  /// net_netvsc with a port of a MANA function below it; net_mana alone where there is no NETVSC.
  case mana
  /// The device's own PMD over `vfio-pci`.
  case vfio
  /// The device's own PMD beside its kernel driver (mlx4, mlx5), on a host without NETVSC.
  case bifurcated
}
