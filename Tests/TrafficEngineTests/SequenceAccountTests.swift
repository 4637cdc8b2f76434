import EngineMessages
import Testing

@testable import TrafficEngine

@Suite("Sequence accounting")
struct SequenceAccountTests {
  struct Seen: Equatable, Sendable {
    var arrived: UInt64
    var reordered: UInt64 = 0
    var duplicated: UInt64 = 0
  }

  private func account(of numbers: some Sequence<UInt64>) -> Seen {
    var account = SequenceAccount(window: Self.window)
    for number in numbers { _ = account.record(number) }
    return Seen(arrived: account.arrived, reordered: account.reordered, duplicated: account.duplicated)
  }

  static let window = SequenceAccount.shortestWindow

  static let table: [([UInt64], Seen)] = [
    ([], Seen(arrived: 0)),
    ([0, 1, 2, 3], Seen(arrived: 4)),
    ([1, 3], Seen(arrived: 2)),
    ([0, 2, 1, 3], Seen(arrived: 4, reordered: 1)),
    ([3, 2, 1, 0], Seen(arrived: 4, reordered: 3)),
    ([0, 0], Seen(arrived: 1, duplicated: 1)),
    ([0, 1, 2, 1, 2, 0], Seen(arrived: 3, duplicated: 3)),
    ([0, 5, 3, 3, 5], Seen(arrived: 3, reordered: 1, duplicated: 2)),
    // A number late by a window is known, one later still is taken for new.
    ([0, window, 1, 1], Seen(arrived: 3, reordered: 1, duplicated: 1)),
    ([0, window - 1, 0], Seen(arrived: 2, duplicated: 1)),
    ([0, window + 5, 0], Seen(arrived: 3, reordered: 1)),
    // What a jump skips is not taken for seen: its places are those of older numbers.
    ([0, 1, 2, window + 2, window + 1], Seen(arrived: 5, reordered: 1)),
    ([0, 1, 2, 5 * window + 2, 5 * window + 1], Seen(arrived: 5, reordered: 1)),
    ([1 << 47], Seen(arrived: 1)),
  ]

  @Test("Numbers are told apart", arguments: table)
  func numbers(numbers: [UInt64], expected: Seen) {
    #expect(account(of: numbers) == expected)
  }

  @Test("A long run in order stays in order, over many windows")
  func longRun() {
    #expect(account(of: 0..<(Self.window * 3 + 7)) == Seen(arrived: Self.window * 3 + 7))
  }

  @Test("Every second number lost is no reordering")
  func everySecond() {
    #expect(account(of: stride(from: 0, to: Self.window * 4, by: 2)) == Seen(arrived: Self.window * 2))
  }

  @Test(
    "A single stream remembers most, and however many there are their windows take some two MiB",
    arguments: [(1, 65_536), (256, 65_536), (257, 32_768), (1000, 16_384), (16_384, 1_024), (16_640, 1_024)])
  func windows(streams: Int, expected: UInt64) {
    let window = SequenceAccount.window(streams: streams)
    #expect(window == expected && window * UInt64(streams) / 8 < 2_200_000)
  }

  @Test("Flows whose packets overtake each other are each in order")
  func flows() {
    // Flow 1 arrives a hundred packets behind flow 0.
    let accounts = [account(of: 0..<500), account(of: 0..<400)]
    #expect(accounts == [Seen(arrived: 500), Seen(arrived: 400)])
  }

  @Test("Two receivers of one stream together lose nothing")
  func twoReceivers() {
    var sum = LoopbackOutcome(foreign: 1, latency: LatencyRecord(hertz: 1e9))
    for remainder in 0..<2 {
      let seen = account(of: stride(from: UInt64(remainder), to: 1000, by: 2))
      var outcome = LoopbackOutcome(foreign: 2, latency: LatencyRecord(hertz: 1e9))
      outcome.arrived = seen.arrived
      outcome.reordered = seen.reordered
      sum.add(outcome)
    }
    #expect(sum.loss(ofSent: 1000) == Loss(sent: 1000, received: 1000, lost: 0, reordered: 0, foreign: 5))
    #expect(sum.loss(ofSent: 1003).lost == 3)
  }
}

@Suite("Looks at a queue")
struct LookRecordTests {
  /// A record of rounds that take a thousand cycles each.
  private func record(_ rounds: [Bool]) -> LookRecord {
    var record = LookRecord()
    var now: UInt64 = 1 << 50
    for isMeasuring in rounds {
      record.look(isMeasuring: isMeasuring) { now }
      now += 1_000
    }
    record.end { now }
    return record
  }

  @Test("Rounds of the measured interval are counted, and no others")
  func counted() {
    let seen = record([Bool](repeating: false, count: 7) + [Bool](repeating: true, count: 50) + [false, false])
    #expect(seen.looks == 50 && seen.cycles == 50_000)
  }

  @Test("An interval that lasts to the end is closed there, and none at all is none")
  func open() {
    #expect(record([false, true, true]).looks == 2 && record([false, true, true]).cycles == 2_000)
    #expect(record([false, false]).looks == 0)
  }

  @Test("A latency is as uncertain as looks are apart, in the mean of all receivers")
  func uncertainty() throws {
    var latency = LatencyRecord(hertz: 2e9)
    latency.record(cycles: 4_000)
    #expect(try #require(latency.latency).uncertainty == nil)
    latency.add(record([true, true, true]))
    var other = LatencyRecord(hertz: 2e9)
    other.add(record([true]))
    latency.add(other)
    #expect(try #require(latency.latency).uncertainty == 500)
  }
}

@Suite("Latency")
struct LatencyRecordTests {
  @Test("Nothing recorded is no latency")
  func empty() { #expect(LatencyRecord(hertz: 1e9).latency == nil) }

  @Test("Cycles become nanoseconds, and records add up")
  func cycles() throws {
    var record = LatencyRecord(hertz: 2e9)
    for _ in 0..<99 { record.record(cycles: 2_000) }
    var other = LatencyRecord(hertz: 2e9)
    other.record(cycles: .max)
    record.add(other)
    let latency = try #require(record.latency)
    #expect(latency.samples == 100)
    #expect(latency.minimum == 1_000)
    #expect(latency.p50 == 1_000)
    #expect(latency.maximum >= 60_000_000_000 - 60_000_000)
    #expect(latency.p999 <= latency.maximum)
  }
}
