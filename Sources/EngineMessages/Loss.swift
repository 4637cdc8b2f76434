/// Sent against arrived over the whole run, warm-up and drain included, by sequence number.
///
/// Each receive queue tells by what came on it: where the packets of one stream come on several, as those of a device that
/// hashes unlike the engine's flows may, a copy on another queue is taken for a first one, which hides a loss, and an order
/// between two queues is not seen.
public struct Loss: Codable, Equatable, Sendable {
  /// Taken by the sending ports.
  public var sent: UInt64
  /// Arrived for the first time.
  public var received: UInt64
  /// Sent and never seen intact: the damaged ones are among them.
  public var lost: UInt64
  /// Arrived with a sequence number lower than one seen before in the same flow (RFC 4737).
  public var reordered: UInt64
  /// Arrived again, within 20 ms of the last arrival at the end of a run.
  public var duplicated: UInt64
  /// Arrived without our mark.
  public var foreign: UInt64
  /// Arrived with our mark, and another length, checksum or payload than it was sent with; not among ``received``.
  public var damaged: UInt64

  public init(
    sent: UInt64, received: UInt64, lost: UInt64, reordered: UInt64, duplicated: UInt64 = 0, foreign: UInt64,
    damaged: UInt64 = 0
  ) {
    self.sent = sent
    self.received = received
    self.lost = lost
    self.reordered = reordered
    self.duplicated = duplicated
    self.foreign = foreign
    self.damaged = damaged
  }

  /// Reads what an engine wrote; one that did not tell duplicates, or damaged ones, apart saw none.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    sent = try values.decode(UInt64.self, forKey: .sent)
    received = try values.decode(UInt64.self, forKey: .received)
    lost = try values.decode(UInt64.self, forKey: .lost)
    reordered = try values.decode(UInt64.self, forKey: .reordered)
    duplicated = try values.decodeIfPresent(UInt64.self, forKey: .duplicated) ?? 0
    foreign = try values.decode(UInt64.self, forKey: .foreign)
    damaged = try values.decodeIfPresent(UInt64.self, forKey: .damaged) ?? 0
  }
}
