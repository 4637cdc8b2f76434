/// What `rfc2544` found out, with the raw numbers of every trial.
public struct BenchmarkReport: Codable, Equatable, Sendable {
  /// One a frame size, in the order asked for.
  public var sizes: [FrameSizeReport]

  public init(sizes: [FrameSizeReport]) { self.sizes = sizes }
}

/// The findings of all tests for one frame size; nil what was not asked for, or could not be found.
///
/// The throughput is there too where only the latency was asked for, which is measured at it.
public struct FrameSizeReport: Codable, Equatable, Sendable {
  /// With the frame check sequence; the mean of a mix.
  public var frameSize: Int
  public var throughput: Throughput?
  /// In a trial of its own at the rate of the throughput.
  public var latency: Latency?
  /// From the highest rate down.
  public var frameLoss: [FrameLossPoint]?
  public var backToBack: BackToBack?
  /// Every trial in the order it was made.
  public var trials: [Trial]

  public init(
    frameSize: Int, throughput: Throughput? = nil, latency: Latency? = nil, frameLoss: [FrameLossPoint]? = nil,
    backToBack: BackToBack? = nil, trials: [Trial] = []
  ) {
    self.frameSize = frameSize
    self.throughput = throughput
    self.latency = latency
    self.frameLoss = frameLoss
    self.backToBack = backToBack
    self.trials = trials
  }
}

/// The highest rate of a trial that lost no more than allowed (RFC 2544, 26.1).
public struct Throughput: Codable, Equatable, Sendable {
  /// As it was sent, not as it was asked for; of all sending ports together.
  public var packetsPerSecond: Double
  /// Bits of layer 2 with the frame check sequence.
  public var bitsPerSecond: Double
  /// Up to which rate a trial may have passed that was not made: the lowest above it that failed; nil where none did, and
  /// the device under test may carry more than this machine can offer it.
  public var failedAt: Double?
  /// Whether the search came to the resolution asked for within its trials.
  public var isResolved: Bool

  public init(packetsPerSecond: Double, bitsPerSecond: Double, failedAt: Double?, isResolved: Bool) {
    self.packetsPerSecond = packetsPerSecond
    self.bitsPerSecond = bitsPerSecond
    self.failedAt = failedAt
    self.isResolved = isResolved
  }
}

/// The share of packets lost at one offered rate (RFC 2544, 26.3).
public struct FrameLossPoint: Codable, Equatable, Sendable {
  /// Percent of the highest rate that can be offered.
  public var percent: Int
  /// As it was sent.
  public var packetsPerSecond: Double
  /// 0 to 1.
  public var lossRatio: Double

  public init(percent: Int, packetsPerSecond: Double, lossRatio: Double) {
    self.percent = percent
    self.packetsPerSecond = packetsPerSecond
    self.lossRatio = lossRatio
  }
}

/// The longest burst of which nothing was lost (RFC 2544, 26.4), found by one search: the RFC's mean of 50 is left to the
/// caller.
public struct BackToBack: Codable, Equatable, Sendable {
  /// Of every sending port.
  public var packets: UInt64
  /// At which the burst was sent, of all ports together.
  public var packetsPerSecond: Double
  /// The shortest burst above it of which some were lost; nil where that of a whole trial's duration passed.
  public var failedAt: UInt64?
  /// Whether the search came to the resolution asked for within its trials.
  public var isResolved: Bool

  public init(packets: UInt64, packetsPerSecond: Double, failedAt: UInt64?, isResolved: Bool) {
    self.packets = packets
    self.packetsPerSecond = packetsPerSecond
    self.failedAt = failedAt
    self.isResolved = isResolved
  }
}

/// One trial with its raw numbers.
public struct Trial: Codable, Equatable, Sendable {
  public var test: BenchmarkTest
  /// Counting from 1 for each frame size.
  public var number: Int
  public var frameSize: Int
  /// Asked of every sending port.
  public var rate: TrafficRate
  /// Packets of a back-to-back burst, of every sending port; nil where the trial is as long as the run's duration.
  public var burst: UInt64?
  /// Sent, of all ports together, while the trial was measured.
  public var txPps: Double
  /// Received, as ``txPps``.
  public var rxPps: Double
  public var seconds: Double
  public var loss: Loss
  public var latency: Latency?
  /// Lost no more than allowed, and was sent within 1 % of the rate asked for: otherwise this machine was the bottleneck.
  public var isPassed: Bool

  public init(
    test: BenchmarkTest, number: Int, frameSize: Int, rate: TrafficRate, burst: UInt64? = nil, txPps: Double,
    rxPps: Double, seconds: Double, loss: Loss, latency: Latency?, isPassed: Bool
  ) {
    self.test = test
    self.number = number
    self.frameSize = frameSize
    self.rate = rate
    self.burst = burst
    self.txPps = txPps
    self.rxPps = rxPps
    self.seconds = seconds
    self.loss = loss
    self.latency = latency
    self.isPassed = isPassed
  }
}
