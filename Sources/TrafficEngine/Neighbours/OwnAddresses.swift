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

/// - Throws: `EngineFailure` that quotes the text and says how to write one.
func macAddress(_ text: String) throws(EngineFailure) -> MACAddress {
  guard let address = MACAddress(parsing: text) else {
    throw EngineFailure(message: "'\(text)' is not a MAC address: write it as 02:00:00:00:00:01")
  }
  return address
}

/// - Throws: `EngineFailure` that quotes the text and says how to write one.
func ipAddress(_ text: String) throws(EngineFailure) -> IPAddress {
  guard let address = IPAddress(parsing: text) else {
    throw EngineFailure(message: "'\(text)' is not an IP address: write it as 198.18.0.1 or 2001:2::1")
  }
  return address
}
