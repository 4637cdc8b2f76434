import Synchronization

/// Where a run stands: written by the main lcore, read by every worker once a round.
final class RunPhase: Sendable {
  enum Phase: UInt8 {
    /// Traffic runs, nothing is recorded.
    case warmUp
    /// Traffic runs and is recorded.
    case measuring
    /// Nothing is sent any more; what is under way may arrive.
    case draining
    /// Workers return.
    case over
  }

  /// Workers that know that the run drains: they send nothing from then on.
  private let resting = Atomic<Int>(0)
  private let raw = Atomic<UInt8>(Phase.warmUp.rawValue)

  func move(to phase: Phase) { raw.store(phase.rawValue, ordering: .releasing) }

  func rest() { resting.add(1, ordering: .releasing) }

  var restingWorkers: Int { resting.load(ordering: .acquiring) }

  @inline(__always)
  var isOver: Bool { raw.load(ordering: .relaxed) == Phase.over.rawValue }

  @inline(__always)
  var isSending: Bool { raw.load(ordering: .relaxed) < Phase.draining.rawValue }

  @inline(__always)
  var isMeasuring: Bool { raw.load(ordering: .relaxed) == Phase.measuring.rawValue }
}
