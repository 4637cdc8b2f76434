import CDPDK
import EngineMessages

/// A port at one moment.
struct PortState: Equatable, Sendable {
  /// Nil where nobody asked.
  var isUp: Bool?
  /// Names of what lies beneath it.
  var subdevices: [String]
}

extension Ports {
  /// Every port's sub-devices now, with its link where that is asked for.
  ///
  /// - Parameter places: the place of each master by its owner's number; filled in where an owner is new.
  func states(_ places: inout [UInt64: Int], withLinks: Bool = true) throws -> [PortState] {
    let owned = ownedNames()
    if owned.contains(where: { places[$0.ownerID] == nil }) {
      for (owner, place) in try subdevices().places { places[owner] = place }
    }
    return try (0..<count).map { place in
      PortState(
        isUp: withLinks ? try linkIsUp(place) : nil,
        subdevices: owned.filter { places[$0.ownerID] == place }.map(\.name))
    }
  }

  /// Raises the removal of the first sub-device of every failsafe, as its driver would.
  ///
  /// The first is the one that packets are sent through: a TAP only where there is nothing else.
  ///
  /// - Throws: ``EngineFailure`` where there is none.
  func revokeFirstSubdevices() throws {
    let beneath = try subdevices()
    let names = zip(masters, beneath.claimed).compactMap { master, subdevices -> String? in
      guard master.driver == "net_failsafe" else { return nil }
      let inOrder = master.subdevices.compactMap { name in subdevices.first { $0.name == name } }
      let all = subdevices.filter { !inOrder.contains($0) } + inOrder
      return (all.first { $0.driver != "net_tap" } ?? all.first)?.name
    }
    guard !names.isEmpty else { throw EngineFailure(message: "drill 'revoke' found no sub-device left to revoke") }
    try onInterruptThread {
      Result { () throws(DPDKError) in
        for name in names { try check(cdpdk_raise_removal(name), "rte_eth_dev_callback_process", on: "port '\(name)'") }
      }
    }.get()
  }
}

extension Drill {
  /// Why it cannot be made on these ports; nil where it can.
  func objection(on ports: [PortDescription]) -> String? {
    switch kind {
    case .revoke where !ports.contains { $0.driver == "net_failsafe" && !$0.subdevices.isEmpty }:
      "drill 'revoke' requires a net_failsafe with a sub-device, which would plug it in again: there is none"
    case .watch where !ports.contains { !$0.subdevices.isEmpty }:
      "drill 'watch' requires a port with a sub-device that can go and come back: there is none"
    default: nil
    }
  }
}
