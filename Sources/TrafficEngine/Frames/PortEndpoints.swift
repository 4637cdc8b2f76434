import EngineMessages

/// Where the flows of each port come from and go to, by its MAC address.
struct PortEndpoints: Equatable, Sendable {
  private let common: FlowEndpoints
  private var single: [String: FlowEndpoints] = [:]

  /// - Throws: `EngineFailure` for a key that is no MAC address, that comes twice, or that none of the ports has.
  init(of request: EngineRequest, for ports: [PortDescription]) throws(EngineFailure) {
    common = request.endpoints
    for (key, endpoints) in request.portEndpoints.sorted(by: { $0.key < $1.key }) {
      guard let mac = MACAddress(parsing: key)?.text else {
        throw EngineFailure(message: "'\(key)' is not a MAC address: write it as 02:00:00:00:00:01")
      }
      guard ports.contains(where: { $0.mac == mac }) else {
        let there = ports.map { "'\($0.name)' \($0.mac)" }.joined(separator: ", ")
        throw EngineFailure(message: "no port has MAC address '\(mac)', to send flows of its own: there are \(there)")
      }
      guard single.updateValue(endpoints.filled(from: common), forKey: mac) == nil else {
        throw EngineFailure(message: "MAC address '\(mac)' has flows of its own twice: name it once")
      }
    }
  }

  subscript(port: PortDescription) -> FlowEndpoints { single[port.mac] ?? common }

  /// The ports in an order in which those that send to each other are neighbours, the first of them first; behind them, in
  /// their own order, those that do not.
  func paired(_ ports: [PortDescription]) -> [PortDescription] {
    var left = ports
    var pairs: [PortDescription] = []
    var others: [PortDescription] = []
    while !left.isEmpty {
      let first = left.removeFirst()
      let target = single[first.mac]?.destinationAddress
      if let target, let second = left.firstIndex(where: { single[$0.mac]?.sourceAddress == target }) {
        pairs += [first, left.remove(at: second)]
      } else {
        others.append(first)
      }
    }
    return pairs + others
  }
}
