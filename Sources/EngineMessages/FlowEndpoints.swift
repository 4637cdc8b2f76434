/// Addresses and ports of the UDP flows that the engine builds; what is nil the engine chooses.
public struct FlowEndpoints: Codable, Equatable, Sendable {
  /// As `02:00:00:00:00:01`; nil takes the sending port's own.
  public var sourceMAC: String?
  /// Nil takes the receiving port's in `loopback`, and a locally administered one elsewhere.
  public var destinationMAC: String?
  /// As `198.18.0.1`; nil takes one of the range that RFC 2544 sets aside for tests.
  public var sourceAddress: String?
  /// As ``sourceAddress``.
  public var destinationAddress: String?
  /// UDP source port of the first flow; the others count up from it. Nil takes 49152.
  public var sourcePort: Int?
  /// Nil takes 9, the discard service.
  public var destinationPort: Int?

  public init(
    sourceMAC: String? = nil, destinationMAC: String? = nil, sourceAddress: String? = nil,
    destinationAddress: String? = nil, sourcePort: Int? = nil, destinationPort: Int? = nil
  ) {
    self.sourceMAC = sourceMAC
    self.destinationMAC = destinationMAC
    self.sourceAddress = sourceAddress
    self.destinationAddress = destinationAddress
    self.sourcePort = sourcePort
    self.destinationPort = destinationPort
  }
}

extension FlowEndpoints {
  /// These, with what is nil taken from others.
  public func filled(from others: Self) -> Self {
    FlowEndpoints(
      sourceMAC: sourceMAC ?? others.sourceMAC, destinationMAC: destinationMAC ?? others.destinationMAC,
      sourceAddress: sourceAddress ?? others.sourceAddress,
      destinationAddress: destinationAddress ?? others.destinationAddress,
      sourcePort: sourcePort ?? others.sourcePort, destinationPort: destinationPort ?? others.destinationPort)
  }
}
