import EngineMessages

/// What a person sees of a run while it lasts: the latest rates of every port and queue, and its last minute.
struct LiveBlock {
  /// Seconds that the run is to be measured; nil for one that a signal ends.
  let duration: Double?
  private var names: [Int: String] = [:]
  private var sample: TrafficSample?
  private var history: [Int: [(elapsed: Double, packets: Double)]] = [:]

  /// Seconds that a sparkline goes back.
  static let span = 60.0

  init(duration: Double?) { self.duration = duration }

  mutating func note(_ start: EngineStart) {
    for port in start.ports { names[port.port] = port.name }
  }

  mutating func note(_ sample: TrafficSample) {
    // A time that goes back begins a new trial.
    if let last = self.sample, sample.elapsed < last.elapsed { history = [:] }
    self.sample = sample
    for port in sample.ports {
      history[port.port, default: []].append((sample.elapsed, port.rxPps + port.txPps))
      history[port.port]?.removeAll { $0.elapsed < sample.elapsed - Self.span }
    }
  }

  /// The lines of the block, none before the first sample: each at most `width` columns, and at most `height` of them.
  ///
  /// Where there is too little room the queues go first, then the last ports.
  func lines(width: Int, height: Int) -> [String] {
    guard let sample, width > 0, height > 0 else { return [] }
    let head = heading(sample.elapsed)
    let ports = sample.ports.map { [rates($0), minute($0, width: width)] }
    let queues = sample.ports.map { ($0.queues ?? []).map(rates) }
    let all = zip(ports, queues).flatMap { $0.0 + $0.1 }
    var lines = [head] + (all.count < height ? all : ports.flatMap { $0 })
    if lines.count > height {
      let shown = max(0, (height - 2) / 2)
      lines = [head] + ports.prefix(shown).flatMap { $0 }
      if lines.count < height { lines.append("… \(ports.count - shown) more ports") }
    }
    return lines.map { String($0.prefix(width)) }
  }

  private func heading(_ elapsed: Double) -> String {
    if elapsed < 0 { return "warm-up, \(fixed(-elapsed, 1)) s left" }
    guard let duration else { return "\(fixed(elapsed, 1)) s" }
    return "\(fixed(elapsed, 1)) s, \(fixed(max(0, duration - elapsed), 1)) s left"
  }

  private func rates(_ port: PortRates) -> String {
    "port \(left("\(port.port)", 2)) rx \(scaled(port.rxPps, "pps")) \(scaled(port.rxBps, "bps"))"
      + "  tx \(scaled(port.txPps, "pps")) \(scaled(port.txBps, "bps"))"
      + (port.dropPps.map { " drop \(scaled($0, "pps"))" } ?? "")
  }

  private func rates(_ queue: QueueRates) -> String {
    " queue \(left("\(queue.queue)", 2))"
      + "rx \(scaled(queue.rxPps, "pps"))                 tx \(scaled(queue.txPps, "pps"))"
  }

  private func minute(_ port: PortRates, width: Int) -> String {
    let label = "  \(left(names[port.port] ?? "", 16)) "
    let values = (history[port.port] ?? []).map(\.packets)
    return label + sparkline(values, width: min(Int(Self.span), width - label.count))
  }
}
