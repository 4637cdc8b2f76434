/// Says when what was under way as the senders stopped has arrived, or will not any more.
struct DrainWatch {
  private let silence: Duration
  private let deadline: ContinuousClock.Instant
  private var arrived: UInt64 = 0
  private var received: UInt64 = 0
  /// Of a packet that came for the first time.
  private var lastArrival: ContinuousClock.Instant
  /// Of any packet.
  private var lastReception: ContinuousClock.Instant
  /// When every packet had come once.
  private var completion: ContinuousClock.Instant?

  /// What packets under way have of time to arrive after the last was sent.
  static let longestDrain = Duration.seconds(2)
  /// Where this long nothing came any more, second copies will not either.
  static let copies = Duration.milliseconds(20)

  /// - Parameter silence: where this long nothing arrived any more, nothing will.
  init(silence: Duration, from start: ContinuousClock.Instant) {
    self.silence = silence
    deadline = start + max(Self.longestDrain, silence)
    lastArrival = start
    lastReception = start
  }

  /// Takes in the counters of all ports.
  ///
  /// - Parameter isAllSent: whether no worker sends any more.
  mutating func isOver(_ totals: [PacketTotals], isAllSent: Bool, at now: ContinuousClock.Instant) -> Bool {
    let arrivedNow = totals.reduce(0) { $0 + $1.arrived }
    let receivedNow = totals.reduce(0) { $0 + $1.rxPackets }
    if arrivedNow != arrived { lastArrival = now }
    if receivedNow != received { lastReception = now }
    (arrived, received) = (arrivedNow, receivedNow)
    if now >= deadline { return true }
    guard isAllSent else { return false }
    guard arrived >= totals.reduce(0, { $0 + $1.txPackets }) else { return now > lastArrival + silence }
    let completion = self.completion ?? now
    self.completion = completion
    // Strangers' packets may never end: they are not waited for any longer than a packet of ours.
    return now >= lastReception + min(silence, Self.copies) || now >= completion + silence
  }
}
