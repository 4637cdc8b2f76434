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

  public init(
    tests: [BenchmarkTest] = BenchmarkTest.allCases, resolution: Double = 0.01, allowedLoss: Double = 0,
    trials: Int = 20
  ) {
    self.tests = tests
    self.resolution = resolution
    self.allowedLoss = allowedLoss
    self.trials = trials
  }
}

/// A test of RFC 2544, section 26.
public enum BenchmarkTest: String, Codable, CaseIterable, Sendable {
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
  }
}
