import EngineMessages
import Testing

@testable import TrafficEngine

@Suite("The frame loss curve")
struct FrameLossCurveTests {
  private func percents(_ loss: (Int) -> Double) -> [Int] {
    var curve = FrameLossCurve()
    var percents: [Int] = []
    while let percent = curve.next {
      percents.append(percent)
      curve.record(lossRatio: loss(percent))
    }
    return percents
  }

  @Test("it ends when two rates in a row lost nothing")
  func twoInARow() {
    #expect(percents { $0 > 60 ? 0.1 : 0 } == [100, 90, 80, 70, 60, 50])
    #expect(percents { _ in 0 } == [100, 90])
  }

  @Test("one rate without loss between two with does not end it")
  func notInARow() {
    #expect(percents { $0 == 80 || $0 < 60 ? 0 : 0.1 } == [100, 90, 80, 70, 60, 50, 40])
  }

  @Test("where every rate loses it ends with a tenth")
  func lossy() {
    #expect(percents { _ in 1e-9 } == [100, 90, 80, 70, 60, 50, 40, 30, 20, 10])
  }
}

@Suite("The search for the longest burst")
struct BackToBackSearchTests {
  private func search(longest: UInt64, capacity: UInt64, resolution: Double = 0.01, limit: Int = 20) -> BackToBackSearch
  {
    var search = BackToBackSearch(longest: longest, resolution: resolution, limit: limit)
    while let burst = search.next { search.record(isPassed: burst <= capacity) }
    return search
  }

  @Test(
    "it is found within the resolution and within 20 trials",
    arguments: [1, 2, 3, 7, 100, 1023, 65_536, 1_000_000, 599_999_999] as [UInt64])
  func found(capacity: UInt64) throws {
    let search = search(longest: 600_000_000, capacity: capacity)
    let passed = try #require(search.passed)
    let failed = try #require(search.failed)
    #expect(passed <= capacity && failed > capacity && search.isResolved && search.trials <= 20)
    #expect(failed - passed <= 1 || Double(failed - passed) <= 0.01 * Double(passed))
  }

  @Test("a device that takes a whole trial's packets needs one burst")
  func whole() {
    let search = search(longest: 5000, capacity: 5000)
    #expect(search.passed == 5000 && search.failed == nil && search.trials == 1 && search.isResolved)
  }

  @Test("where not even one packet comes through nothing is found")
  func none() {
    let search = search(longest: 5000, capacity: 0)
    #expect(search.passed == nil && search.failed == 1 && !search.isResolved && search.trials <= 20)
  }

  @Test("a search that runs out of trials says that it is not resolved")
  func outOfTrials() {
    let search = search(longest: 1_000_000, capacity: 777, limit: 5)
    #expect(search.trials == 5 && !search.isResolved)
  }
}

@Suite("Outcomes of trials")
struct TrialOutcomeTests {
  @Test("a sender keeps its rate within 1 %, and any that is asked for all it can send")
  func kept() {
    func isKept(_ asked: Double?, _ sent: Double) -> Bool {
      TrialOutcome(asked: asked, sent: sent, received: sent, lossRatio: 0).isKept
    }
    #expect(isKept(1000, 990.1) && isKept(1000, 1001) && !isKept(1000, 989.9) && isKept(nil, 1))
  }

  @Test("a trial in which nothing was sent lost everything")
  func nothingSent() {
    let loss = Loss(sent: 0, received: 0, lost: 0, reordered: 0, foreign: 0)
    #expect(loss.ratio == 1)
    #expect(!TrialOutcome(asked: nil, sent: 0, received: 0, lossRatio: 0).isLossless(within: 0.5))
  }

  @Test("a rate in bits is one in packets of the mean size")
  func bits() {
    #expect(TrafficRate.bitsPerSecond(1e6).packetsPerSecond(frameSizes: [125]) == 1000)
    #expect(TrafficRate.bitsPerSecond(1e6).packetsPerSecond(frameSizes: [64, 186]) == 1000)
    #expect(TrafficRate.packetsPerSecond(5).packetsPerSecond(frameSizes: [64]) == 5)
    #expect(TrafficRate.maximum.packetsPerSecond(frameSizes: [64]) == nil)
  }
}
