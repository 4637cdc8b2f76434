/// What must never be touched: the interfaces by which this host is reached and ruled.
public struct Management: Equatable, Sendable {
  /// Why each is management, by the name of the network device: virtual ones on the way, VFs and doubtful ones, too. One
  /// that DPDK has is there by its bus address: its name may be another's by now.
  public var reasons: [String: String]
  /// Why nothing is known, and everything is in doubt; nil where management is known.
  public var doubt: String?

  public init(reasons: [String: String] = [:], doubt: String? = nil) {
    self.reasons = reasons
    self.doubt = doubt
  }
}

/// Finds the management interfaces: the best default route of each family, the way to the platform's own addresses, the
/// interface of every live SSH session, and what the profile names; of each, all that it is made of, and its VF.
///
/// Cloud images run DHCP on every NIC: a default route of a higher metric, or one in another table, is no management. Of
/// several hops with the same best metric all are, as the kernel spreads its traffic over them, but for those of IPv6 where
/// IPv4 has one of them: routers announce themselves on every NIC alike.
///
/// Where nothing points to a device that can be seen, everything is in doubt: `0.0.0.0/0` over a tunnel tells nothing
/// about the NIC below it. So it is where devices or routes could not be read, or are not of one network namespace.
public func findManagement(
  _ named: Profile.Interfaces.Management, among pairing: Pairing, on facts: HostFacts
) -> Management {
  var seeds = Seeds()
  if let missing = seeds.add(named, from: facts.devices, pairing) { return Management(doubt: missing) }
  let namedSeeds = seeds.inOrder.map(\.name)
  for family in DefaultRoute.Family.allCases { seeds.add(facts.routing.defaultRoutes, of: family) }
  for (name, reason) in pointers(in: facts) { seeds.add(name, reason) }

  var management = Management()
  for seed in seeds.inOrder {
    for name in below(seed.name, pairing, facts.devices) where management.reasons[name] == nil {
      management.reasons[name] = name == seed.name ? seed.reason : "with \(seed.name): \(seed.reason)"
    }
  }
  let hardware = facts.devices.filter { $0.bus != nil }
  let isSeen = { (names: Set<String>) in hardware.contains { names.contains($0.name) } }
  if !hardware.isEmpty {
    if !isSeen(Set(management.reasons.keys)) {
      management.doubt = seeds.inOrder.isEmpty ? "no default route" : "no route or session leads to a device of its own"
    } else if !namedSeeds.contains(where: { isSeen(below($0, pairing, facts.devices)) }),
      let tunnel = seeds.defaultRoutes.first(where: { !isSeen(below($0, pairing, facts.devices)) })
    {
      management.doubt = "the default route leaves by '\(tunnel)', and the device below it cannot be seen"
    }
  }
  let unread = facts.unreadable.first { ["/sys/class/net", "/sys/bus", "rtnetlink"].contains($0.path) }
  if let unread { management.doubt = "'\(unread.path)' could not be read: \(unread.reason)" }
  return management
}

/// The interfaces that ways and sessions point to, with the reason for each.
private func pointers(in facts: HostFacts) -> [(name: String, reason: String)] {
  let ways = Dictionary(grouping: facts.routing.ways.filter { $0.interface != nil }) { $0.interface ?? "" }
  var pointers = ways.sorted { $0.key < $1.key }.map { name, ways in
    (name: name, reason: "way to \(ways.map(\.destination).joined(separator: " and "))")
  }
  for session in facts.routing.sessions where !isLoopback(session.local) {
    let holders = facts.devices.filter {
      $0.addresses.contains { $0.split(separator: "/").first ?? "" == session.local }
    }
    pointers += (holders.map(\.name) + [session.interface].compactMap { $0 }).map { ($0, "SSH session") }
  }
  return pointers
}

/// The interfaces that something points to, with the reasons for each.
private struct Seeds {
  private(set) var inOrder: [(name: String, reason: String)] = []
  /// Those of default routes.
  private(set) var defaultRoutes: [String] = []

  mutating func add(_ name: String, _ reason: String) {
    guard name != "lo" else { return }
    if let known = inOrder.firstIndex(where: { $0.name == name }) {
      if !inOrder[known].reason.contains(reason) { inOrder[known].reason += ", \(reason)" }
    } else {
      inOrder.append((name, reason))
    }
  }

  /// What the profile names.
  ///
  /// - Returns: what is wrong, where there is no such interface.
  mutating func add(
    _ named: Profile.Interfaces.Management, from devices: [NetworkDevice], _ pairing: Pairing
  ) -> String? {
    let all =
      devices.map { (key: $0.name, device: $0) }
      + pairing.interfaces.filter { $0.binding != nil }.map { (key: $0.key, device: $0.device) }
    let found: [(key: String, device: NetworkDevice)]
    let text: String
    switch named {
    case .auto: return nil
    case .mac(let mac):
      text = mac.description
      found = all.filter { $0.device.mac == text || $0.device.permanentMAC == text }
    case .name(let name):
      text = name
      found = all.filter { $0.device.name == name || $0.device.alternativeNames.contains(name) }
    }
    for (key, _) in found { add(key, "named in the profile") }
    return found.isEmpty ? "the profile names '\(text)', and there is no such interface" : nil
  }

  /// The best default routes of one family, IPv4 first.
  ///
  /// What is there already settles a tie: of IPv4 what the profile names, of IPv6 also what IPv4 has.
  mutating func add(_ routes: [DefaultRoute], of family: DefaultRoute.Family) {
    let own = routes.filter { $0.family == family }
    let metric = own.map(\.metric).min()
    let names = own.filter { $0.metric == metric }.map(\.interface).uniqued()
    let settled = names.filter { name in inOrder.contains { $0.name == name } }
    for name in names.count > 1 && !settled.isEmpty ? settled : names {
      add(name, family == .ipv4 ? "default route" : "IPv6 default route")
      defaultRoutes.append(name)
    }
  }
}

/// A device and all that it is made of: lower devices of every depth, the other half of each pair, doubtful ones too.
private func below(_ name: String, _ pairing: Pairing, _ devices: [NetworkDevice]) -> Set<String> {
  var found: Set<String> = []
  var open = [name]
  while let next = open.popLast() {
    guard found.insert(next).inserted else { continue }
    for device in devices where device.name == next { open += device.lowers }
    for device in devices where device.uppers.contains(next) { open.append(device.name) }
    for interface in pairing.interfaces {
      guard let function = interface.virtualFunction else { continue }
      if interface.key == next { open.append(function.name) }
      // A VF with an address of its own: its traffic comes in by either half.
      if function.name == next { open.append(interface.key) }
    }
    for doubt in pairing.doubts where doubt.members.contains(next) { open += doubt.members }
  }
  return found
}

private func isLoopback(_ address: String) -> Bool { address == "::1" || address.hasPrefix("127.") }
