import EngineMessages
import Testing

@testable import dpdk_host_engine

@Suite("The benchmark as text")
struct BenchmarkTextTests {
  private static let loss = Loss(sent: 1000, received: 990, lost: 10, reordered: 0, foreign: 0)

  private func trial(_ test: BenchmarkTest, _ number: Int, burst: UInt64? = nil, passed: Bool = true) -> Trial {
    Trial(
      test: test, number: number, frameSize: 64, rate: .maximum, burst: burst, txPps: 1.5e6, rxPps: 1e6, seconds: 1,
      loss: Self.loss, latency: nil, isPassed: passed)
  }

  @Test("a trial is a line")
  func trialLine() {
    var text = EventText()
    #expect(
      text.lines(of: .trial(trial(.throughput, 7, passed: false)))
        == "trial   7  throughput      64 bytes  tx   1.50 Mpps  lost 10 of 1000  failed\n")
    #expect(
      text.lines(of: .trial(trial(.backToBack, 12, burst: 500)))
        == "trial  12  back-to-back    64 bytes  tx   1.50 Mpps  lost 10 of 1000  burst 500  passed\n")
  }

  @Test("what was found is a table a test, with a row a frame size")
  func tables() {
    let report = BenchmarkReport(sizes: [
      FrameSizeReport(
        frameSize: 64,
        throughput: Throughput(packetsPerSecond: 99_620, bitsPerSecond: 51e6, failedAt: 100_120, isResolved: true),
        latency: Latency(samples: 1, minimum: 1500, mean: 2040, p50: 2000, p90: 3, p99: 4000, p999: 5, maximum: 70_000),
        frameLoss: [
          FrameLossPoint(percent: 100, packetsPerSecond: 2e6, lossRatio: 0.95),
          FrameLossPoint(percent: 90, packetsPerSecond: 1.8e6, lossRatio: 0),
        ],
        backToBack: BackToBack(packets: 412, packetsPerSecond: 2e6, failedAt: 415, isResolved: true),
        trials: [trial(.throughput, 1), trial(.throughput, 2), trial(.latency, 3)]),
      FrameSizeReport(
        frameSize: 1518,
        throughput: Throughput(packetsPerSecond: 80_000, bitsPerSecond: 971.5e6, failedAt: nil, isResolved: false),
        trials: [trial(.throughput, 1)]),
      FrameSizeReport(frameSize: 9000, trials: [trial(.throughput, 1)]),
    ])
    var text = EventText()
    #expect(
      text.lines(of: .result(TrafficResult(seconds: 1, ports: [], benchmark: report))) == """
        throughput
         bytes           rate        layer 2      failed at  trials
            64     99.62 kpps     51.00 Mbps    100.12 kpps       2
          1518     80.00 kpps    971.50 Mbps          never       1  not resolved
          9000           none                                     1

        latency at that rate, in microseconds
         bytes         min        mean         p50         p99         max
            64         1.5         2.0         2.0         4.0        70.0

        frame loss
         bytes  of highest           sent          lost
            64       100 %      2.00 Mpps     95.0000 %
            64        90 %      1.80 Mpps      0.0000 %

        back-to-back
         bytes        packets        sent at      failed at
            64            412      2.00 Mpps            415

        """)
    for line in text.lines(of: .result(TrafficResult(seconds: 1, ports: [], benchmark: report))).split(separator: "\n")
    {
      #expect(line.count <= 80)
    }
  }

  @Test("a report without a finding says so")
  func nothing() {
    var text = EventText()
    let report = BenchmarkReport(sizes: [FrameSizeReport(frameSize: 64)])
    #expect(
      text.lines(of: .result(TrafficResult(seconds: 0, ports: [], benchmark: report)))
        == "nothing was found in 0 trials\n")
  }

  @Test("tests are named with commas between, in any order, and made in the order of the RFC")
  func tests() {
    #expect(BenchmarkTests(argument: "back-to-back,throughput")?.tests == [.throughput, .backToBack])
    #expect(BenchmarkTests(argument: "frame-loss,latency")?.tests == [.latency, .frameLoss])
    for argument in ["", "speed", "throughput,", "throughput latency", "Throughput"] {
      #expect(BenchmarkTests(argument: argument) == nil)
    }
  }
}
