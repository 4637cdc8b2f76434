/// Something that happened to a port, or to a sub-device beneath it, while traffic ran.
public struct PortEvent: Codable, Equatable, Sendable {
  /// Seconds of measured traffic so far; negative during warm-up.
  public var elapsed: Double
  /// The port that traffic runs on; nil where a sub-device's master is not known.
  public var port: Int?
  /// The device that it happened to: the port's own name, or a sub-device's.
  public var device: String
  public var kind: Kind

  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// `RTE_ETH_EVENT_INTR_RMV` or `RTE_ETH_EVENT_DESTROY`, or a sub-device that is gone without either: a VF in servicing.
    case removed
    /// `RTE_ETH_EVENT_NEW`, or a sub-device that is there again.
    case added
    /// The link went down: `RTE_ETH_EVENT_INTR_LSC`, or seen by looking ten times a second.
    case linkDown
    case linkUp
    /// `RTE_ETH_EVENT_INTR_RESET`, `RTE_ETH_EVENT_ERR_RECOVERING` or `RTE_ETH_EVENT_RECOVERY_FAILED`: the port has to be
    /// reset, or resets itself.
    case reset
    /// Not one packet for the period of a sample, and half a second at least; the next time for twice as long. In `loopback`
    /// of a port that sends, none that it had sent arrived.
    case silent
    /// The first packets after ``silent``.
    case resumed
  }

  public init(elapsed: Double, port: Int?, device: String, kind: Kind) {
    self.elapsed = elapsed
    self.port = port
    self.device = device
    self.kind = kind
  }
}

/// What the removal of a device cost the port that it carried packets for.
///
/// A removal is told by the driver, which says so itself; a return when the device's master owns it again.
public struct Interruption: Codable, Equatable, Sendable {
  /// The master's, or the port's own number.
  public var port: Int
  /// The device that went, and came back.
  public var device: String
  /// Seconds of measured traffic before it went.
  public var elapsed: Double
  /// Seconds from its removal until it was there again; nil where it did not come back while the run lasted.
  public var absence: Double?
  /// The longest that nothing of what the port's pair sent arrived, where arrival is checked, or else that nothing moved in the
  /// direction in which more had moved; from its removal until a second after its return, and until something moved again;
  /// in seconds.
  public var standstill: Double
  /// How much ``standstill`` may be off, in seconds: the longest that nobody looked at the counters meanwhile, or the longest
  /// gap between two packets before.
  public var resolution: Double
  /// Packets that the port's pair sent and that did not arrive meanwhile, never more than the whole run lost. What was under way
  /// at either moment makes it inexact by as many. Nil where nobody checks arrival.
  public var lost: UInt64?

  public init(
    port: Int, device: String, elapsed: Double, absence: Double?, standstill: Double, resolution: Double,
    lost: UInt64? = nil
  ) {
    self.port = port
    self.device = device
    self.elapsed = elapsed
    self.absence = absence
    self.standstill = standstill
    self.resolution = resolution
    self.lost = lost
  }
}
