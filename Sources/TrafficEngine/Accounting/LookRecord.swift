/// How often a worker looked at its receive queues while it measured.
///
/// The time stamp counter is read where the measured interval begins and ends, never for a look.
struct LookRecord: Equatable, Sendable {
  private(set) var looks: UInt64 = 0
  private(set) var cycles: UInt64 = 0
  private var round: UInt64 = 0
  /// Nil outside of the measured interval.
  private var start: (round: UInt64, cycles: UInt64)?

  static func == (first: Self, second: Self) -> Bool {
    first.looks == second.looks && first.cycles == second.cycles && first.round == second.round
  }

  /// To be told once a round, in which every queue is looked at once.
  @inline(__always)
  mutating func look(isMeasuring: Bool, clock: () -> UInt64) {
    if isMeasuring != (start != nil) { turn(at: clock()) }
    round &+= 1
  }

  /// To be told when there are no more rounds.
  mutating func end(clock: () -> UInt64) {
    if start != nil { turn(at: clock()) }
  }

  private mutating func turn(at now: UInt64) {
    if let start {
      looks &+= round &- start.round
      cycles &+= now &- start.cycles
      self.start = nil
    } else {
      start = (round, now)
    }
  }
}
