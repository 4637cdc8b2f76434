import EngineMessages

/// Owned ports by the master that they lie beneath.
struct ClaimedPorts: Equatable, Sendable {
  /// One row a master, in their order.
  let claimed: [[Subdevice]]
  /// Those whose master is not known.
  let unclaimed: [Subdevice]
  /// The place of the master that goes by an owner's number, which it keeps while sub-devices come and go.
  let places: [UInt64: Int]

  /// Finds each port's master.
  ///
  /// DPDK tells a port's owner by a number and a name. The number is one a master, but which one's it does not say, so all
  /// ports with a number go to one master:
  /// - A netvsc calls itself by its device.
  /// - Every failsafe calls itself `Fail-safe`. Its devargs name its sub-devices, for a net_vdev_netvsc the TAP alone, as the
  ///   VF comes through a pipe.
  /// - Where they name none (`exec`, `fd`, or a TAP that did not come up), it is the one failsafe with the MAC address of one
  ///   of the ports: a failsafe takes over that of the first sub-device that comes up.
  init(of ports: [OwnedPort], by masters: [MasterPort]) {
    var claimed = masters.map { _ in [Subdevice]() }
    var unclaimed: [Subdevice] = []
    var places: [UInt64: Int] = [:]
    var owners: [UInt64] = []
    for port in ports where !owners.contains(port.ownerID) { owners.append(port.ownerID) }
    for owner in owners {
      let group = ports.filter { $0.ownerID == owner }
      if let master = Self.master(of: group, among: masters) {
        claimed[master] += group.map(\.subdevice)
        places[owner] = master
      } else {
        unclaimed += group.map(\.subdevice)
      }
    }
    self.claimed = claimed
    self.unclaimed = unclaimed
    self.places = places
  }

  private static func master(of group: [OwnedPort], among masters: [MasterPort]) -> Int? {
    guard let owner = group.first?.ownerName else { return nil }
    func only(_ isMaster: (MasterPort) -> Bool) -> Int? {
      let found = masters.indices.filter { isMaster(masters[$0]) }
      return found.count == 1 ? found.first : nil
    }
    if owner != failsafeOwner { return only { $0.device == owner } }
    return only { master in group.contains { master.subdevices.contains($0.device) } }
      ?? only { master in master.driver == "net_failsafe" && group.contains { $0.subdevice.mac == master.mac } }
  }

  /// `FAILSAFE_OWNER_NAME` of the PMD.
  private static let failsafeOwner = "Fail-safe"
}

/// The devices that a failsafe's devargs name in `dev(…)`, without their own devargs.
func failsafeSubdevices(in devargs: String) -> [String] {
  var names: [String] = []
  var depth = 0
  var word = ""
  var isName = false
  for character in devargs {
    switch character {
    case "(":
      isName = depth == 0 && word == "dev"
      depth += 1
      word = ""
    case ",", ")":
      if isName, depth == 1, !word.isEmpty { names.append(word) }
      isName = false
      if character == ")" { depth -= 1 }
      word = ""
    default: word.append(character)
    }
  }
  return names
}
