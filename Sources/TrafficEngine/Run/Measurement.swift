import EngineMessages
import Glibc

/// The main lcore's part of a run of traffic: warm-up, measured interval, samples, drain.
struct Measurement {
  let request: EngineRequest
  let lineup: Lineup
  let phase: RunPhase
  let signals: StopSignals
  /// Where this long nothing arrived any more, nothing will.
  let silence: Duration
  /// What happened to the ports in traffic before; nil where there was none.
  let watch: PortWatch?

  /// Watches the workers until the run's time is over, they sent all that they were to send, or a signal comes.
  func run(on ports: borrowing Ports, emit: (EngineEvent) throws -> Void) throws -> Measured {
    let start = Reading(lineup)
    let measuredStart = start.time + .seconds(request.warmUp)
    var sampler = Sampler(
      from: start, measuredFrom: measuredStart, period: request.statisticsPeriod, ports: lineup.ports)
    var lookout = try PortLookout(
      on: ports, lineup, request, goingOnWith: watch, from: start.time, measuredFrom: measuredStart)
    if try wait(until: measuredStart, &sampler, &lookout, ports, emit) {
      try emit(.notice(EngineNotice(message: "stopped before the measured interval began")))
      drain()
      return Measured(
        statistics: try ports.statistics().map { PortStatistics(from: $0, to: $0) },
        readings: [], watch: lookout.watch)
    }
    let before = try ports.statistics()
    phase.move(to: .measuring)
    awaitBeginning()
    let first = Reading(lineup)
    sampler.restart(at: first)
    _ = try wait(until: request.duration.map { first.time + .seconds($0) }, &sampler, &lookout, ports, emit)
    let after = try ports.statistics()
    drain()
    return Measured(
      statistics: zip(before, after).map { PortStatistics(from: $0, to: $1) }, readings: [before, after],
      watch: lookout.watch)
  }

  /// A worker that is kept from its CPU begins late: the duration counts from where the last one has begun.
  private func awaitBeginning() {
    let deadline = ContinuousClock.now + .seconds(1)
    while phase.begunWorkers < lineup.workers, ContinuousClock.now < deadline { usleep(50) }
  }

  /// - Returns: whether a signal came first; nil as deadline waits for one.
  private func wait(
    until deadline: ContinuousClock.Instant?, _ sampler: inout Sampler, _ lookout: inout PortLookout,
    _ ports: borrowing Ports, _ emit: (EngineEvent) throws -> Void
  ) throws -> Bool {
    while true {
      let now = ContinuousClock.now
      if phase.finishedWorkers == lineup.workers { return false }
      let look = request.packets == nil ? lookout.period : min(.milliseconds(1), lookout.period)
      let next = [deadline, sampler.next].compactMap { $0 }.reduce(now + look) { min($0, $1) }
      if signals.wait(until: next) { return true }
      for event in try lookout.look(at: ports) { try emit(.port(event)) }
      if let sample = sampler.sample(at: Reading(lineup)) { try emit(.sample(sample)) }
      if let deadline, ContinuousClock.now >= deadline { return false }
    }
  }

  /// Stops the senders, and in `loopback` gives what is under way its time to arrive.
  private func drain() {
    phase.move(to: .draining)
    guard request.mode == .loopback else { return }
    var watch = DrainWatch(silence: silence, from: .now)
    while !watch.isOver(
      lineup.counters.totals(), isAllSent: phase.restingWorkers == lineup.workers, at: .now)
    {
      _ = signals.wait(until: ContinuousClock.now + .milliseconds(1))
    }
  }
}

/// What the main lcore saw of a run.
struct Measured {
  /// What each port counted itself over the measured interval.
  let statistics: [PortStatistics]
  /// The ports' counters where the measured interval began, and where it ended.
  let readings: [[PortStatistics]]
  /// What happened to the ports, in traffic before too.
  let watch: PortWatch
}

/// The counters of all ports at one moment, while the workers go on counting.
struct Reading {
  let time: ContinuousClock.Instant
  /// Of each worker one a port, which is a queue each.
  let queues: [[PacketTotals]]
  /// Their sums.
  let totals: [PacketTotals]

  init(_ lineup: Lineup) {
    time = .now
    queues = (0..<lineup.workers).map { lineup.counters.counts(ofWorker: $0) }
    totals = sums(queues, ofPorts: lineup.ports.count)
  }
}
