/// When one port moved packets last, by looks at its counters.
struct PortMovement: Equatable, Sendable {
  /// One direction.
  struct Lane: Equatable, Sendable {
    private(set) var packets: UInt64 = 0
    /// The last look that found more packets than the one before; the first look where there are none yet.
    private(set) var last: ContinuousClock.Instant
    /// How long nothing had moved when the last look came.
    private(set) var pause = Duration.zero
    /// The longest pause between two packets so far, but for those that a removal made.
    private(set) var longestGap = Duration.zero

    init(at time: ContinuousClock.Instant) { last = time }

    fileprivate mutating func look(at now: ContinuousClock.Instant, packets: UInt64, isDisturbed: Bool) {
      pause = last.duration(to: now)
      if packets != self.packets {
        if self.packets > 0, !isDisturbed { longestGap = max(longestGap, pause) }
        last = now
      }
      self.packets = packets
    }
  }

  private var received: Lane
  private var sent: Lane
  private var lastLook: ContinuousClock.Instant
  /// From the look before to the last one.
  private(set) var spacing = Duration.zero

  init(at time: ContinuousClock.Instant) {
    received = Lane(at: time)
    sent = Lane(at: time)
    lastLook = time
  }

  /// - Parameter isDisturbed: whether a device beneath the port is away, or came back just now.
  mutating func look(at now: ContinuousClock.Instant, received: UInt64, sent: UInt64, isDisturbed: Bool) {
    spacing = lastLook.duration(to: now)
    lastLook = now
    self.received.look(at: now, packets: received, isDisturbed: isDisturbed)
    self.sent.look(at: now, packets: sent, isDisturbed: isDisturbed)
  }

  /// Whether more came in than went out so far.
  var isReceiving: Bool { received.packets >= sent.packets }

  func lane(receiving: Bool) -> Lane { receiving ? received : sent }

  /// When anything moved last.
  var last: ContinuousClock.Instant { max(received.last, sent.last) }

  /// The direction in which more has moved so far.
  var busier: Lane { lane(receiving: isReceiving) }
}
