/// The search for the longest burst that a device takes without loss (RFC 2544, 26.4): says the packets of the next burst,
/// and is told what came of it.
///
/// The longest burst is tried first; from there the search halves the ratio between the longest that passed and the shortest
/// that failed, so that it finds bursts of thousands below one of a thousand million.
struct BackToBackSearch {
  /// The packets of the next burst; nil where the search is over.
  private(set) var next: UInt64?
  /// The longest that passed.
  private(set) var passed: UInt64?
  /// The shortest that failed.
  private(set) var failed: UInt64?
  private(set) var trials = 0
  private let resolution: Double
  private let limit: Int

  /// - Parameters:
  ///   - longest: packets of a whole trial at the highest rate.
  ///   - resolution: see `BenchmarkPlan`, as `limit`, the most trials.
  init(longest: UInt64, resolution: Double, limit: Int) {
    self.resolution = resolution
    self.limit = limit
    next = max(1, longest)
  }

  /// Whether no burst is left between ``passed`` and ``failed`` that the resolution would tell from either.
  var isResolved: Bool {
    guard let passed else { return false }
    return failed.map { Double($0 - passed) <= max(1, Double(passed) * resolution) } ?? true
  }

  /// Enters whether the burst that ``next`` asked for came through whole.
  mutating func record(isPassed: Bool) {
    guard let burst = next else { return }
    trials += 1
    if isPassed { passed = burst } else { failed = burst }
    guard let failed, !isResolved, failed > 1, trials < limit else {
      next = nil
      return
    }
    let shortest = passed ?? 0
    let middle = UInt64((Double(max(1, shortest)) * Double(failed)).squareRoot())
    next = min(max(middle, shortest + 1), failed - 1)
  }
}
