import CDPDK

/// The counters of every worker on every port.
final class CounterTable: @unchecked Sendable {
  // Sendable, as every field behind the first pointer is atomic; of the marks each worker writes its own, and they are read
  // when it has returned.
  private let lines: UnsafeMutablePointer<PacketCounters>
  private let starts: UnsafeMutablePointer<CounterMark>
  private let ends: UnsafeMutablePointer<CounterMark>
  let workers: Int
  let ports: Int

  init(workers: Int, ports: Int) {
    self.workers = workers
    self.ports = ports
    let size = MemoryLayout<PacketCounters>.stride * workers * ports
    lines = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
      .bindMemory(to: PacketCounters.self, capacity: workers * ports)
    for index in 0..<workers * ports { (lines + index).initialize(to: PacketCounters()) }
    starts = .allocate(capacity: workers)
    ends = .allocate(capacity: workers)
    let none = CounterMark(cycles: 0, totals: [PacketTotals](repeating: PacketTotals(), count: ports))
    starts.initialize(repeating: none, count: workers)
    ends.initialize(repeating: none, count: workers)
  }

  deinit {
    lines.deinitialize(count: workers * ports)
    UnsafeMutableRawPointer(lines).deallocate()
    for marks in [starts, ends] {
      marks.deinitialize(count: workers)
      marks.deallocate()
    }
  }

  /// The line that a worker counts a port on; it lives as long as the table.
  func line(worker: Int, port: Int) -> CounterLine {
    precondition(worker < workers && port < ports)
    return CounterLine(counters: lines + worker * ports + port)
  }

  /// What a worker counted so far, one a port, while it goes on counting.
  func counts(ofWorker worker: Int) -> [PacketTotals] { (0..<ports).map { line(worker: worker, port: $0).totals } }

  /// The sums over all workers, one a port, while they go on counting.
  func totals() -> [PacketTotals] { sums((0..<workers).map { counts(ofWorker: $0) }, ofPorts: ports) }

  /// Called by a worker where the measured interval begins, where it ends, or both: then it is empty.
  func mark(_ worker: Int, start: Bool, end: Bool) {
    let mark = CounterMark(cycles: cdpdk_tsc(), totals: counts(ofWorker: worker))
    if start { starts[worker] = mark }
    if end { ends[worker] = mark }
  }

  /// What each worker counted over the measured interval; to be asked when all have returned.
  func measured(hertz: Double) -> [MeasuredInterval] {
    let zero = (0..<workers).map { starts[$0].cycles }.min() ?? 0
    return (0..<workers).map { MeasuredInterval(from: starts[$0], to: ends[$0], zero: zero, hertz: hertz) }
  }
}

/// What several workers counted together, one a port.
func sums(_ counts: [[PacketTotals]], ofPorts ports: Int) -> [PacketTotals] {
  (0..<ports).map { port in counts.reduce(into: PacketTotals()) { $0.add($1[port]) } }
}

/// What one worker had counted at one moment of its own.
private struct CounterMark {
  /// Of the time stamp counter.
  var cycles: UInt64
  /// One a port.
  var totals: [PacketTotals]
}

/// What one worker counted between two moments of its own.
struct MeasuredInterval: Equatable, Sendable {
  /// Seconds after the first worker's began.
  var start = 0.0
  var seconds: Double
  /// One a port.
  var counts: [PacketTotals]
}

extension MeasuredInterval {
  fileprivate init(from first: CounterMark, to last: CounterMark, zero: UInt64, hertz: Double) {
    start = Double(first.cycles &- zero) / hertz
    seconds = Double(last.cycles &- first.cycles) / hertz
    counts = zip(first.totals, last.totals).map { $1.since($0) }
  }
}

extension [MeasuredInterval] {
  /// The mean of the workers' intervals, which begin and end within a round of each other where nothing limits their packets:
  /// one that is kept from its CPU begins late, and counts for as long.
  var meanSeconds: Double { isEmpty ? 0 : reduce(0) { $0 + $1.seconds } / Double(count) }

  /// From where the first worker began to where the last one ended: with a limit of packets they end one by one. An interval
  /// without time is that of a worker which slept through the others'.
  var span: Double {
    let spans = filter { $0.seconds > 0 }
    guard let start = spans.map(\.start).min(), let end = spans.map({ $0.start + $0.seconds }).max() else { return 0 }
    return end - start
  }

  /// What all workers together counted on one port.
  func counts(ofPort port: Int) -> PacketTotals {
    reduce(into: PacketTotals()) { $0.add($1.counts[port]) }
  }
}
