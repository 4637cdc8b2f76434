import EngineMessages

/// The addresses of the ports of a run.
struct OwnAddresses: Equatable, Sendable {
  /// By the position of the port; nil of one that has none, and answers nothing.
  let addresses: [OwnAddress?]

  /// - Throws: `EngineFailure` for what is no address.
  init(of request: EngineRequest, for ports: [PortDescription]) throws(EngineFailure) {
    let endpoints = try PortEndpoints(of: request, for: ports)
    addresses = try ports.map { port throws(EngineFailure) in
      let own = endpoints[port]
      guard let source = own.sourceAddress else { return nil }
      return OwnAddress(mac: try macAddress(own.sourceMAC ?? port.mac), address: try ipAddress(source))
    }
  }

  var areNone: Bool { addresses.allSatisfy { $0 == nil } }
}
