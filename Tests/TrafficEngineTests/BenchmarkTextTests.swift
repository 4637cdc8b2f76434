import EngineMessages
import Testing

@testable import dpdk_host_engine

@Suite("The benchmark as text")
struct BenchmarkTextTests {
  private static let loss = Loss(sent: 1000, received: 990, lost: 10, reordered: 0, foreign: 0)

  private func trial(
    _ test: BenchmarkTest, _ number: Int, asked: Double? = nil, burst: UInt64? = nil, _ failure: Trial.Failure? = nil
  ) -> Trial {
    Trial(
      test: test, number: number, frameSize: 64, rate: .maximum, askedPps: asked, burst: burst, txPps: 1.5e6,
      rxPps: 1e6, seconds: 1, loss: Self.loss, latency: nil, failure: failure)
  }

  @Test("a trial is a line with the rate asked for")
  func trialLine() {
    var text = EventText()
    #expect(
      text.lines(of: .trial(trial(.throughput, 7, asked: 2e6)))
        == "trial   7  throughput      64 bytes  asked   2.00 Mpps  sent   1.50 Mpps  lost 10 of 1000  passed\n")
    #expect(
      text.lines(of: .trial(trial(.backToBack, 12, burst: 500)))
        == "trial  12  back-to-back    64 bytes  asked         max  sent   1.50 Mpps  lost 10 of 1000  burst 500  passed\n"
    )
  }

  @Test(
    "a trial that failed says why",
    arguments: [
      (Trial.Failure.lost, "packets lost"), (.sentTooFew, "this machine sent too few"),
      (.lostAndSentTooFew, "packets lost, and this machine sent too few"), (.nothingSent, "nothing was sent"),
    ])
  func failedTrial(failure: Trial.Failure, reason: String) {
    let trial = trial(.throughput, 1, failure)
    #expect(!trial.isPassed && line(of: trial).hasSuffix("  failed: \(reason)\n"))
  }

  @Test("what was found is a table a test, with a row a frame size")
  func tables() {
    let report = BenchmarkReport(sizes: [
      FrameSizeReport(
        frameSize: 64,
        throughput: Throughput(packetsPerSecond: 99_620, bitsPerSecond: 51e6, failedAt: 100_120, isResolved: true),
        latency: Latency(samples: 1, minimum: 43, mean: 2040, p50: 2000, p90: 3, p99: 4000, p999: 5, maximum: 70_000),
        latencyTrial: 3,
        frameLoss: [
          FrameLossPoint(percent: 100, packetsPerSecond: 2e6, lossRatio: 0.95),
          FrameLossPoint(percent: 90, packetsPerSecond: 1.8e6, lossRatio: 0),
        ],
        backToBack: BackToBack(packets: 412, packetsPerSecond: 2e6, failedAt: 415, isResolved: true),
        trials: [trial(.throughput, 1), trial(.throughput, 2), trial(.latency, 3, asked: 1.5e6)]),
      FrameSizeReport(
        frameSize: 1518,
        throughput: Throughput(packetsPerSecond: 80_000, bitsPerSecond: 971.5e6, failedAt: nil, isResolved: false),
        trials: [trial(.throughput, 1)]),
      FrameSizeReport(
        frameSize: 4096,
        throughput: Throughput(
          packetsPerSecond: 29_170, bitsPerSecond: 955e6, failedAt: nil, isResolved: false, limit: .sender),
        latency: Latency(samples: 1, minimum: 1500, mean: 2040, p50: 2000, p90: 3, p99: 4000, p999: 5, maximum: 70_000),
        latencyTrial: 2, trials: [trial(.throughput, 1), trial(.latency, 2, .lost)]),
      FrameSizeReport(
        frameSize: 8192,
        throughput: Throughput(
          packetsPerSecond: 10_000, bitsPerSecond: 655e6, failedAt: nil, isResolved: true, limit: .rate),
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
          4096   ≥ 29.17 kpps    955.00 Mbps          never       1  sender's limit
          8192   ≥ 10.00 kpps    655.00 Mbps          never       1  limit of --rate
          9000           none                                     1

        latency at that rate, in microseconds
         bytes         sent       min      mean       p50       p99       max
            64    1.50 Mpps     0.043       2.0       2.0       4.0      70.0
          4096    1.50 Mpps       1.5       2.0       2.0       4.0      70.0  unpaced, failed

        frame loss
         bytes  of highest           sent          lost
            64       100 %      2.00 Mpps     95.0000 %
            64        90 %      1.80 Mpps      0.0000 %

        back-to-back
         bytes        packets        sent at      failed at
            64            412      2.00 Mpps            415

        """)
    for line in text.lines(of: .result(TrafficResult(seconds: 1, ports: [], benchmark: report))).split(separator: "\n")
    where !line.contains("unpaced") {
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
