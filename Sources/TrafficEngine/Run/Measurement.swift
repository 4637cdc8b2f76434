import EngineMessages

/// The main lcore's part of a run: warm-up, measured interval, samples, drain.
struct Measurement {
  let request: EngineRequest
  let lineup: Lineup
  let phase: RunPhase
  let signals: StopSignals

  /// What packets under way have of time to arrive after the last was sent.
  static let longestDrain = Duration.seconds(1)

  /// Watches the workers until the run's time is over or a signal comes.
  ///
  /// - Parameter statistics: reads what each port counted itself so far.
  func run(
    statistics: () throws -> [PortStatistics], emit: (EngineEvent) throws -> Void
  ) throws -> TrafficResult {
    let start = Reading(lineup)
    let measuredStart = start.time + .seconds(request.warmUp)
    var sampler = Sampler(
      from: start, measuredFrom: measuredStart, period: request.statisticsPeriod, ports: lineup.ports)
    if try wait(until: measuredStart, &sampler, emit) {
      try emit(.notice(EngineNotice(message: "stopped before the measured interval began")))
      let now = Reading(lineup)
      drain()
      return result(from: now, to: now, try statistics().map { PortStatistics(from: $0, to: $0) })
    }
    let before = try statistics()
    phase.move(to: .measuring)
    let first = Reading(lineup)
    sampler.restart(at: first)
    _ = try wait(until: request.duration.map { first.time + .seconds($0) }, &sampler, emit)
    let last = Reading(lineup)
    let during = zip(before, try statistics()).map { PortStatistics(from: $0, to: $1) }
    drain()
    return result(from: first, to: last, during)
  }

  /// - Returns: whether a signal came first; nil as deadline waits for one.
  private func wait(
    until deadline: ContinuousClock.Instant?, _ sampler: inout Sampler, _ emit: (EngineEvent) throws -> Void
  ) throws -> Bool {
    while true {
      let next = [deadline, sampler.next].compactMap { $0 }.min() ?? ContinuousClock.now + .seconds(3600)
      if signals.wait(until: next) { return true }
      if let sample = sampler.sample(at: Reading(lineup)) { try emit(.sample(sample)) }
      if let deadline, ContinuousClock.now >= deadline { return false }
    }
  }

  /// Stops the senders, and in `loopback` gives what is under way its time to arrive.
  private func drain() {
    phase.move(to: .draining)
    guard request.mode == .loopback else { return }
    let deadline = ContinuousClock.now + Self.longestDrain
    while ContinuousClock.now < deadline {
      if phase.restingWorkers == lineup.workers {
        let totals = lineup.counters.totals()
        if totals.reduce(0, { $0 + $1.arrived }) >= totals.reduce(0, { $0 + $1.txPackets }) { return }
      }
      _ = signals.wait(until: ContinuousClock.now + .milliseconds(1))
    }
  }

  private func result(from first: Reading, to last: Reading, _ statistics: [PortStatistics]) -> TrafficResult {
    let seconds = first.time.duration(to: last.time) / .seconds(1)
    let ports = lineup.ports.indices.map { index in
      PortResult(
        lineup.ports[index], from: first.totals[index], to: last.totals[index], seconds: seconds,
        statistics[index])
    }
    return TrafficResult(seconds: seconds, ports: ports)
  }
}

/// The counters of all ports at one moment.
struct Reading {
  let time: ContinuousClock.Instant
  let totals: [PacketTotals]

  init(_ lineup: Lineup) {
    time = .now
    totals = lineup.counters.totals()
  }
}
