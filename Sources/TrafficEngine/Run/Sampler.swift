import EngineMessages

/// Says when a sample is due, and makes it of the reading before and now.
struct Sampler {
  /// Nil where no samples are wanted.
  private(set) var next: ContinuousClock.Instant?
  private let measuredStart: ContinuousClock.Instant
  private let period: Duration
  private let ports: [PortDescription]
  private var last: Reading

  /// - Parameters:
  ///   - start: where traffic begins.
  ///   - measuredStart: the zero of the samples' time.
  ///   - period: seconds; zero for no samples.
  init(
    from start: Reading, measuredFrom measuredStart: ContinuousClock.Instant, period: Double, ports: [PortDescription]
  ) {
    self.measuredStart = measuredStart
    self.period = .seconds(period)
    self.ports = ports
    last = start
    if period > 0 { next = start.time + self.period }
  }

  /// Starts anew with the measured interval, so that no sample reaches back into the warm-up.
  mutating func restart(at reading: Reading) {
    last = reading
    if next != nil { next = reading.time + period }
  }

  /// A sample where one is due at this reading.
  mutating func sample(at reading: Reading) -> TrafficSample? {
    guard let due = next, reading.time >= due else { return nil }
    defer {
      last = reading
      skip(past: reading.time)
    }
    let seconds = last.time.duration(to: reading.time) / .seconds(1)
    return TrafficSample(
      elapsed: measuredStart.duration(to: reading.time) / .seconds(1),
      ports: ports.indices.map { rates(ofPort: $0, to: reading, seconds: seconds) })
  }

  private func rates(ofPort place: Int, to reading: Reading, seconds: Double) -> PortRates {
    var rates = PortRates(
      port: ports[place].port, of: reading.totals[place].since(last.totals[place]), seconds: seconds)
    guard reading.queues.count > 1 else { return rates }
    rates.queues = zip(last.queues, reading.queues).enumerated().map { queue, counts in
      QueueRates(queue: queue, of: counts.1[place].since(counts.0[place]), seconds: seconds)
    }
    return rates
  }

  private mutating func skip(past time: ContinuousClock.Instant) {
    while let due = next, due <= time { next = due + period }
  }
}
