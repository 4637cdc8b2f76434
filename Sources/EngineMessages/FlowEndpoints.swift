/// Addresses and ports of the UDP flows that the engine builds; what is nil the engine chooses.
public struct FlowEndpoints: Codable, Equatable, Sendable {
  /// As `02:00:00:00:00:01`; nil takes the sending port's own.
  public var sourceMAC: String?
  /// Nil takes the receiving port's in `loopback`, and a locally administered one elsewhere.
  public var destinationMAC: String?
  /// As `198.18.0.1` or `2001:2::1`; nil takes one of the ranges that RFC 2544 and, for
  /// IPv6, RFC 5180 set aside for tests.
  ///
  /// In `rx`, `forward` and `reflect` the port's own: it answers ARP, neighbour solicitation and ICMP echo for it. Nil
  /// answers nothing, and costs nothing. In `tx`, `loopback` and `rfc2544` nobody answers for it while traffic runs: a router
  /// on the way, which looks for its neighbours, needs static entries for them.
  public var sourceAddress: String?
  /// As ``sourceAddress``, and of the same family. Where it is given and ``destinationMAC`` is not, its MAC address is asked
  /// for by ARP or neighbour discovery before traffic begins.
  public var destinationAddress: String?
  /// Addresses from ``sourceAddress`` up that flows take in turn; nil takes the one.
  public var sourceAddresses: Int?
  /// As ``sourceAddresses``.
  public var destinationAddresses: Int?
  /// UDP source port of the first flow; the others count up from it. Nil takes 49152.
  public var sourcePort: Int?
  /// Nil takes 9, the discard service.
  public var destinationPort: Int?
  /// Ports from ``destinationPort`` up that flows take in turn; nil takes the one.
  public var destinationPorts: Int?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case sourceMAC, destinationMAC, sourceAddress, destinationAddress, sourceAddresses, destinationAddresses, sourcePort
    case destinationPort, destinationPorts
  }

  public init(
    sourceMAC: String? = nil, destinationMAC: String? = nil, sourceAddress: String? = nil,
    destinationAddress: String? = nil, sourceAddresses: Int? = nil, destinationAddresses: Int? = nil,
    sourcePort: Int? = nil, destinationPort: Int? = nil, destinationPorts: Int? = nil
  ) {
    self.sourceMAC = sourceMAC
    self.destinationMAC = destinationMAC
    self.sourceAddress = sourceAddress
    self.destinationAddress = destinationAddress
    self.sourceAddresses = sourceAddresses
    self.destinationAddresses = destinationAddresses
    self.sourcePort = sourcePort
    self.destinationPort = destinationPort
    self.destinationPorts = destinationPorts
  }
}

extension FlowEndpoints {
  /// Reads endpoints; what is left out stays nil.
  public init(from decoder: any Decoder) throws {
    try decoder.refuseUnknownKeys(of: CodingKeys.self)
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      sourceMAC: try values.decodeNamed(String.self, forKey: .sourceMAC),
      destinationMAC: try values.decodeNamed(String.self, forKey: .destinationMAC),
      sourceAddress: try values.decodeNamed(String.self, forKey: .sourceAddress),
      destinationAddress: try values.decodeNamed(String.self, forKey: .destinationAddress),
      sourceAddresses: try values.decodeNamed(Int.self, forKey: .sourceAddresses),
      destinationAddresses: try values.decodeNamed(Int.self, forKey: .destinationAddresses),
      sourcePort: try values.decodeNamed(Int.self, forKey: .sourcePort),
      destinationPort: try values.decodeNamed(Int.self, forKey: .destinationPort),
      destinationPorts: try values.decodeNamed(Int.self, forKey: .destinationPorts))
  }

  /// These, with what is nil taken from others.
  public func filled(from others: Self) -> Self {
    FlowEndpoints(
      sourceMAC: sourceMAC ?? others.sourceMAC, destinationMAC: destinationMAC ?? others.destinationMAC,
      sourceAddress: sourceAddress ?? others.sourceAddress,
      destinationAddress: destinationAddress ?? others.destinationAddress,
      sourceAddresses: sourceAddresses ?? others.sourceAddresses,
      destinationAddresses: destinationAddresses ?? others.destinationAddresses,
      sourcePort: sourcePort ?? others.sourcePort, destinationPort: destinationPort ?? others.destinationPort,
      destinationPorts: destinationPorts ?? others.destinationPorts)
  }
}
