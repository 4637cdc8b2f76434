/// A token bucket before a bounded queue: what finds the queue full is dropped.
struct RateLimit {
  private var tokens: Double
  private var last: UInt64?
  private let tokensPerCycle: Double
  private let depth: Double
  let queue: Int

  /// - Parameters:
  ///   - rate: packets a second.
  ///   - depth: tokens that are kept of a time without packets, one at least.
  ///   - queue: packets that may wait.
  ///   - hertz: of the clock that ``available(at:)`` is told.
  init(rate: Double, depth: Double, queue: Int, hertz: Double) {
    tokensPerCycle = rate / hertz
    self.depth = max(1, depth)
    tokens = self.depth
    self.queue = queue
  }

  /// Packets that may go out now.
  mutating func available(at now: UInt64) -> Int {
    if let last { tokens = min(depth, tokens + Double(now &- last) * tokensPerCycle) }
    last = now
    return Int(tokens)
  }

  mutating func spend(_ packets: Int) { tokens -= Double(packets) }
}
