public import EngineMessages

/// What the engine's own checks found in the traffic: loss, damage, counters that do not add up, interruptions.
///
/// - Parameter drill: the fault that was asked for: then what it costs is what one wanted to know.
func trafficFindings(about result: TrafficResult, drill: Drill?) -> [Finding] {
  var findings: [Finding] = []
  if let loss = result.loss { findings += lossFindings(loss, drill: drill) }
  findings += result.ports.flatMap { port in
    // A removed device takes counts along that nobody can read any more.
    let isInterrupted = (result.interruptions ?? []).contains { $0.port == port.port }
    return isInterrupted ? [] : port.account.map { accountFindings($0, of: port) } ?? []
  }
  return findings + interruptionFindings(about: result, drill: drill)
}

private func lossFindings(_ loss: Loss, drill: Drill?) -> [Finding] {
  var findings: [Finding] = []
  if loss.lost > 0 || loss.foreign > 0 {
    findings.append(
      Finding(
        "engine.loss", drill == nil ? .warning : .info, subject: "traffic",
        message: "\(grouped(loss.lost)) of \(grouped(loss.sent)) packets did not arrive"
          + (loss.foreign > 0 ? ", \(grouped(loss.foreign)) arrived that were not sent here" : ""),
        remedy: drill == nil ? "run 'dpdk-host-engine loopback' at a lower --rate to find where loss begins" : ""))
  }
  if loss.damaged > 0 {
    // Ethernet drops what a wire damages: whoever did this had the frame in memory, and it may do so with any other.
    findings.append(
      Finding(
        "engine.damaged", .blocker, subject: "traffic",
        message: "\(grouped(loss.damaged)) of \(grouped(loss.sent)) packets arrived with another length, checksum or "
          + "content than they were sent with",
        remedy: "look for a peer or a network function that rewrites packets, then for the driver's offloads"))
  }
  if loss.reordered > 0 || loss.duplicated > 0 {
    findings.append(
      Finding(
        "engine.reordered", .info, subject: "traffic",
        message: "of \(grouped(loss.received)) packets that arrived \(grouped(loss.reordered)) came out of order, and "
          + "\(grouped(loss.duplicated)) came again"))
  }
  return findings
}

private func accountFindings(_ account: PortAccount, of port: PortResult) -> [Finding] {
  func finding(_ verb: String, ours: UInt64, ports: String, by difference: UInt64) -> Finding? {
    guard difference > 0 else { return nil }
    return Finding(
      "engine.countersDiffer", .warning, subject: port.name,
      message:
        "the engine \(verb) \(grouped(ours)) packets, the port counted \(ports): \(grouped(difference)) more apart "
        + "than its queues hold",
      remedy: "trust neither count: another program may use the port, or its driver counts otherwise")
  }
  return [
    finding(
      "received", ours: account.received, ports: grouped(account.portReceived), by: account.receivedDifference),
    finding(
      "sent", ours: account.sent,
      ports: "\(grouped(account.portSent)) and \(grouped(account.portSendErrors)) errors", by: account.sentDifference),
  ].compactMap { $0 }
}

private func interruptionFindings(about result: TrafficResult, drill: Drill?) -> [Finding] {
  let interruptions = result.interruptions ?? []
  if let drill, interruptions.isEmpty {
    return [
      Finding(
        "engine.notRevoked", .blocker, subject: "drill",
        message: "requires a device that goes \(tenths(drill.after)) s after traffic began, none went",
        remedy: "see the engine's log above for whether the driver tells of a removal")
    ]
  }
  return interruptions.flatMap { interruption -> [Finding] in
    var findings = [
      Finding(
        "engine.interrupted", drill == nil ? .warning : .info, subject: interruption.device,
        message: interruption.text, remedy: drill == nil ? "verify again: the host takes a VF away to service it" : "")
    ]
    if drill != nil, interruption.absence == nil {
      findings.append(
        Finding(
          "engine.notReplugged", .blocker, subject: interruption.device,
          message: "was removed \(tenths(interruption.elapsed)) s after traffic began, and did not come back",
          remedy: "see the engine's log above for why the master could not plug it in again"))
    }
    return findings
  }
}

extension Interruption {
  /// What it cost, in words.
  public var text: String {
    let absence = absence.map { "was away for \(milliseconds($0))" } ?? "did not come back while the run lasted"
    return
      "\(absence), port \(port) stood still for \(milliseconds(standstill)) (give or take \(milliseconds(resolution)))"
      + (lost.map { ", \(grouped($0)) packets were lost" } ?? "")
  }
}

/// What happened to ports while traffic ran, as notes, and as a warning where it lasted to the end; of very many the first ones and
/// those that lasted.
///
/// - Parameter most: how many of them stand for themselves.
public func notes(of events: [PortEvent], most: Int = 20) -> [Finding] {
  let lasting = events.indices.filter { index in
    let later = events[(index + 1)...].filter { $0.device == events[index].device }
    return events[index].kind.end.map { end in !later.contains { $0.kind == end } } ?? false
  }
  let told = events.indices.filter { $0 < most || lasting.contains($0) }
  var findings = told.map { index in
    let event = events[index]
    let lasts = lasting.contains(index)
    return Finding(
      "engine.portEvent", lasts ? .warning : .info, subject: event.device,
      message: "\(event.kind.text) at \(tenths(event.elapsed)) s" + (event.port.map { " (port \($0))" } ?? "")
        + (lasts ? ", up to the end" : ""),
      remedy: lasts ? "see 'dpdk-host interfaces', and the link's other side" : "")
  }
  if events.count > told.count {
    findings.append(
      Finding("engine.portEvent", .info, subject: "ports", message: "and \(events.count - told.count) events more"))
  }
  return findings
}

extension PortEvent.Kind {
  /// What ends a state of a port that carries no traffic; nil of what is none. A removal is an interruption, judged as such.
  fileprivate var end: Self? {
    switch self {
    case .linkDown: .linkUp
    case .silent: .resumed
    case .removed, .added, .linkUp, .reset, .resumed: nil
    }
  }

  fileprivate var text: String {
    switch self {
    case .removed: "removed"
    case .added: "there"
    case .linkDown: "link down"
    case .linkUp: "link up"
    case .reset: "reset"
    case .silent: "no packets any more"
    case .resumed: "packets again"
    }
  }
}

private func milliseconds(_ seconds: Double) -> String { "\(grouped(seconds * 1000)) ms" }

private func tenths(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
