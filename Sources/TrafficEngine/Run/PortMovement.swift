/// When one port moved packets last, by looks at its counters.
struct PortMovement: Equatable, Sendable {
  /// One direction.
  struct Lane: Equatable, Sendable {
    private(set) var packets: UInt64 = 0
    /// The last look that found more packets than the one before; the first look where there are none yet.
    private(set) var last: ContinuousClock.Instant
    /// How long nothing had moved when the last look came.
    private(set) var pause = Duration.zero

    init(at time: ContinuousClock.Instant) { last = time }

    fileprivate mutating func look(at now: ContinuousClock.Instant, packets: UInt64) {
      pause = last.duration(to: now)
      if packets != self.packets { last = now }
      self.packets = packets
    }
  }

  private(set) var received: Lane
  private(set) var sent: Lane
  /// When it was looked at last, and the time before that.
  private(set) var lastLook: ContinuousClock.Instant
  private(set) var spacing = Duration.zero

  init(at time: ContinuousClock.Instant) {
    received = Lane(at: time)
    sent = Lane(at: time)
    lastLook = time
  }

  mutating func look(at now: ContinuousClock.Instant, _ totals: PacketTotals) {
    spacing = lastLook.duration(to: now)
    lastLook = now
    received.look(at: now, packets: totals.rxPackets)
    sent.look(at: now, packets: totals.txPackets)
  }

  /// When anything moved last.
  var last: ContinuousClock.Instant { max(received.last, sent.last) }

  var hasMoved: Bool { received.packets > 0 || sent.packets > 0 }
}
