/// The interfaces of a host with their VFs, and the VFs of which that cannot be told.
public struct Pairing: Equatable, Sendable {
  /// In the order of their `ifindex`; one entry a pair. The standby half of a virtio pair is part of its master.
  public var interfaces: [Interface]
  public var doubts: [PairDoubt]

  public init(interfaces: [Interface] = [], doubts: [PairDoubt] = []) {
    self.interfaces = interfaces
    self.doubts = doubts
  }
}

/// Devices of which link and MAC address do not say the same: none of them is given to DPDK.
public struct PairDoubt: Equatable, Sendable {
  /// Names of the synthetic interfaces concerned.
  public var synthetics: [String]
  /// Names of the PCI interfaces concerned.
  public var functions: [String]
  public var reason: String
  /// All of them by ``Interface/key``.
  var members: Set<String>

  init(synthetics: [Interface], functions: [NetworkDevice], reason: String) {
    self.synthetics = synthetics.map(\.name)
    self.functions = functions.map(\.name)
    self.reason = reason
    members = Set(synthetics.map(\.key) + self.functions)
  }
}

/// Finds out which VF belongs to which synthetic interface. Names are never looked at.
///
/// | upper link of the PCI device | its MAC address is that of | it is |
/// |---|---|---|
/// | a synthetic interface | the same one | its VF |
/// | a synthetic interface | not that one | in doubt |
/// | another device (bond, bridge) | a synthetic interface | in doubt |
/// | none | exactly one synthetic interface, that has no VF yet | its VF |
/// | none | several, or one that has a VF | in doubt |
/// | any | no synthetic interface | a physical interface of its own |
///
/// An address is equal where the current or the permanent one is: both halves keep theirs when a bond changes one. A
/// NETVSC that DPDK has is known by what was recorded when it was bound; it has no links, so its MAC address decides.
///
/// Source: `netvsc_drv.c` and `net_failover.c` of the kernel, which link the two halves.
public func pair(_ devices: [NetworkDevice], bindings: [Binding] = []) -> Pairing {
  let devices = devices.sorted { $0.index < $1.index }
  let live = devices.filter { $0.isSynthetic(among: devices) }
  let standbys = Set(live.filter { $0.bus == "virtio" }.flatMap { standby(of: $0, in: devices) })
  let liveAddresses = Set(devices.compactMap(\.busAddress) + devices.compactMap(\.pciAddress))
  let bound = bindings.filter { !liveAddresses.contains($0.address) }
  let synthetics =
    live.map { Interface(kind: .synthetic, device: $0) }
    + bound.filter { $0.bus == "vmbus" }.compactMap { binding in
      binding.device.map { Interface(kind: .synthetic, device: $0, binding: binding) }
    }.sorted { $0.device.index < $1.device.index }

  var claims = Claims(count: synthetics.count)
  var doubts: [PairDoubt] = []
  let functions = devices.filter(\.canBeVirtualFunction)
  for (index, function) in functions.enumerated() {
    switch claim(of: function, on: synthetics) {
    case .none: break
    case .linked(let owner): claims.linked[owner].append(index)
    case .sameMAC(let owner): claims.sameMAC[owner].append(index)
    case .doubt(let owners, let reason):
      doubts.append(
        PairDoubt(synthetics: owners.map { synthetics[$0] }, functions: [function], reason: reason))
    }
  }

  var virtualFunctions: [Int: NetworkDevice] = [:]
  for owner in synthetics.indices {
    let all = claims.linked[owner] + claims.sameMAC[owner]
    if all.count == 1 {
      virtualFunctions[owner] = functions[all[0]]
    } else if all.count > 1 {
      let rivals = all.map { functions[$0] }
      doubts.append(
        PairDoubt(
          synthetics: [synthetics[owner]], functions: rivals,
          reason: "\(rivals.map(\.name).joined(separator: " and ")) have its MAC address"))
    }
  }
  let paired = Set(virtualFunctions.values.map(\.index))

  var interfaces = synthetics
  for (owner, function) in virtualFunctions { interfaces[owner].virtualFunction = function }
  let syntheticIndices = Set(live.map(\.index))
  for device in devices
  where !syntheticIndices.contains(device.index) && !paired.contains(device.index) && !standbys.contains(device.index) {
    interfaces.append(Interface(kind: device.bus == nil ? .virtual : .physical, device: device))
  }
  interfaces += bound.filter { $0.bus != "vmbus" }.compactMap { binding in
    binding.device.map { Interface(kind: .physical, device: $0, binding: binding) }
  }
  return Pairing(interfaces: interfaces.sorted { $0.device.index < $1.device.index }, doubts: doubts)
}

/// The positions of the functions that claim each synthetic interface.
private struct Claims {
  var linked: [[Int]]
  var sameMAC: [[Int]]

  init(count: Int) {
    linked = Array(repeating: [], count: count)
    sameMAC = linked
  }
}

/// What a PCI device says about whose VF it is; numbers are positions of synthetic interfaces.
private enum Claim {
  case none
  case linked(Int)
  case sameMAC(Int)
  case doubt([Int], reason: String)
}

private func claim(of function: NetworkDevice, on synthetics: [Interface]) -> Claim {
  let linked = synthetics.indices.filter {
    synthetics[$0].binding == nil && function.uppers.contains(synthetics[$0].name)
  }
  let alike = synthetics.indices.filter { synthetics[$0].device.sharesMAC(with: function) }
  switch (linked.count, alike.count) {
  case (0, 0): return .none
  case (1, _) where alike.contains(linked[0]): return .linked(linked[0])
  case (1, _):
    let owner = synthetics[linked[0]].device
    return .doubt(
      linked + alike,
      reason: "\(function.name) is linked to \(owner.name), which has another MAC address")
  case (0, 1) where function.uppers.isEmpty: return .sameMAC(alike[0])
  case (0, 1):
    return .doubt(
      alike, reason: "\(function.name) has its MAC address, and is part of \(function.uppers.joined(separator: ", "))")
  case (0, _):
    let names = alike.map { synthetics[$0].device.name }.joined(separator: " and ")
    return .doubt(alike, reason: "\(function.name) has the MAC address of \(names)")
  default: return .doubt(linked, reason: "\(function.name) is linked to several")
  }
}

/// The indices of the standby halves of a virtio pair's master: they sit on the same virtio device.
private func standby(of master: NetworkDevice, in devices: [NetworkDevice]) -> [Int] {
  devices.filter { $0.busAddress == master.busAddress && $0.uppers.contains(master.name) }.map(\.index)
}

extension NetworkDevice {
  /// A NETVSC, or the master of a virtio pair.
  fileprivate func isSynthetic(among devices: [NetworkDevice]) -> Bool {
    switch bus {
    case "vmbus": vmbusClass.map { $0 == BusDevice.vmbusNetworkClass } ?? (driver == "hv_netvsc")
    case "virtio": !standby(of: self, in: devices).isEmpty
    default: false
    }
  }

  /// Ethernet on PCI; an InfiniBand port and the representor of a port of an embedded switch are not.
  fileprivate var canBeVirtualFunction: Bool { bus == "pci" && isEthernet && !isRepresentor }

  /// Whether the two have an address in common, now or by their hardware.
  fileprivate func sharesMAC(with other: NetworkDevice) -> Bool {
    let others = [other.mac, other.permanentMAC].compactMap { $0 }
    return [mac, permanentMAC].compactMap { $0 }.contains { others.contains($0) }
  }

  /// By link type, and not an Ethernet-like port of an InfiniBand function.
  var isEthernet: Bool { (linkType ?? 1) == 1 && !(pciClass?.hasPrefix("0207") ?? false) }

  /// A port that stands for another function's (`pf0vf1`, `pf0sf2`): traffic of it is slow-path traffic of a switch.
  var isRepresentor: Bool {
    guard switchID != nil, let portName, portName.hasPrefix("pf") || portName.hasPrefix("c") else { return false }
    return portName.contains("vf") || portName.contains("sf")
  }
}
