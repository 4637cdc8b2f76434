import EngineMessages

/// Makes the tests of RFC 2544 on ports that are up, by one trial after the other.
struct BenchmarkRun {
  private var series: TrialSeries
  private var report: FrameSizeReport
  /// The highest rate that was offered, of all ports together, as sent; nil before a trial showed it.
  private var offered: Double?
  /// The trial that stands for the throughput.
  private var best: TrialOutcome?

  private init(_ request: EngineRequest, traffic: Traffic) {
    series = TrialSeries(request, traffic: traffic)
    report = FrameSizeReport(frameSize: request.meanFrameSize)
  }

  /// Makes all tests of the request; a signal ends them with what was found so far.
  ///
  /// - Returns: the ports of the last trial, and the report.
  static func run(
    _ request: EngineRequest, with traffic: Traffic, on ports: borrowing Ports, emit: (EngineEvent) throws -> Void
  ) throws -> TrafficResult {
    var traffic = traffic
    var sizes: [FrameSizeReport] = []
    var result: TrafficResult?
    for (place, frameSizes) in request.benchmarkedSizes.enumerated() {
      var sized = request
      sized.frameSizes = frameSizes
      if place > 0 { sized.warmUp = 0 }
      var run = BenchmarkRun(sized, traffic: traffic)
      try run.series.learn(on: ports, emit: emit)
      try run.makeTests(on: ports, emit: emit)
      run.report.trials = run.series.trials
      sizes.append(run.report)
      result = run.series.result ?? result
      traffic = run.series.traffic
      if traffic.signals.haveCome {
        try emit(.notice(EngineNotice(message: "stopped by a signal: what it interrupted does not count")))
        break
      }
    }
    let interruptions = traffic.watch?.interruptions ?? []
    return TrafficResult(
      seconds: result?.seconds ?? 0, ports: result?.ports ?? [],
      interruptions: interruptions.isEmpty ? nil : interruptions, benchmark: BenchmarkReport(sizes: sizes))
  }

  private var plan: BenchmarkPlan { series.request.benchmark }

  private mutating func makeTests(on ports: borrowing Ports, emit: (EngineEvent) throws -> Void) throws {
    func goesOn(with test: BenchmarkTest) -> Bool { plan.tests.contains(test) && !series.traffic.signals.haveCome }
    if goesOn(with: .throughput) || goesOn(with: .latency) { try findThroughput(on: ports, emit: emit) }
    if goesOn(with: .latency) { try measureLatency(on: ports, emit: emit) }
    if goesOn(with: .frameLoss) { try measureFrameLoss(on: ports, emit: emit) }
    if goesOn(with: .backToBack) { try findBackToBack(on: ports, emit: emit) }
  }

  private mutating func findThroughput(on ports: borrowing Ports, emit: (EngineEvent) throws -> Void) throws {
    var search = ThroughputSearch(
      resolution: plan.resolution, allowedLoss: plan.allowedLoss, limit: plan.trials, lowestRate: 1 / series.duration)
    while let step = search.next {
      let rate: TrafficRate
      switch step {
      case .maximum: rate = series.request.rate
      case .rate(let total): rate = ofEveryPort(total)
      }
      guard let outcome = try series.make(.throughput, rate: rate, on: ports, emit: emit) else { break }
      if step == .maximum { offered = outcome.sent }
      search.record(outcome)
    }
    best = search.best
    report.throughput = search.throughput(frameBytes: series.request.meanFrameBytes)
    if report.throughput == nil, !series.traffic.signals.haveCome {
      try emit(
        .notice(EngineNotice(message: "no throughput in \(search.outcomes.count) trials: \(search.obstacle)")))
    }
  }

  private mutating func measureLatency(on ports: borrowing Ports, emit: (EngineEvent) throws -> Void) throws {
    guard let best else { return }
    // The rate of the throughput; what was sent without a rate is not paced now either, which this machine may not keep up with.
    let paced = best.isKept ? best.asked : best.sent
    let rate = paced.map(ofEveryPort) ?? series.request.rate
    guard try series.make(.latency, rate: rate, on: ports, emit: emit) != nil, let trial = series.trials.last else {
      return
    }
    report.latency = trial.latency
    report.latencyTrial = trial.number
  }

  private mutating func measureFrameLoss(on ports: borrowing Ports, emit: (EngineEvent) throws -> Void) throws {
    var curve = FrameLossCurve()
    var points: [FrameLossPoint] = []
    var highest: Double?
    while let percent = curve.next {
      let rate = highest.map { ofEveryPort($0 * Double(percent) / 100) } ?? series.request.rate
      guard var outcome = try series.make(.frameLoss, rate: rate, on: ports, emit: emit) else { break }
      if !outcome.isKept {
        guard let again = try series.make(.frameLoss, rate: rate, on: ports, emit: emit) else { break }
        outcome = again
      }
      // A share of nothing is no rate to go on with.
      guard outcome.sent > 0 else {
        try emit(.notice(EngineNotice(message: "no frame loss at \(percent) % of the rate: nothing was sent")))
        break
      }
      highest = highest ?? outcome.sent
      points.append(
        FrameLossPoint(percent: percent, packetsPerSecond: outcome.sent, lossRatio: outcome.lossRatio))
      curve.record(lossRatio: outcome.lossRatio)
    }
    offered = offered ?? highest
    report.frameLoss = points.isEmpty ? nil : points
  }

  private mutating func findBackToBack(on ports: borrowing Ports, emit: (EngineEvent) throws -> Void) throws {
    if offered == nil {
      // How many packets a trial has at the highest rate, a trial has to show.
      guard let outcome = try series.make(.backToBack, rate: series.request.rate, on: ports, emit: emit) else { return }
      offered = outcome.sent
    }
    let perPort = (offered ?? 0) * series.duration / Double(series.senders)
    var search = BackToBackSearch(
      longest: UInt64(min(max(1, perPort), 1e15)), resolution: plan.resolution, limit: plan.trials)
    var rate = 0.0
    while let burst = search.next {
      guard
        let outcome = try series.make(.backToBack, rate: series.request.rate, burst: burst, on: ports, emit: emit),
        let trial = series.trials.last
      else { break }
      if trial.isPassed { rate = outcome.sent }
      search.record(isPassed: trial.isPassed)
    }
    if let passed = search.passed {
      report.backToBack = BackToBack(
        packets: passed, packetsPerSecond: rate, failedAt: search.failed, isResolved: search.isResolved)
    } else if !series.traffic.signals.haveCome {
      try emit(.notice(EngineNotice(message: "no burst came through whole in \(search.trials) trials")))
    }
  }

  private func ofEveryPort(_ total: Double) -> TrafficRate { .packetsPerSecond(total / Double(series.senders)) }
}

extension EngineRequest {
  /// The frame sizes of each series: one by one, or all together where they are a mix.
  fileprivate var benchmarkedSizes: [[Int]] {
    if benchmark.isMixed { return [frameSizes] }
    var sizes: [Int] = []
    for size in frameSizes where !sizes.contains(size) { sizes.append(size) }
    return sizes.map { [$0] }
  }
}
