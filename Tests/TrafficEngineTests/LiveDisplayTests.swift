import EngineMessages
import Testing

@testable import dpdk_host_engine

@Suite("The live display")
struct LiveDisplayTests {
  private static func sample(_ elapsed: Double, _ rates: [Double] = [1e6], queues: Int = 1, drops: Double = 0)
    -> TrafficSample
  {
    TrafficSample(
      elapsed: elapsed,
      ports: rates.enumerated().map { port, rate in
        PortRates(
          port: port, rxPps: rate, txPps: 0, rxBps: rate * 512, txBps: 0, dropPps: drops,
          queues: queues > 1 ? (0..<queues).map { QueueRates(queue: $0, rxPps: rate / Double(queues), txPps: 0) } : nil)
      })
  }

  private static let start = EngineStart(
    mode: .rx, dpdk: "DPDK 22.11",
    ports: [
      PortDescription(port: 0, name: "net_null0", driver: "net_null", mac: "02:00:00:00:00:01", numaNode: nil)
    ], workers: [1])

  @Test(
    "A sparkline is scaled to its highest value, and as wide as it may be",
    arguments: [
      ([], 10, ""), ([0, 0], 10, "▁▁"), ([1, 2, 3, 4, 5, 6, 7, 8], 8, "▁▂▃▄▅▆▇█"), ([5], 10, "█"),
      ([0, 100], 10, "▁█"),
      ([1, 3, 8, 8], 2, "▂█"), ([1, 2], 0, ""), ([1, 2, 3], 2, "▄█"), ([.infinity], 3, "▁"),
    ] as [([Double], Int, String)])
  func sparklines(values: [Double], width: Int, expected: String) {
    #expect(sparkline(values, width: width) == expected)
  }

  @Test("The block says how long it is running, and how long it still will")
  func heading() {
    func head(_ elapsed: Double, of duration: Double?) -> String? {
      var block = LiveBlock(duration: duration)
      block.note(Self.sample(elapsed))
      return block.lines(width: 80, height: 24).first
    }
    #expect(head(12, of: 60) == "12.0 s, 48.0 s left")
    #expect(head(61, of: 60) == "61.0 s, 0.0 s left")
    #expect(head(3.25, of: nil) == "3.3 s")
    #expect(head(-0.5, of: 60) == "warm-up, 0.5 s left")
    #expect(LiveBlock(duration: 1).lines(width: 80, height: 24).isEmpty, "there is nothing to show yet")
  }

  @Test("The block has rates of ports and queues, drops, and the last minute alone")
  func block() {
    var block = LiveBlock(duration: 600)
    block.note(Self.start)
    for second in 0...100 { block.note(Self.sample(Double(second), [second < 40 ? 9e6 : 1e6], queues: 2, drops: 7)) }
    let lines = block.lines(width: 120, height: 24)
    #expect(lines.count == 5)
    #expect(lines[1] == "port 0  rx   1.00 Mpps 512.00 Mbps  tx   0.00  pps   0.00  bps drop   7.00  pps")
    #expect(lines[2] == "  net_null0        " + String(repeating: "█", count: 60), "what was faster is longer ago")
    #expect(lines[3] == " queue 0 rx 500.00 kpps                 tx   0.00  pps")
    #expect(lines[4].hasPrefix(" queue 1 rx 500.00 kpps"))
  }

  @Test("A new trial begins a new minute")
  func trial() {
    var block = LiveBlock(duration: nil)
    block.note(Self.sample(5, [8e6]))
    block.note(Self.sample(1, [1e6]))
    #expect(block.lines(width: 80, height: 24)[2].hasSuffix(" █"))
  }

  @Test("The block never has more lines or columns than there are", arguments: 1...30, [1, 2, 19, 20, 40, 80])
  func fits(height: Int, width: Int) {
    var block = LiveBlock(duration: 9)
    for second in 1...70 { block.note(Self.sample(Double(second), [1e6, 2e6, 3e6], queues: 4)) }
    let lines = block.lines(width: width, height: height)
    #expect(!lines.isEmpty && lines.count <= height && lines.allSatisfy { $0.count <= width })
    #expect(lines.count == (height >= 19 ? 19 : height >= 7 ? 7 : height < 3 ? height : 2 * ((height - 2) / 2) + 2))
  }

  @Test("A sample redraws the block in place, and a notice scrolls above it")
  func redraw() {
    let size = TerminalSize(columns: 100, rows: 24)
    var display = LiveDisplay(duration: 9)
    #expect(!display.output(for: .started(Self.start), on: size).contains("\u{1B}"))
    let first = display.output(for: .sample(Self.sample(1)), on: size)
    #expect(first.hasPrefix("\r\u{1B}[J1.0 s, 8.0 s left\n") && first.split(separator: "\n").count == 3)
    let second = display.output(for: .sample(Self.sample(2)), on: size)
    #expect(second.hasPrefix("\r\u{1B}[3A\u{1B}[J2.0 s, 7.0 s left\n"))
    let notice = display.output(for: .notice(EngineNotice(message: "mind")), on: size)
    #expect(notice.hasPrefix("\r\u{1B}[3A\u{1B}[Jnotice: mind\n2.0 s, 7.0 s left\n"))
    let result = display.output(for: .result(TrafficResult(seconds: 2, ports: [])), on: size)
    #expect(result == "\r\u{1B}[Jmeasured 2.000 s\n", "the last block stays")
  }

  @Test("A terminal that became narrower or lower is erased as far as the old block reaches, and no farther")
  func resized() {
    var display = LiveDisplay(duration: nil)
    _ = display.output(for: .sample(Self.sample(1)), on: TerminalSize(columns: 100, rows: 24))
    // 79 columns of rates stand on two rows of 40 now.
    let narrow = display.output(for: .sample(Self.sample(2)), on: TerminalSize(columns: 40, rows: 24))
    #expect(narrow.hasPrefix("\r\u{1B}[4A\u{1B}[J"))
    let low = display.output(for: .sample(Self.sample(3)), on: TerminalSize(columns: 40, rows: 3))
    #expect(low.hasPrefix("\r\u{1B}[2A\u{1B}[J") && low.split(separator: "\n").count <= 2)
  }
}
