import EngineMessages
import Testing

@testable import TrafficEngine
@testable import packet_relay

/// A device that carries a rate, and a machine that offers it traffic.
private struct Bottleneck {
  /// Packets a second that the device carries.
  var rate: Double
  /// The most that the machine can send.
  var offered: Double
  /// Packets more than its rate that the device buffers in a trial, as a share of the rate.
  var slack = 0.0
  /// The share of packets that it loses at any rate.
  var loss = 0.0
  /// How often a trial fails that should not, and how often the sender falls behind by two percent.
  var chanceOfLoss = 0.0
  var chanceOfStall = 0.0
  /// What the device carries when more is offered than it can, as a share of its rate.
  var carriedInOverload = 1.0

  func trial(_ step: ThroughputSearch.Step, _ random: inout some RandomNumberGenerator) -> TrialOutcome {
    let asked: Double? = if case .rate(let rate) = step { rate } else { nil }
    var sent = min(asked ?? .infinity, offered)
    if Double.random(in: 0..<1, using: &random) < chanceOfStall { sent *= 0.98 }
    var received = sent <= rate * (1 + slack) ? sent : rate * carriedInOverload
    received *= 1 - loss
    if Double.random(in: 0..<1, using: &random) < chanceOfLoss { received *= 0.999 }
    return TrialOutcome(asked: asked, sent: sent, received: received, lossRatio: 1 - received / sent)
  }

  func search(
    _ seed: UInt64, resolution: Double = 0.01, allowedLoss: Double = 0, limit: Int = 20
  ) -> ThroughputSearch {
    var random = SplitMix64(state: seed)
    var search = ThroughputSearch(resolution: resolution, allowedLoss: allowedLoss, limit: limit, lowestRate: 1)
    while let step = search.next {
      #expect(search.outcomes.count < limit)
      search.record(trial(step, &random))
    }
    return search
  }
}

@Suite("The search for the throughput")
struct ThroughputSearchTests {
  /// Bottlenecks from a thousand packets a second to a hundred million, below offers of up to a hundred times as much.
  private static func bottlenecks(_ count: UInt64) -> [(UInt64, Bottleneck)] {
    (0..<count).map { seed in
      var random = SplitMix64(state: seed)
      let rate = 1000 * Double.random(in: 0..<5, using: &random).tenToThePower
      return (seed, Bottleneck(rate: rate, offered: rate * Double.random(in: 0.01..<2, using: &random).tenToThePower))
    }
  }

  @Test(
    "any bottleneck is found within the resolution and within 20 trials",
    arguments: [0.0001, 0.001, 0.005, 0.01, 0.1])
  func resolution(resolution: Double) throws {
    for (seed, bottleneck) in Self.bottlenecks(500) {
      let search = bottleneck.search(seed, resolution: resolution)
      let best = try #require(search.best, "seed \(seed)")
      #expect(
        best.sent <= bottleneck.rate && best.sent * (1 + resolution) >= bottleneck.rate * 0.999_999, "seed \(seed)")
      #expect(search.isResolved && search.outcomes.count <= 20, "seed \(seed)")
      let failed = try #require(search.failedAt)
      #expect(failed > bottleneck.rate && failed <= best.sent * (1 + resolution), "seed \(seed)")
    }
  }

  @Test("a device that gives up most of its rate in overload is found all the same", arguments: [0.9, 0.5, 0.1, 0.02])
  func overload(carried: Double) throws {
    for (seed, device) in Self.bottlenecks(500) {
      var bottleneck = device
      bottleneck.carriedInOverload = carried
      let search = bottleneck.search(seed)
      let best = try #require(search.best, "seed \(seed)")
      #expect(best.sent <= bottleneck.rate && best.sent * 1.01 >= bottleneck.rate * 0.999_999, "seed \(seed)")
      #expect(search.isResolved && search.outcomes.count <= 20, "seed \(seed)")
    }
  }

  @Test("a device that carries nothing in overload is found too, or the search ends soon")
  func collapse() {
    for (seed, device) in Self.bottlenecks(500) {
      var bottleneck = device
      bottleneck.carriedInOverload = 0
      let search = bottleneck.search(seed)
      // Three trials, each a tenth of the one before, look for anything that comes back.
      if bottleneck.offered <= bottleneck.rate * 100 {
        #expect(search.best != nil && search.outcomes.count <= 20, "seed \(seed)")
      }
    }
  }

  @Test("packets that the device buffers raise what is found by no more than themselves")
  func buffered() throws {
    for (seed, device) in Self.bottlenecks(500) {
      var bottleneck = device
      bottleneck.slack = 0.004
      let best = try #require(bottleneck.search(seed, resolution: 0.003).best)
      #expect(abs(best.sent / bottleneck.rate - 1) <= 0.01, "seed \(seed)")
    }
  }

  @Test(
    "a machine that makes every fifth trial fail, and every fifth fall behind, lowers what is found, and never raises it"
  )
  func noise() {
    var within = 0
    for (seed, device) in Self.bottlenecks(1000) {
      var bottleneck = device
      (bottleneck.chanceOfLoss, bottleneck.chanceOfStall) = (0.2, 0.2)
      let search = bottleneck.search(seed, resolution: 0.005)
      let found = search.best?.sent ?? 0
      #expect(found <= bottleneck.rate, "seed \(seed)")
      #expect(search.outcomes.count <= 20)
      if found >= bottleneck.rate * 0.99 { within += 1 }
    }
    #expect(within >= 900, "within 1 % in \(within) of 1000")
  }

  @Test("a device that carries all that can be offered needs one trial, and nothing is said to have failed")
  func aboveOffer() throws {
    let search = Bottleneck(rate: 2e6, offered: 1e6).search(1)
    #expect(search.outcomes.count == 1 && search.isResolved && search.failedAt == nil)
    #expect(try #require(search.best).sent == 1e6)
  }

  @Test("of a device that loses some at any rate nothing is found, and the loss that is allowed makes the difference")
  func lossy() throws {
    let device = Bottleneck(rate: 1e6, offered: 3e6, loss: 0.001)
    let search = device.search(1)
    #expect(search.best == nil && !search.isResolved && !search.isSilent && search.outcomes.count <= 20)
    let best = try #require(device.search(1, allowedLoss: 0.002).best)
    // With a share a of loss allowed, rates of up to r / (1 - a) pass.
    #expect(best.sent <= 1e6 * (1 - 0.001) / (1 - 0.002) && best.sent * 1.01 >= 1e6)
  }

  @Test("where nothing comes back the search looks three times and says so")
  func silence() {
    let search = Bottleneck(rate: 0, offered: 1e6).search(1)
    #expect(search.best == nil && search.isSilent && search.outcomes.count == 3)
    #expect(search.outcomes.map(\.sent) == [1e6, 1e5, 1e4])
  }

  @Test("a search that runs out of trials says that it is not resolved", arguments: 1...4)
  func outOfTrials(limit: Int) {
    let search = Bottleneck(rate: 1e6, offered: 3e6, carriedInOverload: 0.3).search(1, limit: limit)
    #expect(search.outcomes.count == limit && !search.isResolved)
  }

  @Test("a trial at a rate that came through before is made again when it fails, twice at most; one above is not")
  func repetition() {
    var search = ThroughputSearch(resolution: 0.01, allowedLoss: 0, limit: 20, lowestRate: 1)
    func outcome(_ sent: Double, lost: Double) -> TrialOutcome {
      TrialOutcome(
        asked: search.next == .maximum ? nil : sent, sent: sent, received: sent * (1 - lost), lossRatio: lost)
    }
    search.record(outcome(2000, lost: 0.5))
    #expect(search.next == .rate(1000))
    search.record(outcome(1000, lost: 0.001))
    search.record(outcome(1000, lost: 0.001))
    #expect(search.next == .rate(1000))
    search.record(outcome(1000, lost: 0))
    #expect(search.next == .rate(1008))
    search.record(outcome(1008, lost: 0))
    #expect(search.best?.sent == 1008)
    search.record(outcome(1040, lost: 0.035))
    #expect(search.next != .rate(1040))
  }

  @Test("a sender that falls behind gets one more trial, then its trial counts for what was sent")
  func behind() {
    var search = ThroughputSearch(resolution: 0.01, allowedLoss: 0, limit: 20, lowestRate: 1)
    search.record(TrialOutcome(asked: 3000, sent: 2000, received: 2000, lossRatio: 0))
    #expect(search.next == .maximum)
    search.record(TrialOutcome(asked: 3000, sent: 2100, received: 2100, lossRatio: 0))
    #expect(search.next == nil && search.best?.sent == 2100 && search.failedAt == nil)
  }

  @Test("a trial without loss of a sender that fell behind counts for the rate sent: what fails above it is seen")
  func behindWithoutLoss() {
    var search = ThroughputSearch(resolution: 0.01, allowedLoss: 0, limit: 20, lowestRate: 1)
    search.record(TrialOutcome(asked: nil, sent: 3000, received: 1000, lossRatio: 2 / 3.0))
    for _ in 0..<2 {
      guard case .rate(let asked)? = search.next else { break }
      #expect(abs(asked - 1000) < 0.001)
      search.record(TrialOutcome(asked: asked, sent: 950, received: 950, lossRatio: 0))
    }
    var failed = 0.0
    while case .rate(let asked)? = search.next {
      failed = asked
      search.record(TrialOutcome(asked: asked, sent: asked, received: asked * 0.99, lossRatio: 0.01))
    }
    #expect(failed > 950 && failed < 960)
    #expect(search.failedAt == failed && search.best?.sent == 950 && search.isResolved)
  }

  @Test("a machine that falls a little behind whatever it is asked for ends the search")
  func alwaysBehind() {
    var search = ThroughputSearch(resolution: 0.01, allowedLoss: 0, limit: 40, lowestRate: 1)
    search.record(TrialOutcome(asked: nil, sent: 3000, received: 1000, lossRatio: 2 / 3.0))
    while case .rate(let asked)? = search.next {
      search.record(TrialOutcome(asked: asked, sent: asked * 0.95, received: asked * 0.95, lossRatio: 0))
    }
    #expect(search.outcomes.count == 7 && search.isBehind && !search.isResolved)
  }

  @Test(
    "strides from a first trial that lost most to one that all pass end at once, however small the resolution",
    .timeLimit(.minutes(1)), arguments: [0.5, 0.9, 0.999])
  func longStrides(lost: Double) throws {
    var search = ThroughputSearch(resolution: 0.0001, allowedLoss: 0, limit: 40, lowestRate: 1)
    search.record(TrialOutcome(asked: nil, sent: 1e8, received: 1e8 * (1 - lost), lossRatio: lost))
    while case .rate(let rate)? = search.next {
      search.record(TrialOutcome(asked: rate, sent: rate, received: rate, lossRatio: 0))
    }
    #expect(search.isResolved && search.outcomes.count < 40)
    #expect(try #require(search.best).sent >= 1e8 / 1.0001)
  }

  @Test("what was in the way is told: nothing sent, nothing back, or the lowest rate that lost")
  func obstacles() {
    func obstacle(_ outcomes: [(sent: Double, received: Double)]) -> String {
      var search = ThroughputSearch(resolution: 0.01, allowedLoss: 0, limit: 20, lowestRate: 1)
      for outcome in outcomes {
        search.record(
          TrialOutcome(
            asked: nil, sent: outcome.sent, received: outcome.received,
            lossRatio: outcome.sent > 0 ? 1 - outcome.received / outcome.sent : 1))
      }
      return search.obstacle
    }
    #expect(obstacle([(0, 0)]) == "nothing was sent: does the port take packets? else raise --rate or --duration")
    #expect(obstacle([(1000, 0), (100, 0)]) == "no packet came back: is the way there, and back?")
    #expect(
      obstacle([(1000, 500), (499.5, 400)])
        == "packets were lost at every rate that was tried, the lowest of 500 packets a second")
  }

  @Test("a machine that cannot send what is to be tried ends the search")
  func tooSlow() {
    // It sends more in a lump than it can pace.
    var search = ThroughputSearch(resolution: 0.01, allowedLoss: 0, limit: 20, lowestRate: 1)
    search.record(TrialOutcome(asked: nil, sent: 3000, received: 2900, lossRatio: 0.03))
    while case .rate(let rate) = search.next {
      search.record(TrialOutcome(asked: rate, sent: 2000, received: 2000, lossRatio: 0))
    }
    #expect(search.outcomes.count == 5)
    #expect(search.next == nil && search.best?.sent == 2000 && search.isBehind && !search.isResolved)
  }

  @Test("what the sender, or the rate asked for, kept from being more is told as its limit, and no rate as failed")
  func limits() throws {
    func found(_ outcomes: [TrialOutcome]) throws -> Throughput {
      var search = ThroughputSearch(resolution: 0.01, allowedLoss: 0, limit: 20, lowestRate: 1)
      for outcome in outcomes { search.record(outcome) }
      return try #require(search.throughput(frameBytes: 64))
    }
    let unpaced = try found([TrialOutcome(asked: nil, sent: 1000, received: 1000, lossRatio: 0)])
    #expect(unpaced.limit == .sender && unpaced.failedAt == nil && unpaced.packetsPerSecond == 1000)
    let asked = try found([TrialOutcome(asked: 1000, sent: 999, received: 999, lossRatio: 0)])
    #expect(asked.limit == .rate && asked.failedAt == nil && asked.bitsPerSecond == 999 * 512)
    let behind = TrialOutcome(asked: 3000, sent: 2000, received: 2000, lossRatio: 0)
    let slow = try found([behind, behind])
    #expect(slow.limit == .sender && slow.failedAt == nil)
    let device = try found([
      TrialOutcome(asked: nil, sent: 1005, received: 1000, lossRatio: 0.005),
      TrialOutcome(asked: 1000, sent: 1000, received: 1000, lossRatio: 0),
    ])
    #expect(device.limit == nil && device.failedAt == 1005 && device.isResolved)
  }

  @Test("a rate that no trial sent is not said to have failed, and what the search found then is open")
  func notShown() throws {
    var search = ThroughputSearch(resolution: 0.01, allowedLoss: 0, limit: 20, lowestRate: 1)
    search.record(TrialOutcome(asked: nil, sent: 100_000, received: 70_000, lossRatio: 0.3))
    while case .rate(let rate)? = search.next {
      // A machine that falls behind above 30 000 packets a second, and loses some there.
      let sent = rate > 30_000 ? rate * 0.95 : rate
      search.record(
        TrialOutcome(asked: rate, sent: sent, received: min(sent, 28_000), lossRatio: rate > 30_000 ? 0.003 : 0))
    }
    let found = try #require(search.throughput(frameBytes: 64))
    let shown = search.outcomes.filter { $0.lossRatio > 0 }.map(\.sent)
    let failed = try #require(found.failedAt)
    #expect(shown.contains(failed) && failed > found.packetsPerSecond && found.packetsPerSecond <= 30_000)
    #expect(try #require(search.failedAt) != failed && !found.isResolved)
  }

  @Test("where the best trial fell short of its rate by more than the resolution it is made again")
  func shortOfRate() {
    var search = ThroughputSearch(resolution: 0.002, allowedLoss: 0, limit: 20, lowestRate: 1)
    search.record(TrialOutcome(asked: nil, sent: 3000, received: 1000, lossRatio: 0.6))
    while case .rate(let rate) = search.next {
      let sent = search.outcomes.count < 7 ? rate * 0.994 : rate
      search.record(
        TrialOutcome(asked: rate, sent: sent, received: min(sent, 1000), lossRatio: rate > 1000 ? 0.001 : 0))
    }
    #expect(search.isResolved && search.best?.sent == 1000)
  }
}

extension Double {
  fileprivate var tenToThePower: Double {
    var result = 1.0
    var left = self
    while left >= 1 {
      result *= 10
      left -= 1
    }
    // Any steady curve from 1 to 10 will do for tests.
    return result * (1 + 9 * left)
  }
}
