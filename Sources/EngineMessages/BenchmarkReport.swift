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
  /// In a trial of its own at the rate of the throughput (RFC 2544, 26.2): ``latencyTrial``.
  public var latency: Latency?
  /// The ``Trial/number`` of the trial that ``latency`` is of, which tells its rate and whether it passed.
  public var latencyTrial: Int?
  /// From the highest rate down.
  public var frameLoss: [FrameLossPoint]?
  public var backToBack: BackToBack?
  /// Every trial in the order it was made.
  public var trials: [Trial]

  public init(
    frameSize: Int, throughput: Throughput? = nil, latency: Latency? = nil, latencyTrial: Int? = nil,
    frameLoss: [FrameLossPoint]? = nil, backToBack: BackToBack? = nil, trials: [Trial] = []
  ) {
    self.frameSize = frameSize
    self.throughput = throughput
    self.latency = latency
    self.latencyTrial = latencyTrial
    self.frameLoss = frameLoss
    self.backToBack = backToBack
    self.trials = trials
  }
}

/// The highest rate of a trial that lost no more than allowed (RFC 2544, 26.1); with a ``limit`` the device under test may
/// carry more.
public struct Throughput: Codable, Equatable, Sendable {
  /// As it was sent, not as it was asked for; of all sending ports together.
  public var packetsPerSecond: Double
  /// Bits of layer 2 with the frame check sequence.
  public var bitsPerSecond: Double
  /// The lowest rate above it at which a trial lost packets, as asked for, or as sent where that was less or nothing was asked
  /// for; nil where no trial did.
  public var failedAt: Double?
  /// Whether the search came to the resolution asked for within its trials.
  public var isResolved: Bool
  /// What kept the rate from being higher, where that was not the device under test; nil where it was.
  public var limit: Limit?

  /// What ends a search beside the device under test.
  public enum Limit: String, Codable, CaseIterable, Sendable {
    /// This machine sent no more: all of what it could send came through, or the best trial fell short of its rate and is no
    /// passed one.
    case sender
    /// ``EngineRequest/rate`` allowed no more.
    case rate
  }

  public init(
    packetsPerSecond: Double, bitsPerSecond: Double, failedAt: Double?, isResolved: Bool, limit: Limit? = nil
  ) {
    self.packetsPerSecond = packetsPerSecond
    self.bitsPerSecond = bitsPerSecond
    self.failedAt = failedAt
    self.isResolved = isResolved
    self.limit = limit
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
  /// The same in packets a second of all sending ports together; nil where as much was asked for as can be sent.
  public var askedPps: Double?
  /// Packets of a back-to-back burst, of every sending port; nil where the trial is as long as the run's duration.
  public var burst: UInt64?
  /// Sent, of all ports together, while the trial was measured.
  public var txPps: Double
  /// Received, as ``txPps``.
  public var rxPps: Double
  public var seconds: Double
  public var loss: Loss
  public var latency: Latency?
  /// Lost no more than allowed, and was sent within 1 % of the rate asked for.
  public var isPassed: Bool
  /// Why it did not pass; nil where it did.
  public var failure: Failure?

  /// Why a trial did not pass.
  public enum Failure: String, Codable, CaseIterable, Sendable {
    /// More packets were lost than allowed.
    case lost
    /// As ``lost``, and this machine sent less than it was asked for.
    case lostAndSentTooFew
    /// Nothing was lost, but this machine sent less than it was asked for: it was the bottleneck.
    case sentTooFew
    case nothingSent
  }

  public init(
    test: BenchmarkTest, number: Int, frameSize: Int, rate: TrafficRate, askedPps: Double? = nil, burst: UInt64? = nil,
    txPps: Double, rxPps: Double, seconds: Double, loss: Loss, latency: Latency?, failure: Failure? = nil
  ) {
    self.test = test
    self.number = number
    self.frameSize = frameSize
    self.rate = rate
    self.askedPps = askedPps
    self.burst = burst
    self.txPps = txPps
    self.rxPps = rxPps
    self.seconds = seconds
    self.loss = loss
    self.latency = latency
    isPassed = failure == nil
    self.failure = failure
  }
}

extension Trial.Failure {
  /// In words.
  public var text: String {
    switch self {
    case .lost: "packets lost"
    case .lostAndSentTooFew: "packets lost, and this machine sent too few"
    case .sentTooFew: "this machine sent too few"
    case .nothingSent: "nothing was sent"
    }
  }
}
