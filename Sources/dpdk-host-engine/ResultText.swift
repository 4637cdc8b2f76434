import EngineMessages

/// The result of a run for a person: what each port moved, then what was lost and how long it took.
func resultText(_ result: TrafficResult) -> String {
  if let benchmark = result.benchmark { return tables(of: benchmark) }
  var text = "measured \(fixed(result.seconds, 3)) s\n"
  let returned = Set((result.interruptions ?? []).filter { $0.absence != nil }.map(\.device))
  for port in result.ports { text += portText(port, returned: returned) }
  if let loss = result.loss { text += lossText(loss) }
  if let latency = result.latency { text += latencyText(latency) }
  for interruption in result.interruptions ?? [] { text += interruptionText(interruption) }
  return text
}

/// - Parameter returned: devices that went and came back, which count from their return on.
private func portText(_ port: PortResult, returned: Set<String>) -> String {
  var text = "port \(port.port)  \(port.name) (\(port.driver))\n"
  text += "  received \(right("\(port.rxPackets)", 16))  \(scaled(port.rxPps, "pps"))"
  text += "  \(scaled(port.rxBps, "bps"))  missed  \(port.rxMissed)\n"
  text += "  sent     \(right("\(port.txPackets)", 16))  \(scaled(port.txPps, "pps"))"
  text += "  \(scaled(port.txBps, "bps"))  dropped \(port.txDropped)\n"
  if let failed = port.rxNoMbuf, failed > 0 { text += "  not received for want of memory: \(failed)\n" }
  for queue in port.queues ?? [] {
    text += "  queue \(right("\(queue.queue)", 3))"
    text += "  received \(right("\(queue.rxPackets)", 14))  \(scaled(queue.rxPps, "pps"))"
    text += "  sent \(right("\(queue.txPackets)", 14))  \(scaled(queue.txPps, "pps"))\n"
  }
  for subdevice in port.subdevices {
    let counts = subdevice.rxPackets.flatMap { rx in subdevice.txPackets.map { "received \(rx)  sent \($0)" } }
    text += "  over \(left(subdevice.name, 14))  \(counts ?? "gone")"
    text += counts != nil && returned.contains(subdevice.name) ? "  since it came back\n" : "\n"
  }
  return text + (port.account.map(differenceText) ?? "")
}

/// Lines for what the port counted otherwise than the engine over the whole run; none where they agree.
private func differenceText(_ account: PortAccount) -> String {
  var text = account.restart.map { "  the port's counters began anew\(reason(of: $0)): not compared\n" } ?? ""
  if account.receivedDifference > 0 {
    text += "  differs: the port counted \(account.portReceived) received, the engine \(account.received)\n"
  }
  if account.sentDifference > 0 {
    text += "  differs: the port counted \(account.portSent) sent, the engine \(account.sent)\n"
  }
  if account.portSendErrors > 0 { text += "  the port counted \(account.portSendErrors) send errors\n" }
  return text
}

private func reason(of restart: PortAccount.Restart) -> String {
  switch restart {
  case .linkDown: " when its link went down"
  case .removed: " when a device was removed"
  case .lower: ", lower than before"
  }
}

private func lossText(_ loss: Loss) -> String {
  var text = "loss     \(loss.lost) of \(loss.sent) sent in all"
  text += "  (reordered \(loss.reordered), duplicated \(loss.duplicated), foreign \(loss.foreign))\n"
  if loss.damaged > 0 { text += "damaged  \(loss.damaged) arrived with another length, checksum or payload\n" }
  return text
}

private func latencyText(_ latency: Latency) -> String {
  func line(_ values: [(String, UInt64?)]) -> String {
    values.compactMap { name, value in value.map { "\(name) \(microseconds(Double($0)))" } }.joined(separator: "  ")
  }
  var text = "latency  "
  text += line([("min", latency.minimum), ("p50", latency.p50), ("p90", latency.p90), ("p99", latency.p99)]) + "  µs\n"
  text += "         "
  text += line([("p99.9", latency.p999), ("p99.99", latency.p9999), ("max", latency.maximum)]) + "  µs"
  if let uncertainty = latency.uncertainty { text += "  (up to \(microseconds(uncertainty)) less)" }
  return text + "\n"
}

private func interruptionText(_ interruption: Interruption) -> String {
  let absence = interruption.absence.map { "back after \(fixed($0, 3)) s" } ?? "not back"
  return "removed  \(interruption.device) at \(fixed(interruption.elapsed, 1)) s, \(absence)\n"
    + "         port \(interruption.port) stood still for \(fixed(interruption.standstill, 3)) s"
    + " (± \(fixed(interruption.resolution, 3)))" + (interruption.lost.map { ", lost \($0)" } ?? "") + "\n"
}
