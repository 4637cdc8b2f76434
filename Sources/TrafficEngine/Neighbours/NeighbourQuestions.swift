import EngineMessages

/// The neighbours that a run has to ask for before its traffic begins.
struct NeighbourQuestion: Equatable, Sendable {
  /// The position of the port that sends to it.
  let port: Int
  /// As the request gives the neighbour's address.
  let destination: String
  let request: NeighbourRequest
}

extension EngineRequest {
  /// Whose MAC addresses are not known: of every port that sends where an address to send to is given, and no MAC address.
  ///
  /// Every such address is taken to be on the port's own link, also one of another subnet: the engine has no routes. On Azure
  /// that is right, where the gateway answers for every address with its own MAC address; elsewhere what lies behind a
  /// router needs the router's MAC address as the destination's.
  ///
  /// Two ports of ours that are a pair in `loopback` are not asked for, nor is a port's own address.
  func neighbourQuestions(of ports: [PortDescription]) throws(EngineFailure) -> [NeighbourQuestion] {
    let endpoints = try PortEndpoints(of: self, for: ports)
    var questions: [NeighbourQuestion] = []
    for port in sendingPorts(of: ports.count) {
      let own = endpoints[ports[port]]
      guard own.destinationMAC == nil, let destination = own.destinationAddress else { continue }
      let source = try own.sourceAddress.map { text throws(EngineFailure) in try ipAddress(text) }
      let wanted = try ipAddress(destination)
      guard wanted != source else { continue }
      questions.append(
        NeighbourQuestion(
          port: port, destination: destination,
          request: NeighbourRequest(
            address: wanted, mac: try macAddress(own.sourceMAC ?? ports[port].mac), source: source, vlan: vlan)))
    }
    return questions
  }

  /// Those that send to a peer which is not a port of ours.
  private func sendingPorts(of count: Int) -> [Int] {
    switch mode {
    case .tx: Array(0..<count)
    case .forward: forwarding == .io ? [] : Array(0..<count)
    case .loopback, .rfc2544: PortPair.pairs(ofPorts: count).filter { $0.first == $0.second }.map(\.first)
    case .rx, .reflect: []
    }
  }

  /// This request with the MAC address of the peer of one port filled in.
  func resolving(_ port: PortDescription, of ports: [PortDescription], to mac: MACAddress) throws(EngineFailure) -> Self
  {
    var endpoints = try PortEndpoints(of: self, for: ports)[port]
    endpoints.destinationMAC = mac.text
    var request = self
    request.portEndpoints = portEndpoints.filter { MACAddress(parsing: $0.key)?.text != port.mac }
    request.portEndpoints[port.mac] = endpoints
    return request
  }
}
