/// A network interface as people and DPDK choose it: a synthetic one with its VF, a PCI device, or a virtual one.
public struct Interface: Equatable, Sendable {
  /// What an interface is made of.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// The half that always stays: a NETVSC on the VMBus, or the master of a virtio `net_failover` pair.
    case synthetic
    /// A PCI device of its own; a VF without a synthetic partner, too.
    case physical
    /// Made of nothing or of others: a bridge, a bond, a tunnel.
    case virtual
  }

  public var kind: Kind
  /// As it is; while DPDK has it (``binding``), as it was before.
  public var device: NetworkDevice
  /// The fast half below a synthetic interface; nil where there is none, or where it cannot be told which.
  public var virtualFunction: NetworkDevice?
  /// Nil where the kernel drives the device itself.
  public var binding: Binding?

  public init(
    kind: Kind, device: NetworkDevice, virtualFunction: NetworkDevice? = nil, binding: Binding? = nil
  ) {
    self.kind = kind
    self.device = device
    self.virtualFunction = virtualFunction
    self.binding = binding
  }

  /// What it is called by the kernel, or was before DPDK took it.
  public var name: String { device.name }
  /// Its address now; nil for one that has none.
  public var mac: String? { device.mac }
  /// A NETVSC that somebody wants to carry traffic, and that has no address yet.
  var isUnsettled: Bool { isNETVSC && binding == nil && device.isUp && !device.hasGlobalAddress }
  /// What tells it from all others. Its name does, as long as the kernel has it; the name of one that DPDK has may by now
  /// be another's.
  var key: String { binding?.address ?? device.name }
  /// A NETVSC, not a virtio pair of the same shape.
  public var isNETVSC: Bool { kind == .synthetic && device.bus == "vmbus" }
  /// The generation of the NIC that carries its packets.
  public var generation: NICGeneration? { (virtualFunction ?? device).generation }
}

/// What an interface is for.
public enum InterfaceRole: String, Codable, CaseIterable, Sendable {
  /// Never touched.
  case management
  /// Given to DPDK.
  case data
  case other
}
