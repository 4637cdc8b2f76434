import Testing

@testable import packet_relay

@Suite("The relay's own account")
struct PacketRelayTests {
  private func reordered(_ numbers: [UInt32], flow: UInt16 = 7) -> UInt64 {
    var record = OutputRecord()
    for number in numbers { record.append(flow: flow, number: number) }
    return record.reordered
  }

  @Test(
    "what went out behind a later one of its flow is reordered, second copies are not",
    arguments: [
      ([], 0), ([0, 1, 2, 3], 0), ([1, 3], 0), ([0, 2, 1, 3], 1), ([3, 2, 1, 0], 3), ([0, 0, 1], 0),
      ([0, 1, 2, 1, 2, 0], 0), ([0, 5, 3, 3, 5], 1), ([0, 5, 0, 4, 4], 1),
    ] as [([UInt32], UInt64)])
  func reordering(numbers: [UInt32], expected: UInt64) { #expect(reordered(numbers) == expected) }

  @Test("flows are counted each by itself")
  func flows() {
    var record = OutputRecord()
    for (flow, number) in [(1, 0), (2, 5), (1, 1), (2, 4), (1, 2)] as [(UInt16, UInt32)] {
      record.append(flow: flow, number: number)
    }
    #expect(record.reordered == 1)
  }

  /// What comes out of six packets with the fates of some.
  private func order(_ fates: [Int: Fate], of count: Int = 6) -> [Int] {
    var disorder = Disorder<Int>()
    var out: [Int] = []
    for packet in 0..<count {
      _ = disorder.pass(packet, fates[packet] ?? .forward, copy: packet) { out.append($0) }
    }
    disorder.release { out.append($0) }
    #expect(disorder.isEmpty)
    return out
  }

  @Test("packets go out in the order of their fates")
  func fates() {
    #expect(order([:]) == [0, 1, 2, 3, 4, 5])
    #expect(order([2: .drop]) == [0, 1, 3, 4, 5])
    #expect(order([2: .duplicate(after: 0)]) == [0, 1, 2, 2, 3, 4, 5])
    #expect(order([2: .duplicate(after: 2)]) == [0, 1, 2, 3, 4, 2, 5])
    #expect(order([1: .delay(2)]) == [0, 2, 3, 1, 4, 5])
    #expect(order([1: .swap(1)]) == [0, 2, 1, 3, 4, 5])
    #expect(order([1: .swap(3)]) == [0, 4, 2, 3, 1, 5])
    #expect(order([1: .swap(2), 2: .swap(1)]) == [0, 3, 2, 1, 4, 5])
    #expect(order([1: .swap(2), 3: .drop]) == [0, 2, 1, 4, 5])
    #expect(order([4: .delay(9)]) == [0, 1, 2, 3, 5, 4])
    #expect(order([4: .swap(9)]) == [0, 1, 2, 3, 5, 4])
  }

  @Test("a plan is the same for the same seed, another for another, and has about as many of each as asked for")
  func plan() {
    func fates(_ seed: UInt64) -> [Fate] {
      var impairment = Impairment(seed: seed, shares: .init(drop: 20, duplicate: 10, delay: 10, swap: 10))
      return (0..<10_000).map { _ in impairment.next() }
    }
    #expect(fates(1) == fates(1) && fates(1) != fates(2))
    #expect((100...300).contains(fates(1).count { $0 == .drop }))
    #expect((9300...9700).contains(fates(1).count { $0 == .forward }))
  }

  @Test("a limit lets its rate through, and after a time without no more than it may keep")
  func limit() {
    var limit = RateLimit(rate: 1000, depth: 10, queue: 5, hertz: 1e6)
    #expect(limit.available(at: 0) == 10)
    limit.spend(10)
    #expect(limit.available(at: 999) == 0 && limit.available(at: 1000) == 1)
    limit.spend(1)
    var sent = 0
    for now in stride(from: UInt64(1000), through: 1_001_000, by: 100) {
      let packets = limit.available(at: now)
      limit.spend(packets)
      sent += packets
    }
    #expect((999...1000).contains(sent))
    #expect(limit.available(at: 9_000_000) == 10)
  }
}
