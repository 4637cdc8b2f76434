import EngineMessages
import Histogram

/// Latencies that one receiver measured, in nanoseconds with three significant digits.
struct LatencyRecord {
  private var histogram = Histogram<UInt64>(highestTrackableValue: Self.highest, numberOfSignificantValueDigits: .three)
  private let nanosecondsPerCycle: Double
  private var looks: UInt64 = 0
  private var cycles: UInt64 = 0

  /// A minute: whatever is longer counts as one.
  private static let highest: UInt64 = 60_000_000_000

  /// - Parameter hertz: of the time stamp counter.
  init(hertz: Double) { nanosecondsPerCycle = 1e9 / hertz }

  /// Enters a latency in cycles of the time stamp counter.
  mutating func record(cycles: UInt64) {
    let nanoseconds = Double(cycles) * nanosecondsPerCycle
    histogram.record(nanoseconds < Double(Self.highest) ? UInt64(nanoseconds) : Self.highest)
  }

  /// Enters how often the receiver looked whether something had arrived.
  mutating func add(_ record: LookRecord) {
    looks &+= record.looks
    cycles &+= record.cycles
  }

  mutating func add(_ other: Self) {
    histogram.add(other.histogram)
    looks &+= other.looks
    cycles &+= other.cycles
  }

  /// Nanoseconds from one look to the next, in the mean of all receivers; nil where none was counted.
  private var uncertainty: Double? { looks > 0 ? Double(cycles) * nanosecondsPerCycle / Double(looks) : nil }

  /// Nil where nothing was recorded.
  var latency: Latency? {
    guard histogram.totalCount > 0 else { return nil }
    // A percentile is the upper end of its bucket, which may lie above what was ever recorded.
    func percentile(_ percent: Double) -> UInt64 {
      min(histogram.valueAtPercentile(percent), histogram.maxRecorded)
    }
    return Latency(
      samples: histogram.totalCount, minimum: histogram.min, mean: histogram.mean, p50: percentile(50),
      p90: percentile(90), p99: percentile(99), p999: percentile(99.9), p9999: percentile(99.99),
      maximum: histogram.maxRecorded, uncertainty: uncertainty)
  }
}
