/// Packets of one port from its first to its last, as the engine counted them and as the port did (`rte_eth_stats`).
///
/// Read when every worker has returned: nothing is under way on our side. The two must agree; where they do not, one of
/// them is wrong about the traffic.
public struct PortAccount: Codable, Equatable, Sendable {
  /// Handed to us by the port.
  public var received: UInt64
  /// `ipackets`
  public var portReceived: UInt64
  /// Taken from us by the port.
  public var sent: UInt64
  /// `opackets`
  public var portSent: UInt64
  /// `oerrors`: taken from us, and not sent.
  public var portSendErrors: UInt64

  public init(received: UInt64, portReceived: UInt64, sent: UInt64, portSent: UInt64, portSendErrors: UInt64) {
    self.received = received
    self.portReceived = portReceived
    self.sent = sent
    self.portSent = portSent
    self.portSendErrors = portSendErrors
  }
}
