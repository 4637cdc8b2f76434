/// A fault that is raised on purpose while traffic runs, to see what it costs.
public struct Drill: Codable, Equatable, Sendable {
  public var kind: Kind
  /// Seconds of measured traffic before it.
  public var after: Double

  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// The engine raises the removal event (`RTE_ETH_EVENT_INTR_RMV`) of the first sub-device of every failsafe, as the driver
    /// of a VF does that is revoked: failsafe closes it, and looks for it again every two seconds.
    case revoke
    /// Somebody else takes the sub-device away and gives it back: the engine only waits for it and measures.
    case watch
  }

  public init(kind: Kind, after: Double) {
    self.kind = kind
    self.after = after
  }

  public init(from decoder: any Decoder) throws {
    try decoder.refuseUnknownKeys(of: CodingKeys.self)
    let values = try decoder.container(keyedBy: CodingKeys.self)
    kind = try values.decode(Kind.self, forKey: .kind)
    after = try values.decode(Double.self, forKey: .after)
  }
}
