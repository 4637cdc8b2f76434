import CDPDK
import EngineMessages

/// Runs traffic on ports that are up, as often as it is asked to: each time with workers, counters and flows of its own.
struct Traffic {
  let ports: [PortDescription]
  let workers: [Lcore]
  /// One a port, by position.
  let sources: [PacketSource]
  let signals: StopSignals
  /// Where this long nothing arrived any more, nothing will.
  var silence = Duration.milliseconds(500)
  /// Seconds of a sender's stall that are made good.
  var catchUp = Pacer.longestCatchUp
  /// What happened to the ports so far; nil before the first traffic.
  private(set) var watch: PortWatch?

  /// Moves packets as the request says; its ports, lcores and memory are those that are up. Of `rfc2544` it makes one trial.
  mutating func run(
    _ request: EngineRequest, on ports: borrowing Ports, emit: (EngineEvent) throws -> Void
  ) throws -> TrafficResult {
    let lineup = Lineup(ports: self.ports, workers: workers.count)
    let flows = try FlowSource(request, lineup: lineup, pools: sources, catchUp: catchUp)
    let phase = RunPhase(hasWarmUp: request.warmUp > 0)
    let before = try ports.statistics()
    func measure(_ work: @Sendable (Int) -> Void) throws -> TrafficResult {
      let measurement = Measurement(
        request: request, lineup: lineup, phase: phase, signals: signals, silence: silence, watch: watch)
      let measured = try withWorkers(workers, phase: phase, work: work) { try measurement.run(on: ports, emit: emit) }
      watch = measured.watch
      return try result(
        of: request, lineup, measured, hertz: flows.hertz, account: ports.accounts(of: lineup, since: before, measured))
    }
    let burst = request.burst
    switch request.mode {
    case .forward where request.forwarding != .io, .reflect:
      let mode = try RewriteMode(request, lineup: lineup, phase: phase, flows: flows)
      return try measure { mode.run(worker: $0) }
    case .forward:
      let mode = ForwardMode(lineup: lineup, phase: phase, burst: burst, flows: flows)
      return try measure { mode.run(worker: $0) }
    case .rx:
      let own = try OwnAddresses(of: request, for: lineup.ports)
      if !own.areNone {
        let mode = AnsweringReceiveMode(lineup: lineup, phase: phase, burst: burst, own: own)
        return try measure { mode.run(worker: $0) }
      }
      let mode = ReceiveMode(lineup: lineup, phase: phase, burst: burst)
      return try measure { mode.run(worker: $0) }
    case .tx:
      let mode = TransmitMode(lineup: lineup, phase: phase, flows: flows)
      return try measure { mode.run(worker: $0) }
    case .loopback, .rfc2544:
      let mode = LoopbackMode(lineup: lineup, phase: phase, burst: burst, flows: flows)
      var result = try measure { mode.run(worker: $0) }
      let sent = lineup.counters.totals().reduce(0) { $0 + $1.txPackets }
      if let outcome = mode.outcomes.sum {
        let loss = outcome.loss(ofSent: sent)
        result.loss = loss
        result.interruptions = result.interruptions?.map { $0.atMost(loss) }
        result.latency = outcome.latency.latency
      }
      return result
    }
  }

  private func result(
    of request: EngineRequest, _ lineup: Lineup, _ seen: Measured, hertz: Double, account: [PortAccount?]
  ) -> TrafficResult {
    let measured = lineup.counters.measured(hertz: hertz)
    let seconds = request.packets == nil ? measured.meanSeconds : measured.span
    let interruptions = seen.watch.interruptions
    let results = lineup.ports.indices.map { place in
      var result = PortResult(
        lineup.ports[place], at: place, measured: measured, seconds: seconds, seen.statistics[place])
      result.account = account[place]
      return result
    }
    return TrafficResult(
      seconds: seconds, ports: results, interruptions: interruptions.isEmpty ? nil : interruptions)
  }
}

extension Interruption {
  /// The same, with no more lost than in the whole run.
  fileprivate func atMost(_ loss: Loss) -> Self {
    var interruption = self
    interruption.lost = lost.map { min($0, loss.lost) }
    return interruption
  }
}
