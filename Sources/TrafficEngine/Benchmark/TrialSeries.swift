import EngineMessages

/// The trials of one frame size, or of one mix, each with the numbers that it gave.
struct TrialSeries {
  let request: EngineRequest
  private(set) var traffic: Traffic
  private(set) var trials: [Trial] = []
  /// Of the last run of traffic, whether it counts as a trial or not.
  private(set) var result: TrafficResult?
  private var hasToldBottleneck = false

  /// - Parameter request: with the frame sizes of this series alone.
  init(_ request: EngineRequest, traffic: Traffic) {
    self.request = request
    var traffic = traffic
    traffic.silence = .seconds(request.benchmark.wait)
    traffic.catchUp = Pacer.searchCatchUp
    self.traffic = traffic
  }

  /// Seconds of a trial.
  var duration: Double { request.duration ?? BenchmarkPlan.duration }

  /// Ports that send.
  var senders: Int { PortPair.pairs(ofPorts: traffic.ports.count).count }

  /// Sends a few packets for the devices on the way to learn where the ports are (RFC 2544, 23 and appendix C.2.4).
  mutating func learn(on ports: borrowing Ports, emit: (EngineEvent) throws -> Void) throws {
    guard request.warmUp > 0 else { return }
    var learning = loopback(rate: .packetsPerSecond(Self.learningRate))
    learning.duration = request.warmUp
    learning.statisticsPeriod = 0
    result = try traffic.run(learning, on: ports) { event in
      if case .port = event { try emit(event) }
    }
  }

  private static let learningRate = 1000.0

  /// Makes one trial, tells of it, and keeps it.
  ///
  /// - Parameters:
  ///   - rate: of every sending port.
  ///   - burst: packets of every sending port; nil sends for the whole duration.
  /// - Returns: nil where a signal ended it, or the rest before it: then it does not count.
  mutating func make(
    _ test: BenchmarkTest, rate: TrafficRate, burst: UInt64? = nil, on ports: borrowing Ports,
    emit: (EngineEvent) throws -> Void
  ) throws -> TrialOutcome? {
    if result != nil, traffic.signals.wait(until: .now + .seconds(request.benchmark.settle)) { return nil }
    var traffic = loopback(rate: rate)
    // A burst ends when it has left; what a port does not take would keep it for ever.
    traffic.duration = burst == nil ? duration : 2 * duration + 1
    traffic.packets = burst
    let result = try self.traffic.run(traffic, on: ports, emit: emit)
    self.result = result
    guard !self.traffic.signals.haveCome, let loss = result.loss else { return nil }
    let outcome = TrialOutcome(
      asked: rate.packetsPerSecond(frameSizes: request.frameSizes).map { $0 * Double(senders) },
      sent: result.ports.reduce(0) { $0 + $1.txPps }, received: result.ports.reduce(0) { $0 + $1.rxPps },
      lossRatio: loss.ratio)
    let hasSentAll = burst.map { loss.sent == $0 * UInt64(senders) } ?? outcome.isKept
    // The longest burst is one of which nothing was lost, whatever a trial may lose.
    let allowed = burst == nil ? request.benchmark.allowedLoss : 0
    let trial = Trial(
      test: test, number: trials.count + 1, frameSize: request.meanFrameSize, rate: rate, askedPps: outcome.asked,
      burst: burst, txPps: outcome.sent, rxPps: outcome.received, seconds: result.seconds, loss: loss,
      latency: result.latency, failure: outcome.failure(allowing: allowed, hasSentAll: hasSentAll))
    trials.append(trial)
    try emit(.trial(trial))
    if burst == nil { try tellBottleneck(outcome, emit: emit) }
    return outcome
  }

  /// Says once that the sender fell behind twice in a row.
  private mutating func tellBottleneck(_ outcome: TrialOutcome, emit: (EngineEvent) throws -> Void) throws {
    guard !hasToldBottleneck, !outcome.isKept, let asked = outcome.asked, trials.count > 1,
      trials[trials.count - 2].rate == trials[trials.count - 1].rate
    else { return }
    hasToldBottleneck = true
    try emit(
      .notice(
        EngineNotice(
          message:
            "this machine sent \(Int(outcome.sent)) of \(Int(asked)) packets a second in trial \(trials.count), and "
            + "again too few: it is the bottleneck, and what came through whole shows the sender's limit alone")))
  }

  private func loopback(rate: TrafficRate) -> EngineRequest {
    var trial = request
    trial.mode = .loopback
    trial.rate = rate
    trial.warmUp = 0
    trial.capture = nil
    return trial
  }
}

extension EngineRequest {
  /// Bytes with the frame check sequence; the mean of a mix.
  var meanFrameBytes: Double { Double(frameSizes.reduce(0, +)) / Double(max(1, frameSizes.count)) }

  /// The same, rounded.
  var meanFrameSize: Int { Int(meanFrameBytes.rounded()) }
}

extension TrafficRate {
  /// The rate in packets of the given sizes, taken in turn; nil where it has no limit.
  func packetsPerSecond(frameSizes: [Int]) -> Double? {
    switch self {
    case .maximum: nil
    case .packetsPerSecond(let rate): rate
    case .bitsPerSecond(let rate): rate * Double(frameSizes.count) / Double(8 * max(1, frameSizes.reduce(0, +)))
    }
  }
}

extension Loss {
  /// The share of the packets that did not arrive; 1 where none was sent.
  var ratio: Double { sent > 0 ? Double(lost) / Double(sent) : 1 }
}
