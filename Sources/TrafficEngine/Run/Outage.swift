import EngineMessages

/// One device that was removed while traffic ran: from its removal until its return has shown what it cost.
struct Outage {
  let place: Int
  let device: String
  let start: ContinuousClock.Instant
  /// Whether the device itself is gone, not only told to go: a failsafe takes its time.
  var isGone: Bool
  private(set) var end: ContinuousClock.Instant?
  private(set) var standstill = Duration.zero
  private(set) var resolution: Duration
  private(set) var lost: UInt64?
  private let isReceiving: Bool
  private var missingBefore: Int64?
  private var lostBefore: UInt64 = 0

  /// How long after a return the port is still watched.
  static let aftermath = Duration.seconds(1)

  /// - Parameters:
  ///   - movement: of its port up to now: the busier direction is the one that may stand still.
  ///   - missing: packets of the port's pair that were sent and had not arrived before; nil where nobody checks.
  init(
    of device: String, at place: Int, start: ContinuousClock.Instant, isGone: Bool, _ movement: PortMovement,
    missing: Int64?
  ) {
    self.place = place
    self.device = device
    self.start = start
    self.isGone = isGone
    isReceiving = movement.isReceiving
    // Packets that come seldom leave gaps without a removal.
    resolution = movement.busier.longestGap
    missingBefore = missing
  }

  /// The counters begin anew.
  mutating func goOn() {
    lostBefore = lost ?? 0
    if missingBefore != nil { missingBefore = 0 }
  }

  mutating func comeBack(at time: ContinuousClock.Instant) { if end == nil { end = time } }

  /// It was not back: a failsafe plugs in what it must give up again.
  mutating func goAgain(isGone: Bool) {
    end = nil
    self.isGone = isGone
  }

  /// Takes in a look at the counters of its port.
  mutating func look(at movement: PortMovement, missing: Int64?) {
    standstill = max(standstill, lane(of: movement).pause)
    resolution = max(resolution, movement.spacing)
    if let missing, let missingBefore {
      lost = lostBefore + UInt64(max(0, missing - missingBefore))
    }
  }

  /// Whether all has been seen: the second after the return is over, and something moved since.
  func isOver(at now: ContinuousClock.Instant, _ movement: PortMovement) -> Bool {
    guard let end else { return false }
    return end.duration(to: now) >= Self.aftermath && hasMoved(movement)
  }

  /// Whether something moved since the return.
  func hasMoved(_ movement: PortMovement) -> Bool { end.map { lane(of: movement).last > $0 } ?? false }

  private func lane(of movement: PortMovement) -> PortMovement.Lane { movement.lane(receiving: isReceiving) }

  /// - Parameter measuredStart: the zero of the run's time.
  func interruption(port: Int, measuredFrom measuredStart: ContinuousClock.Instant) -> Interruption {
    Interruption(
      port: port, device: device, elapsed: measuredStart.duration(to: start) / .seconds(1),
      absence: end.map { start.duration(to: $0) / .seconds(1) }, standstill: standstill / .seconds(1),
      resolution: resolution / .seconds(1), lost: lost)
  }
}
