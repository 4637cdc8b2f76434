import EngineMessages

/// Events for a person: lines of up to 80 columns.
struct EventText {
  private var names: [Int: String] = [:]

  /// The lines of an event, each with its line feed.
  mutating func lines(of event: EngineEvent) -> String {
    switch event {
    case .started(let start):
      for port in start.ports { names[port.port] = port.name }
      return started(start)
    case .sample(let sample): return sample.ports.map { rates($0, at: sample.elapsed) }.joined()
    case .port(let event): return self.event(event)
    case .trial(let trial): return line(of: trial)
    case .notice(let notice): return "notice: \(notice.message)\n"
    case .result(let result): return resultText(result)
    case .failed(let failure): return "failed: \(failure.message)\n"
    }
  }

  private func started(_ start: EngineStart) -> String {
    let ports = start.ports.map {
      "port \($0.port)  \(left($0.name, 20))  \(left($0.driver, 16))  \($0.mac)\n" + beneath($0.subdevices)
    }
    return "\(start.mode.rawValue) with \(start.dpdk), \(workers(of: start))\n" + ports.joined()
  }

  /// The CPUs of the workers, or their lcores from an engine that did not tell.
  private func workers(of start: EngineStart) -> String {
    guard let sets = start.workerCPUs else {
      return "worker lcores " + start.workers.map(String.init).joined(separator: ",")
    }
    let cpus = sets.map { $0.map(String.init).joined(separator: "+") }
    return cpus.count == 1 ? "worker on CPU \(cpus[0])" : "workers on CPUs \(cpus.joined(separator: ","))"
  }

  /// One line, or none of a port without sub-devices.
  private func beneath(_ subdevices: [Subdevice]) -> String {
    guard !subdevices.isEmpty else { return "" }
    return "  over " + subdevices.map { "\($0.name) (\($0.driver))" }.joined(separator: ", ") + "\n"
  }

  private func rates(_ rates: PortRates, at elapsed: Double) -> String {
    "\(right(fixed(elapsed, 1), 7)) s  port \(rates.port)"
      + "  rx \(scaled(rates.rxPps, "pps")) \(scaled(rates.rxBps, "bps"))"
      + "  tx \(scaled(rates.txPps, "pps")) \(scaled(rates.txBps, "bps"))\n"
      + (rates.queues ?? []).map { queue in
        "           queue \(right("\(queue.queue)", 3))"
          + "  rx \(scaled(queue.rxPps, "pps"))  tx \(scaled(queue.txPps, "pps"))\n"
      }.joined()
      + dropped(rates)
  }

  /// One line, or none where nothing is dropped.
  private func dropped(_ rates: PortRates) -> String {
    guard let drops = rates.dropPps, drops > 0 else { return "" }
    return "           dropped \(scaled(drops, "pps"))\n"
  }

  private func event(_ event: PortEvent) -> String {
    "\(right(fixed(event.elapsed, 1), 7)) s  \(event.device): \(event.kind.rawValue)\n"
  }
}
