import EngineMessages
import Foundation
import Testing

@testable import packet_relay

extension EngineProgram {
  @Suite(
    "RFC 2544", .enabled(if: RelayedEngine.isPossible, "needs two CPUs: one for the engine's worker, one for the relay")
  )
  struct BenchmarkTests {
    private func request(_ plan: BenchmarkPlan, frameSizes: [Int] = [64], duration: Double = 0.3) -> EngineRequest {
      var plan = plan
      (plan.settle, plan.wait) = (0, 0.3)
      return EngineRequest(mode: .rfc2544, frameSizes: frameSizes, duration: duration, benchmark: plan)
    }

    private func trials(of ended: EngineProcess.Ended) throws -> [Trial] {
      try ended.events().compactMap { if case .trial(let trial) = $0 { trial } else { nil } }
    }

    /// A relay of a rate that buffers `share` of what it passes in a trial of `seconds`: so much more may come through.
    private func bottleneck(_ rate: Double, seconds: Double, share: Double = 0.006) -> [String] {
      let buffered = rate * seconds * share
      return ["--rate", "\(rate)", "--depth", "\(buffered / 2)", "--queue", "\(Int(buffered / 2))"]
    }

    @Test(
      "the throughput of a relay with a known rate is found within 1 %, in at most 20 trials",
      arguments: [60_000.0, 110_000])
    func throughput(rate: Double) throws {
      let seconds = 2.0
      for _ in 0..<3 {
        let (ended, relay) = try RelayedEngine(bottleneck(rate, seconds: seconds)).run(
          request(BenchmarkPlan(tests: [.throughput], resolution: 0.003), duration: seconds))
        let result = try ended.result()
        let size = try #require(result.benchmark?.sizes.first)
        let found = try #require(size.throughput)
        #expect(found.packetsPerSecond <= rate * 1.01, "nothing makes a relay carry more: \(ended.output)")
        #expect(size.trials.count <= 20)
        #expect(abs(found.bitsPerSecond / found.packetsPerSecond - 512) < 0.01)
        #expect(size.trials == (try trials(of: ended)), "every trial is told when it is over, and again in the result")
        // A machine that kept the engine from sending, and says so, has not shown what the relay carries.
        let isConclusive = !ended.output.contains("is the bottleneck") && unplannedLosses(result, relay) == 0
        if found.packetsPerSecond >= rate * 0.99 || isConclusive {
          #expect(found.packetsPerSecond >= rate * 0.99, "\(ended.output)")
          #expect(found.failedAt.map { $0 > found.packetsPerSecond } == true)
          return
        }
      }
      try Test.cancel("inconclusive: this machine was too busy to send at a rate, three times")
    }

    @Test("latency, frame loss and back-to-back of a relay that buffers a known number of packets, for two frame sizes")
    func others() throws {
      let buffered: UInt64 = 1000
      let (ended, relay) = try RelayedEngine(["--rate", "20000", "--depth", "1", "--queue", "\(buffered)"]).run(
        request(BenchmarkPlan(resolution: 0.05, trials: 8), frameSizes: [64, 512], duration: 0.3))
      let result = try ended.result()
      try #require(unplannedLosses(result, relay) == 0, "inconclusive: the interfaces lost packets themselves")
      let sizes = try #require(result.benchmark?.sizes)
      #expect(sizes.map(\.frameSize) == [64, 512])
      for size in sizes {
        let throughput = try #require(size.throughput)
        // What is buffered adds to what the relay passes in a trial.
        #expect(throughput.packetsPerSecond <= 20_000 + Double(buffered) / 0.3 * 1.01)
        #expect(abs(throughput.bitsPerSecond / throughput.packetsPerSecond / 8 - Double(size.frameSize)) < 0.01)
        let latency = try #require(size.latency)
        #expect(latency.samples > 0 && latency.minimum > 0)
        let curve = try #require(size.frameLoss)
        #expect(
          curve.first?.percent == 100 && zip(curve, curve.dropFirst()).allSatisfy { $0.percent - 10 == $1.percent })
        // Of what is offered far above its rate the relay passes its rate and what it buffers, and loses the rest.
        for point in curve where point.packetsPerSecond > 100_000 {
          let passed = min(1, (20_000 + Double(buffered) / 0.3) / point.packetsPerSecond)
          #expect(abs(point.lossRatio - (1 - passed)) < 0.1)
        }
        let burst = try #require(size.backToBack)
        // All that fits into the queue, and what leaves it while the burst comes in.
        #expect(burst.packets >= buffered / 2 && burst.packets <= 5 * buffered && burst.packetsPerSecond > 20_000)
        #expect(Set(size.trials.map(\.test)) == Set(BenchmarkTest.allCases))
        #expect(size.trials.map(\.number) == Array(1...size.trials.count))
      }
      #expect(sizes.flatMap(\.trials) == (try trials(of: ended)))
      #expect(result.loss == nil && result.latency == nil)
      #expect(!(try ended.events().contains { if case .sample = $0 { true } else { false } }))
    }

    @Test("packets of a trial that arrive in the next one are foreign there, and make good for nothing")
    func late() throws {
      // The relay buffers eight seconds of its rate, of which no trial waits for more than two.
      let (ended, _) = try RelayedEngine(["--rate", "2000", "--depth", "1", "--queue", "16000"]).run(
        request(BenchmarkPlan(tests: [.throughput], trials: 3), duration: 0.5))
      let made = try trials(of: ended)
      try #require(made.count == 3)
      #expect(made[0].loss.foreign == 0 && made[0].loss.lost > 0)
      #expect(made[1].loss.foreign > 1000, "what the first trial left in the relay arrives in the second")
      for trial in made {
        #expect(trial.loss.received <= trial.loss.sent && trial.loss.received + trial.loss.lost == trial.loss.sent)
        #expect(trial.loss.duplicated == 0 && trial.loss.reordered == 0)
      }
    }

    @Test("a signal ends the benchmark with what was found so far", arguments: [SIGINT, SIGTERM])
    func signal(number: Int32) throws {
      let relayed = try RelayedEngine(["--rate", "20000"])
      let engine = try relayed.start(request(BenchmarkPlan(), duration: 1))
      while !(try engine.nextLine().contains(#""event":"trial""#)) {}
      Thread.sleep(forTimeInterval: 0.3)
      kill(engine.id, number)
      let ended = try engine.finish()
      let result = try ended.result()
      let size = try #require(result.benchmark?.sizes.first)
      #expect(result.benchmark?.sizes.count == 1 && !size.trials.isEmpty)
      #expect(size.trials == (try trials(of: ended)))
      #expect(size.trials.allSatisfy { $0.test == .throughput } && size.backToBack == nil)
      #expect(ended.output.contains("stopped by a signal"))
      _ = try relayed.stop()
    }

    @Test("where nothing comes back the benchmark says so, and finds nothing")
    func silence() throws {
      let (ended, _) = try RelayedEngine(["--drop", "1000"]).run(
        request(BenchmarkPlan(tests: [.throughput, .latency, .backToBack], trials: 4)))
      let size = try #require(try ended.result().benchmark?.sizes.first)
      #expect(size.throughput == nil && size.latency == nil && size.backToBack == nil)
      #expect(ended.output.contains("no packet came back") && ended.output.contains("no burst came through whole"))
    }

    @Test("a rate at which a trial has nothing to send ends each test in words")
    func nothingSent() throws {
      let ended = try EngineProcess.run(
        "rfc2544",
        [
          "--vdev", "net_ring0", "--rate", "0.01pps", "--frame-size", "64", "--settle", "0", "--wait", "0", "--warm-up",
          "0", "--tests", "throughput,frame-loss",
        ])
      let size = try #require(try ended.result().benchmark?.sizes.first)
      #expect(size.throughput == nil && size.frameLoss == nil)
      #expect(ended.output.contains("trials: nothing was sent: does the port take packets?"))
      #expect(ended.output.contains("no frame loss at 100 % of the rate: nothing was sent"))
    }

    @Test("without a bottleneck the throughput is what the machine can offer, and no rate is said to have failed")
    func unlimited() throws {
      let (ended, relay) = try RelayedEngine([]).run(
        request(BenchmarkPlan(tests: [.throughput, .frameLoss, .backToBack])))
      let result = try ended.result()
      try #require(unplannedLosses(result, relay) == 0, "inconclusive: the interfaces lost packets themselves")
      let size = try #require(result.benchmark?.sizes.first)
      let found = try #require(size.throughput)
      #expect(found.failedAt == nil && found.isResolved && found.packetsPerSecond > 0)
      #expect(size.frameLoss?.map(\.percent) == [100, 90] && size.frameLoss?.allSatisfy { $0.lossRatio == 0 } == true)
      #expect(size.backToBack?.failedAt == nil && size.backToBack?.isResolved == true)
      #expect(size.trials.first?.rate == .maximum)
    }

    @Test("the command takes the tests by name, and its text is lines and tables")
    func command() throws {
      let ended = try EngineProcess(
        [
          "rfc2544", "--no-huge", "128", "--duration", "0.2", "--settle", "0", "--frame-size", "imix", "--file-prefix",
          EngineProcess.newPrefix(), "--tests", "throughput,back-to-back",
        ] + memoryInterfaces()
      ).finish()
      #expect(ended.code == 0, "\(ended.errors)")
      #expect(ended.output.contains("throughput\n bytes"), "\(ended.output)")
      #expect(ended.output.contains("\n   354 "), "a mix is a row of its mean size: \(ended.output)")
      let refused = try EngineProcess(["rfc2544", "--vdev", "net_null0", "--frame-size", "imix", "--frame-size", "64"])
        .finish()
      #expect(refused.code == 64 && refused.errors.contains("imix"))
      #expect(try EngineProcess(["rfc2544", "--vdev", "net_null0", "--tests", "speed"]).finish().code == 64)
      #expect(try EngineProcess(["rfc2544", "--vdev", "net_null0", "--trials", "0"]).finish().code == 64)
    }
  }
}
