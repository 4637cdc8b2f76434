import Synchronization

/// Where a run stands: written by the main lcore, read by every worker once a round.
final class RunPhase: Sendable {
  enum Phase: UInt8, Comparable {
    /// Traffic runs, nothing is recorded.
    case warmUp
    /// Traffic runs and is recorded.
    case measuring
    /// Nothing is sent any more; what is under way may arrive.
    case draining
    /// Workers return.
    case over

    static func < (first: Self, second: Self) -> Bool { first.rawValue < second.rawValue }
  }

  private let raw: Atomic<UInt8>
  /// Workers that know that their measured interval has begun.
  private let begun = Atomic<Int>(0)
  /// Workers that know that the run drains: they send nothing from then on.
  private let resting = Atomic<Int>(0)
  /// Workers that sent all that they were to send.
  private let finished = Atomic<Int>(0)

  /// - Parameter hasWarmUp: without one every packet is in the measured interval, from the first on.
  init(hasWarmUp: Bool = true) { raw = Atomic((hasWarmUp ? Phase.warmUp : .measuring).rawValue) }

  func move(to phase: Phase) { raw.store(phase.rawValue, ordering: .releasing) }

  fileprivate func begin() { begun.add(1, ordering: .releasing) }

  var begunWorkers: Int { begun.load(ordering: .acquiring) }

  fileprivate func rest() { resting.add(1, ordering: .releasing) }

  var restingWorkers: Int { resting.load(ordering: .acquiring) }

  func finish() { finished.add(1, ordering: .releasing) }

  var finishedWorkers: Int { finished.load(ordering: .acquiring) }

  @inline(__always)
  fileprivate var value: UInt8 { raw.load(ordering: .relaxed) }

  fileprivate var now: Phase { Phase(rawValue: value) ?? .over }
}

/// A worker's own view of the phase of its run.
///
/// The worker itself reads its counters where the measured interval begins and where it ends, between two rounds: what it
/// counted in it belongs together, whatever the main lcore was kept from meanwhile.
struct WorkerPhase: ~Copyable {
  private let phase: RunPhase
  private let worker: Int
  private let counters: CounterTable
  private var seen: UInt8 = RunPhase.Phase.warmUp.rawValue
  private var hasFinished = false
  private var isBeginning = false

  init(_ phase: RunPhase, worker: Int, counters: CounterTable) {
    self.phase = phase
    self.worker = worker
    self.counters = counters
  }

  /// To be asked once a round.
  @inline(__always)
  mutating func isOver() -> Bool { phase.value == seen ? false : turn() }

  /// As of the last round.
  @inline(__always)
  var isSending: Bool { seen < RunPhase.Phase.draining.rawValue }

  /// As of the last round.
  @inline(__always)
  var isMeasuring: Bool { seen == RunPhase.Phase.measuring.rawValue }

  /// Whether the measured interval has begun since this was asked before.
  @inline(__always)
  mutating func takeBeginning() -> Bool {
    guard isBeginning else { return false }
    isBeginning = false
    return true
  }

  /// To be called once, when this worker has sent all that it was to send: where that is in the measured interval, its own
  /// ends there, so that rates are those of the packets' own time.
  @inline(never)
  mutating func finish() {
    if isMeasuring {
      counters.mark(worker, start: false, end: true)
      hasFinished = true
    }
    phase.finish()
  }

  /// Whatever phases were passed since the last round.
  @inline(never)
  private mutating func turn() -> Bool {
    let now = phase.now
    let isStart = seen < RunPhase.Phase.measuring.rawValue
    let isEnd = isSending && now >= .draining
    if isStart || isEnd { counters.mark(worker, start: isStart, end: isEnd && !hasFinished) }
    if isStart { phase.begin() }
    isBeginning = isStart && !isEnd
    if isEnd { phase.rest() }
    seen = now.rawValue
    return now == .over
  }
}
