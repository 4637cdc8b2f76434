import EngineMessages
import Provisioning
import Testing

@testable import dpdk_host

@Suite("What RFC 2544 found, as a person and a CI system read it")
struct BenchmarkTextTests {
  private var report: Report {
    let latency = Latency(
      samples: 9, minimum: 1000, mean: 2000, p50: 2100, p90: 3000, p99: 4200, p999: 5000, p9999: 6000, maximum: 7000,
      uncertainty: 300)
    let found = FrameSizeReport(
      frameSize: 64,
      throughput: Throughput(
        packetsPerSecond: 1_234_567, bitsPerSecond: 632e6, failedAt: 1.25e6, isResolved: false, limit: .sender),
      latency: latency, latencyTrial: 2,
      frameLoss: [
        FrameLossPoint(percent: 100, packetsPerSecond: 2e6, lossRatio: 0.375),
        FrameLossPoint(percent: 90, packetsPerSecond: 1.8e6, lossRatio: 1e-7),
      ], backToBack: BackToBack(packets: 4096, packetsPerSecond: 2e6, failedAt: 5000, isResolved: true),
      trials: [
        Trial(
          test: .latency, number: 2, frameSize: 64, rate: .maximum, txPps: 1, rxPps: 1, seconds: 1,
          loss: Loss(sent: 2, received: 1, lost: 1, reordered: 0, foreign: 0), latency: latency, failure: .lost)
      ])
    let traffic = TrafficResult(
      seconds: 1, ports: [], latency: latency,
      interruptions: [
        Interruption(port: 1, device: "vf", elapsed: 2, absence: 4, standstill: 0.25, resolution: 0.002, lost: 7)
      ], benchmark: BenchmarkReport(sizes: [found, FrameSizeReport(frameSize: 1518)]))
    return Report(command: "verify", profile: "p", traffic: traffic)
  }

  @Test("a line a frame size, with dashes for what was not found, in 80 columns")
  func text() {
    let lines = reportText(report, style: Style(isColoured: false)).split(separator: "\n").map(String.init)
    #expect(lines.contains("      64   ≥ 1 234 567           632         2.1         4.2           4 096"))
    #expect(lines.contains("    1518             –             –           –           –               –"))
    #expect(lines.contains("  loss of 64 bytes at 100 %: 37.5 % 90 %: <0.001 %"))
    #expect(lines.contains("  not found as closely as asked for, in the trials allowed: 64 bytes"))
    #expect(lines.contains("  ≥ as this machine sent no more, the way may carry more: 64 bytes"))
    #expect(lines.contains("  latency of a trial that did not pass: 64 bytes"))
    #expect(lines.contains { $0.hasPrefix("  latency in µs p50 2.1 p90 3.0 p99 4.2 p99.9 5.0 p99.99 6.0 max 7.0") })
    #expect(lines.contains { $0.hasPrefix("  vf: was away for 4 000 ms, port 1 stood still for 250 ms") })
    #expect(lines.allSatisfy { $0.count <= 80 })
  }

  @Test("a size without a rate is a failure in JUnit")
  func xml() {
    let text = junit(report)
    #expect(text.contains("name=\"throughput 64 bytes\""))
    #expect(text.contains("<failure message=\"no rate found\">"))
    #expect(text.contains("name=\"interruption vf\""))
  }
}
