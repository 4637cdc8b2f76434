/// A fault that is raised on purpose while traffic runs, to see what it costs.
public struct Drill: Codable, Equatable, Sendable {
  public var kind: Kind
  /// Seconds of measured traffic before it.
  public var after: Double

  public enum Kind: String, NamedChoice, Sendable {
    /// The engine raises the removal event (`RTE_ETH_EVENT_INTR_RMV`) of the first sub-device of every failsafe, as the driver
    /// of a VF does that is revoked: failsafe closes it, and looks for it again every two seconds (`hotplug_poll`).
    case revoke
    /// Somebody else takes the sub-device away and gives it back: the engine only waits for it and measures.
    case watch
  }

  public init(kind: Kind, after: Double) {
    self.kind = kind
    self.after = after
  }

  enum CodingKeys: String, CodingKey, CaseIterable { case kind, after }

  public init(from decoder: any Decoder) throws {
    try decoder.refuseUnknownKeys(of: CodingKeys.self)
    let values = try decoder.container(keyedBy: CodingKeys.self)
    kind = try values.decode(Kind.self, forKey: .kind)
    after = try values.decode(Double.self, forKey: .after)
  }
}

extension Drill {
  /// Reads `revoke`, `watch`, or one of them with the seconds before it, as `revoke@2.5`; without, it is one second.
  ///
  /// - Returns: nil for anything else.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    guard let kind = parts.first.flatMap({ Kind(rawValue: String($0)) }) else { return nil }
    var after = 1.0
    if parts.count == 2 {
      guard let seconds = Double(parts[1]), seconds >= 0, seconds.isFinite else { return nil }
      after = seconds
    }
    self.init(kind: kind, after: after)
  }

  /// Why no engine can serve it in a run; nil where one may.
  func objection(in request: EngineRequest) -> String? {
    if !(after >= 0 && after <= 1e9) { return "drill after '\(after)' is not a number of seconds: change --drill" }
    if request.mode == .rfc2544 {
      return "drill '\(kind.rawValue)' does not go with mode 'rfc2544', whose trials it would fail: leave out --drill"
    }
    if let duration = request.duration, after >= duration {
      return "drill after '\(after)' is not within the \(duration) seconds measured: change --drill or --duration"
    }
    return nil
  }
}
