/// Latencies in nanoseconds, of one packet a burst.
public struct Latency: Codable, Equatable, Sendable {
  public var samples: UInt64
  public var minimum: UInt64
  public var mean: Double
  public var p50: UInt64
  public var p90: UInt64
  public var p99: UInt64
  public var p999: UInt64
  /// Nil from an engine that did not tell.
  public var p9999: UInt64?
  public var maximum: UInt64
  /// How much later than its arrival a packet may have been seen, in the mean: the time from one look at a receive queue to
  /// the next. Nil from an engine that did not tell.
  public var uncertainty: Double?

  public init(
    samples: UInt64, minimum: UInt64, mean: Double, p50: UInt64, p90: UInt64, p99: UInt64, p999: UInt64,
    p9999: UInt64? = nil, maximum: UInt64, uncertainty: Double? = nil
  ) {
    self.samples = samples
    self.minimum = minimum
    self.mean = mean
    self.p50 = p50
    self.p90 = p90
    self.p99 = p99
    self.p999 = p999
    self.p9999 = p9999
    self.maximum = maximum
    self.uncertainty = uncertainty
  }
}
