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
    case .trial(let trial): return self.trial(trial)
    case .notice(let notice): return "notice: \(notice.message)\n"
    case .result(let result): return self.result(result)
    case .failed(let failure): return "failed: \(failure.message)\n"
    }
  }

  private func started(_ start: EngineStart) -> String {
    let workers = start.workers.map(String.init).joined(separator: ",")
    let ports = start.ports.map {
      "port \($0.port)  \(left($0.name, 20))  \(left($0.driver, 16))  \($0.mac)\n" + beneath($0.subdevices)
    }
    return "\(start.mode.rawValue) with \(start.dpdk), worker lcores \(workers)\n" + ports.joined()
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
  }

  private func event(_ event: PortEvent) -> String {
    "\(right(fixed(event.elapsed, 1), 7)) s  \(event.device): \(event.kind.rawValue)\n"
  }

  private func trial(_ trial: Trial) -> String {
    "trial \(right("\(trial.number)", 3))  \(trial.test.rawValue)  \(trial.frameSize) bytes"
      + "  tx \(scaled(trial.txPps, "pps"))  lost \(trial.loss.lost)  \(trial.isPassed ? "passed" : "failed")\n"
  }

  private func result(_ result: TrafficResult) -> String {
    var text = "measured \(fixed(result.seconds, 3)) s\n"
    for port in result.ports {
      text += "port \(port.port)  \(port.name) (\(port.driver))\n"
      text += "  received \(right("\(port.rxPackets)", 16))  \(scaled(port.rxPps, "pps"))"
      text += "  \(scaled(port.rxBps, "bps"))  missed  \(port.rxMissed)\n"
      text += "  sent     \(right("\(port.txPackets)", 16))  \(scaled(port.txPps, "pps"))"
      text += "  \(scaled(port.txBps, "bps"))  dropped \(port.txDropped)\n"
      if let account = port.account, account.receivedDifference > 0 || account.sentDifference > 0 {
        text += "  the port counted \(account.portReceived) received, \(account.portSent) sent:"
        text += " \(account.received) and \(account.sent) passed through us\n"
      }
      for subdevice in port.subdevices {
        let counts = subdevice.rxPackets.flatMap { rx in subdevice.txPackets.map { "received \(rx)  sent \($0)" } }
        text += "  over \(left(subdevice.name, 14))  \(counts ?? "gone")\n"
      }
    }
    if let loss = result.loss {
      text += "loss     \(loss.lost) of \(loss.sent) sent"
      text += "  (reordered \(loss.reordered), duplicated \(loss.duplicated), foreign \(loss.foreign))\n"
    }
    if let latency = result.latency {
      text += "latency  "
      text +=
        [
          ("min", latency.minimum), ("p50", latency.p50), ("p99", latency.p99),
          ("max", latency.maximum),
        ].map { "\($0) \(microseconds($1))" }.joined(separator: "  ") + "  µs\n"
    }
    for interruption in result.interruptions ?? [] { text += self.interruption(interruption) }
    return text
  }

  private func interruption(_ interruption: Interruption) -> String {
    let absence = interruption.absence.map { "back after \(fixed($0, 3)) s" } ?? "not back"
    return "removed  \(interruption.device) at \(fixed(interruption.elapsed, 1)) s, \(absence)\n"
      + "         port \(interruption.port) stood still for \(fixed(interruption.standstill, 3)) s"
      + " (± \(fixed(interruption.resolution, 3)))" + (interruption.lost.map { ", lost \($0)" } ?? "") + "\n"
  }

  private func microseconds(_ nanoseconds: UInt64) -> String { fixed(Double(nanoseconds) / 1000, 1) }
}

/// A number with its unit in eleven columns or a few more, as ` 57.21 Mpps`.
func scaled(_ value: Double, _ unit: String) -> String {
  let scales = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")]
  let (scale, prefix) = scales.first { value >= $0.0 } ?? (1, " ")
  return right(fixed(value / scale, 2), 6) + " " + prefix + unit
}

/// A number with a fixed count of decimals.
func fixed(_ value: Double, _ decimals: Int) -> String {
  let unit = (0..<decimals).reduce(1) { scale, _ in scale * 10 }
  guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
  let number = Int((abs(value) * Double(unit)).rounded())
  let sign = value < 0 && number > 0 ? "-" : ""
  guard decimals > 0 else { return "\(sign)\(number)" }
  let fraction = String(number % unit)
  return "\(sign)\(number / unit)." + String(repeating: "0", count: decimals - fraction.count) + fraction
}

private func left(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}

private func right(_ text: String, _ width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.count)) + text
}
