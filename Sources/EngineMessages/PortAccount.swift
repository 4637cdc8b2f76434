/// Packets of one port from its first to its last, as the engine counted them and as the port did (`rte_eth_stats`).
///
/// Read when every worker has returned: nothing is under way on our side. The two must agree but for what may lie in the port's
/// queues; where they do not, one of them is wrong about the traffic. Counters that began anew meanwhile are not compared.
public struct PortAccount: Codable, Equatable, Sendable {
  /// Handed to us by the port.
  public var received: UInt64
  /// `ipackets`
  public var portReceived: UInt64
  /// The most that the port may have counted when it came from the wire, and not have handed to us: descriptors of all receive
  /// queues. It may be as many too few, which lay there when counting began.
  public var unread: UInt64
  /// Taken from us by the port.
  public var sent: UInt64
  /// `opackets`
  public var portSent: UInt64
  /// `oerrors`: not sent. Some drivers have taken them from us (`net_af_packet`), others left them to us (`net_tap`).
  public var portSendErrors: UInt64
  /// The most that the port may have taken and not yet counted as sent: descriptors of all transmit queues.
  public var uncompleted: UInt64
  /// How it shows that the port's counters began anew while the run lasted; nil where they did not.
  public var restart: Restart?

  /// What a port whose counters began anew was seen to do.
  public enum Restart: String, Codable, CaseIterable, Sendable {
    /// Its link was down, and it counted fewer packets than the engine: `net_memif` begins anew when its peer goes.
    case linkDown
    /// It, or a sub-device of it, was removed, and it counted fewer packets than the engine.
    case removed
    /// It counted less than it had before.
    case lower
  }

  public init(
    received: UInt64, portReceived: UInt64, unread: UInt64, sent: UInt64, portSent: UInt64, portSendErrors: UInt64,
    uncompleted: UInt64, restart: Restart? = nil
  ) {
    self.received = received
    self.portReceived = portReceived
    self.unread = unread
    self.sent = sent
    self.portSent = portSent
    self.portSendErrors = portSendErrors
    self.uncompleted = uncompleted
    self.restart = restart
  }
}

extension PortAccount {
  /// Received packets by which the two counts differ, and that no queue can hold; zero where they agree, or cannot be compared.
  public var receivedDifference: UInt64 {
    if restart != nil { return 0 }
    return excess(of: max(received, portReceived) - min(received, portReceived), over: unread)
  }

  /// Sent packets by which the two counts differ, and that neither a queue nor an error explains; zero where they agree, or
  /// cannot be compared.
  public var sentDifference: UInt64 {
    if restart != nil { return 0 }
    let (most, isTooMuch) = portSent.addingReportingOverflow(portSendErrors)
    if portSent > sent { return excess(of: portSent - sent, over: uncompleted) }
    return isTooMuch || sent <= most ? 0 : excess(of: sent - most, over: uncompleted)
  }

  private func excess(of difference: UInt64, over allowed: UInt64) -> UInt64 {
    difference > allowed ? difference - allowed : 0
  }
}
