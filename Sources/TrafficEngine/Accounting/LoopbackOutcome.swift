import EngineMessages

/// What receivers saw; that of several adds up.
struct LoopbackOutcome {
  var arrived: UInt64 = 0
  var reordered: UInt64 = 0
  var duplicated: UInt64 = 0
  var foreign: UInt64
  var damaged: UInt64 = 0
  var latency: LatencyRecord

  /// What did not arrive of `sent` packets; second copies make good for nothing.
  func loss(ofSent sent: UInt64) -> Loss {
    Loss(
      sent: sent, received: arrived, lost: sent > arrived ? sent - arrived : 0, reordered: reordered,
      duplicated: duplicated, foreign: foreign, damaged: damaged)
  }

  mutating func add(_ other: Self) {
    arrived += other.arrived
    reordered += other.reordered
    duplicated += other.duplicated
    foreign += other.foreign
    damaged += other.damaged
    latency.add(other.latency)
  }
}
