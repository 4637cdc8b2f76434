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
    /// `RTE_ETH_EVENT_INTR_RMV`, or a sub-device that is gone: a VF in servicing.
    case removed
    /// `RTE_ETH_EVENT_NEW`, or a sub-device that is there again.
    case added
    /// `RTE_ETH_EVENT_INTR_LSC` with the link down.
    case linkDown
    case linkUp
    /// `RTE_ETH_EVENT_INTR_RESET`: the port has to be reset, or was.
    case reset
    /// A sample without one packet on a port that moved some before.
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

/// What an event, or a drill, cost a port.
public struct Interruption: Codable, Equatable, Sendable {
  public var port: Int
  /// The device that went, and came back.
  public var device: String
  /// Seconds of measured traffic before it went.
  public var elapsed: Double
  /// Seconds from its removal until it was there again; nil where it did not come back while the run lasted.
  public var absence: Double?
  /// The longest that the port received nothing, from its removal to the end of the second after its return, in seconds.
  public var standstill: Double

  public init(port: Int, device: String, elapsed: Double, absence: Double?, standstill: Double) {
    self.port = port
    self.device = device
    self.elapsed = elapsed
    self.absence = absence
    self.standstill = standstill
  }
}
