import EngineMessages
import Testing

@testable import TrafficEngine

@Suite("Pacing")
struct PacerTests {
  /// Packets that a pacer lets through in a second of a 1 GHz counter that is looked at every 100 cycles.
  private func packets(_ rate: TrafficRate, queues: Int = 1, size: Int = 64, stall: Range<UInt64> = 0..<0) -> Int {
    let start: UInt64 = 1 << 60
    var pacer = Pacer(rate: rate, queues: queues, burst: 32, frameSizes: [size], hertz: 1e9, start: start)
    var sent = 0
    for time in stride(from: 0 as UInt64, to: 1_000_000_000, by: 100) where !stall.contains(time) {
      guard pacer.isDue(at: start + time) else { continue }
      pacer.charge(packets: pacer.burst, bytes: pacer.burst * (size - 4))
      sent += pacer.burst
    }
    return sent
  }

  @Test(
    "A rate is kept to within a burst",
    arguments: [
      (TrafficRate.packetsPerSecond(1_000), 1, 64, 1_000), (.packetsPerSecond(123_456), 1, 64, 123_456),
      (.packetsPerSecond(3_000_000), 2, 64, 1_500_000), (.bitsPerSecond(512e6), 1, 64, 1_000_000),
      (.bitsPerSecond(1_214_400_000), 2, 1518, 50_000),
    ])
  func kept(rate: TrafficRate, queues: Int, size: Int, expected: Int) {
    let sent = packets(rate, queues: queues, size: size)
    #expect((expected...expected + 32).contains(sent))
  }

  @Test("Of a long stall a millisecond is made good")
  func stall() {
    let sent = packets(.packetsPerSecond(1_000_000), stall: 200_000_000..<700_000_000)
    #expect((501_000...501_100).contains(sent))
  }

  @Test("Without a rate nothing is put off, and bursts are whole")
  func maximum() {
    var pacer = Pacer(rate: .maximum, queues: 1, burst: 32, frameSizes: [64], hertz: 1e9, start: 5)
    #expect(!pacer.isPaced && pacer.burst == 32)
    pacer.charge(packets: 1_000_000, bytes: 60_000_000)
    let isDue = pacer.isDue(at: 5)
    #expect(isDue)
  }

  @Test("Low rates come in small bursts")
  func smallBursts() {
    func burst(_ rate: TrafficRate) -> Int {
      Pacer(rate: rate, queues: 1, burst: 32, frameSizes: [64], hertz: 1e9, start: 0).burst
    }
    #expect(burst(.packetsPerSecond(10)) == 1)
    #expect(burst(.packetsPerSecond(100_000)) == 10)
    #expect(burst(.packetsPerSecond(10_000_000)) == 32)
  }
}
