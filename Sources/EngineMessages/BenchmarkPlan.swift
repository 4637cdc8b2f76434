/// Which tests of RFC 2544 are made, and how closely each looks.
///
/// One trial sends for ``EngineRequest/duration`` seconds; each test is made for each of ``EngineRequest/frameSizes``.
public struct BenchmarkPlan: Equatable, Sendable {
  /// In the order of the RFC; latency needs the throughput, which is found first in any case.
  public var tests: [BenchmarkTest]
  /// How far apart the highest rate that passed and the lowest that failed may be in the end, as a share of the former.
  public var resolution: Double
  /// The share of packets that a trial may lose and still pass; RFC 2544 allows none.
  public var allowedLoss: Double
  /// The most trials that one search may take.
  public var trials: Int
  /// Seconds without an arrival, when all is sent, after which what is missing counts as lost: RFC 2544 (23) has two seconds
  /// waited. A trial of which everything came back is over when nothing arrives any more, and none waits longer in all
  /// than these, or than two seconds where that is more.
  public var wait: Double
  /// Seconds without traffic after that, before the next trial, for the device under test to come to rest: RFC 2544 (23) asks
  /// for five.
  public var settle: Double
  /// Whether the frame sizes are sent in turn within every trial, and tested as one; otherwise each is tested by itself.
  public var isMixed: Bool

  /// The frame sizes of RFC 2544 (9.1) for Ethernet: what `rfc2544` takes where a request names none.
  public static let frameSizes = [64, 128, 256, 512, 1024, 1280, 1518]
  /// Seconds of a trial where a request has no duration: RFC 2544 (24) asks for as many at least.
  public static let duration = 60.0

  enum CodingKeys: String, CodingKey, CaseIterable {
    case tests, resolution, allowedLoss, trials, wait, settle, isMixed
  }

  public init(
    tests: [BenchmarkTest] = BenchmarkTest.allCases, resolution: Double = 0.01, allowedLoss: Double = 0,
    trials: Int = 20, wait: Double = 2, settle: Double = 5, isMixed: Bool = false
  ) {
    self.tests = tests
    self.resolution = resolution
    self.allowedLoss = allowedLoss
    self.trials = trials
    self.wait = wait
    self.settle = settle
    self.isMixed = isMixed
  }

  /// Why no search can be made like this, with the option of the command line to change; nil where one can.
  public var objection: String? {
    if tests.isEmpty { return "benchmark tests are empty: name one with --tests" }
    if !(resolution >= 0.0001 && resolution <= 0.5) {
      return "benchmark resolution '\(resolution)' is not between 0.0001 and 0.5 of the rate: change --resolution"
    }
    if !(allowedLoss >= 0 && allowedLoss < 1) {
      return
        "benchmark allowed loss '\(allowedLoss)' is not a share of the packets, from 0 to below 1: change --allowed-loss"
    }
    if !(1...1000).contains(trials) {
      return "benchmark trials '\(trials)' are not between 1 and 1000: change --trials"
    }
    if !(wait >= 0 && wait <= 60) { return "benchmark wait '\(wait)' is not between 0 and 60 seconds: change --wait" }
    if !(settle >= 0 && settle <= 1e6) {
      return "benchmark settle '\(settle)' is not a number of seconds: change --settle"
    }
    return nil
  }
}

/// A test of RFC 2544, section 26.
public enum BenchmarkTest: String, NamedChoice, Sendable {
  /// 26.1: the highest rate at which nothing is lost.
  case throughput
  /// 26.2: the latency at that rate.
  case latency
  /// 26.3: the loss at 100 %, 90 %, … of the highest rate that can be offered, until two trials lose nothing.
  case frameLoss
  /// 26.4: the longest burst at the highest rate of which nothing is lost.
  case backToBack
}

extension BenchmarkPlan: Codable {
  /// Reads a plan; what is left out takes the value that the initialiser gives it.
  public init(from decoder: any Decoder) throws {
    try decoder.refuseUnknownKeys(of: CodingKeys.self)
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init()
    tests = try values.decodeNamed([BenchmarkTest].self, forKey: .tests) ?? tests
    resolution = try values.decodeNamed(Double.self, forKey: .resolution) ?? resolution
    allowedLoss = try values.decodeNamed(Double.self, forKey: .allowedLoss) ?? allowedLoss
    trials = try values.decodeNamed(Int.self, forKey: .trials) ?? trials
    wait = try values.decodeNamed(Double.self, forKey: .wait) ?? wait
    settle = try values.decodeNamed(Double.self, forKey: .settle) ?? settle
    isMixed = try values.decodeNamed(Bool.self, forKey: .isMixed) ?? isMixed
  }
}
