import Testing

@testable import TrafficEngine

@Suite("The end of a run's drain")
struct DrainWatchTests {
  private let start = ContinuousClock.now

  /// When the drain is over, in milliseconds after its start, of what had been received and had arrived by then.
  private func end(
    silence: Duration = .milliseconds(500), sent: UInt64 = 100, allSentAt: Int = 0,
    _ counted: (Int) -> (received: UInt64, arrived: UInt64)
  ) -> Int {
    var watch = DrainWatch(silence: silence, from: start)
    var time = 0
    while true {
      let (received, arrived) = counted(time)
      let totals = [PacketTotals(txPackets: sent), PacketTotals(rxPackets: received, arrived: arrived)]
      if watch.isOver(totals, isAllSent: time >= allSentAt, at: start + .milliseconds(time)) { return time }
      time += 1
    }
  }

  @Test("where every packet came once, copies have 20 ms more, each anew")
  func copies() {
    #expect(end { _ in (100, 100) } == 20)
    #expect(end { $0 < 30 ? (60, 60) : (100, 100) } == 50)
    #expect(end { (100 + UInt64(min($0, 60) / 15), 100) } == 80)
  }

  @Test("strangers that never end are not waited for longer than a packet, and no wait asked for is none")
  func strangers() {
    #expect(end { (100 + UInt64($0), 100) } == 500)
    #expect(end(silence: .zero) { (100 + UInt64($0), 100) } == 0)
  }

  @Test("where packets are missing it ends with the silence after the last arrival, or in two seconds")
  func missing() {
    #expect(end { $0 < 40 ? (50, 50) : (99, 99) } == 541)
    #expect(end { (100 + UInt64($0), 99) } == 501)
    #expect(end(sent: .max) { (UInt64($0), UInt64($0)) } == 2000)
    #expect(end(silence: .seconds(5)) { _ in (99, 99) } == 5000)
  }

  @Test("senders that have not stopped are waited for")
  func sending() {
    #expect(end(allSentAt: 700) { _ in (100, 100) } == 700)
    #expect(end(allSentAt: 10_000) { _ in (100, 100) } == 2000)
  }
}
