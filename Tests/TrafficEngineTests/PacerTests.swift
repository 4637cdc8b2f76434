import EngineMessages
import Testing

@testable import TrafficEngine
@testable import packet_relay

@Suite("Pacing")
struct PacerTests {
  /// One queue on a simulated counter of 1 GHz.
  private struct Queue {
    var pacer: Pacer
    let size: Int
    /// When each burst left, and of how many packets it was.
    var bursts: [(time: UInt64, packets: Int)] = []

    static let start: UInt64 = 1 << 60

    init(_ rate: TrafficRate, share: PacerShare = PacerShare(queue: 0, of: 1), size: Int = 64, at now: UInt64 = 0) {
      pacer = Pacer(
        rate: rate, share: share, burst: 32, frameSizes: [size], hertz: 1e9, start: Self.start, now: Self.start + now)
      self.size = size
    }

    mutating func look(at time: UInt64) {
      let due = pacer.packetsDue(at: Self.start + time)
      guard due > 0 else { return }
      pacer.charge(packets: due, bytes: due * (size - 4))
      bursts.append((time, due))
    }

    func packets(_ interval: Range<UInt64> = 0..<UInt64.max) -> Int {
      bursts.reduce(0) { $0 + (interval.contains($1.time) ? $1.packets : 0) }
    }
  }

  /// A queue that is looked at every `period` nanoseconds, but for those of a stall.
  private func run(
    _ queue: consuming Queue, every period: UInt64 = 100, to end: UInt64 = 50_000_000, stall: Range<UInt64> = 0..<0
  ) -> Queue {
    for time in stride(from: 0 as UInt64, to: end, by: UInt64.Stride(period)) where !stall.contains(time) {
      queue.look(at: time)
    }
    return queue
  }

  @Test(
    "A rate is kept to within a burst, however often the worker looks",
    arguments: [1e3, 123_456, 1e6, 3.3e6, 10e6, 14.88e6, 20e6], [50, 700, 1_500] as [UInt64])
  func kept(rate: Double, period: UInt64) {
    // Low rates for longer, and looked at less often: thousands of packets in each case.
    let slower = UInt64(max(1, 1e6 / rate))
    let sent = run(Queue(.packetsPerSecond(rate)), every: period * slower, to: 20_000_000 * slower).packets()
    let expected = rate * 0.02 * Double(slower)
    #expect(expected > 10_000 && abs(Double(sent) - expected) <= (rate > 1e6 ? 33 : 3))
  }

  @Test("A rate in bits counts the frame check sequence", arguments: [(64, 512e6, 1e6), (1518, 1_214_400_000, 1e5)])
  func bits(size: Int, bits: Double, packets: Double) {
    let sent = run(Queue(.bitsPerSecond(bits), size: size)).packets()
    #expect(abs(Double(sent) - packets * 0.05) <= 33)
  }

  @Test(
    "Packets leave one at a time where the worker looks often enough, in small bursts where not",
    arguments: [1e3, 1e5, 1e6])
  func even(rate: Double) {
    let sent = run(Queue(.packetsPerSecond(rate)))
    #expect(sent.bursts.allSatisfy { $0.packets == 1 })
    let gaps = zip(sent.bursts, sent.bursts.dropFirst()).map { $1.time - $0.time }
    #expect(gaps.allSatisfy { abs(Double($0) - 1e9 / rate) <= 100 })
    let rarely = run(Queue(.packetsPerSecond(rate)), every: 5_000)
    #expect(rarely.bursts.allSatisfy { Double($0.packets) <= max(1, rate * 5e-6) + 1 })
  }

  @Test("High rates come in bursts that are a microsecond apart at least")
  func apart() {
    let sent = run(Queue(.packetsPerSecond(20e6)), every: 20, to: 2_000_000)
    let gaps = zip(sent.bursts, sent.bursts.dropFirst()).map { $1.time - $0.time }
    #expect(gaps.allSatisfy { $0 >= 980 } && sent.bursts.allSatisfy { $0.packets >= 20 })
  }

  @Test("A stall is made good, a quarter faster than the rate and in no clump", arguments: [100e3, 1e6, 5e6])
  func stall(rate: Double) {
    let sent = run(Queue(.packetsPerSecond(rate)), every: 250, to: 60_000_000, stall: 10_000_000..<14_000_000)
    #expect(abs(Double(sent.packets()) - rate * 0.06) <= 33)
    // At once a burst, or what 20 µs hold, and then never more than a quarter above the rate.
    let clump = Double(sent.packets(14_000_000..<14_001_000))
    #expect(clump <= max(32, rate * 20e-6) * 1.25 + 33)
    for begin in stride(from: 14_100_000 as UInt64, to: 50_000_000, by: 4_000_000) {
      let packets = Double(sent.packets(begin..<begin + 4_000_000))
      #expect(packets <= rate * 0.004 * 1.25 + 33 && packets >= rate * 0.004 - 33)
    }
  }

  @Test("Of a longer stall twenty milliseconds are made good, and the rest given up")
  func longStall() {
    var queue = Queue(.packetsPerSecond(10_000))
    for time in stride(from: 0 as UInt64, to: 5_000_000_000, by: 10_000)
    where !(1_000_000_000..<2_000_000_000).contains(time) {
      queue.look(at: time)
    }
    #expect(abs(queue.packets() - 40_200) <= 33)
  }

  @Test(
    "What a start-up owes is not sent in the measured interval: its rate is the one asked for, and never more",
    arguments: [TrafficRate.packetsPerSecond(1e6), .bitsPerSecond(2e9), .packetsPerSecond(50_000)])
  func startUp(rate: TrafficRate) throws {
    var queue = Queue(rate)
    // The first look comes late, and another one just before the interval.
    let begin: UInt64 = 200_000_000
    for time in stride(from: 150_000_000 as UInt64, to: begin + 200_000_000, by: 1_000)
    where !(190_000_000..<begin).contains(time) {
      if time == begin { queue.pacer.forgive(at: Queue.start + time) }
      queue.look(at: time)
    }
    let asked = try #require(rate.packetsPerSecond(frameSizes: [64])) * 0.2
    let sent = Double(queue.packets(begin..<begin + 200_000_000))
    #expect(sent <= asked + 33 && sent >= asked * 0.99)
    // Nor is the start-up repaid in a lump before it.
    let early = Double(queue.packets(0..<190_000_000))
    #expect(early <= asked / 0.2 * (0.04 + Pacer.longestCatchUp) + 33)
  }

  @Test("A search gives a stall up, and never offers more than the rate")
  func search() {
    var pacer = Pacer(
      rate: .packetsPerSecond(1e6), share: PacerShare(queue: 0, of: 1), burst: 32, frameSizes: [64], hertz: 1e9,
      catchUp: Pacer.searchCatchUp, start: 0, now: 0)
    var sent = 0
    for time in stride(from: 0 as UInt64, to: 30_000_000, by: 250) where !(10_000_000..<20_000_000).contains(time) {
      let due = pacer.packetsDue(at: time)
      pacer.charge(packets: due, bytes: due * 60)
      sent += due
    }
    #expect((20_000...20_053).contains(sent))
  }

  @Test("Noise on every look does not add up")
  func noise() {
    var generator = SplitMix64(state: 1)
    var queue = Queue(.packetsPerSecond(2e6))
    var time: UInt64 = 0
    while time < 50_000_000 {
      queue.look(at: time)
      time += .random(in: 20...4_000, using: &generator)
    }
    #expect(abs(queue.packets() - 100_000) <= 64)
  }

  @Test("What a full queue refused is not charged, and so made good")
  func refused() {
    var queue = Queue(.packetsPerSecond(1e6))
    var taken = 0
    for time in stride(from: 0 as UInt64, to: 50_000_000, by: 500) {
      let due = queue.pacer.packetsDue(at: Queue.start + time)
      let accepted = time % 3 == 0 ? due / 2 : due
      queue.pacer.charge(packets: accepted, bytes: accepted * 60)
      taken += accepted
    }
    #expect(abs(taken - 50_000) <= 33)
  }

  @Test("Queues that share a rate add up to it, and send in turn")
  func queues() {
    let rate = 1e5
    let queues = (0..<4).map { index in
      // Workers do not begin together.
      run(
        Queue(
          .packetsPerSecond(rate), share: PacerShare(queue: index, of: 4), at: UInt64(index * 1_237)))
    }
    #expect(abs(Double(queues.reduce(0) { $0 + $1.packets() }) - rate * 0.05) <= 8)
    let times = queues.flatMap { $0.bursts.map(\.time) }.filter { $0 > 1_000_000 }.sorted()
    let gaps = zip(times, times.dropFirst()).map { $1 - $0 }
    #expect(gaps.allSatisfy { abs(Double($0) - 1e9 / rate) <= 200 })
  }

  @Test("Nothing is owed from before a queue began")
  func late() {
    var queue = Queue(.packetsPerSecond(1e6), at: 50_000_000)
    queue.look(at: 50_001_000)
    #expect(queue.packets() <= 2)
  }

  @Test("Without a rate nothing is put off, and bursts are whole")
  func maximum() {
    let pacer = Queue(.maximum).pacer
    #expect(!pacer.isPaced && pacer.burst == 32)
  }
}
