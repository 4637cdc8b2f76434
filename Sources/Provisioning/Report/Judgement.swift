public import EngineMessages

extension Finding {
  static let belowRateID = "engine.belowRate"

  /// A judgement of a run's packets, not a precondition: it makes a run failed or slow, not blocked.
  var isAboutTraffic: Bool { id.hasPrefix("engine.") || id == "verification.unproven" }

  /// Whether the remedy sends the reader to the engine's log, which must be shown then.
  public var namesEngineLog: Bool { remedy.contains("the engine's log above") }
}

extension Profile.Verification {
  /// The packets a second that count: what arrived, or, where nobody receives, what left. Of what a peer sends, what went back.
  public func packetsPerSecond(of result: TrafficResult, mode: TrafficMode) -> Double {
    switch mode {
    case .tx, .reflect: result.ports.reduce(0) { $0 + $1.txPps }
    case .rx, .forward, .loopback: result.ports.reduce(0) { $0 + $1.rxPps }
    // Of several sizes the smallest frames show what a host can do.
    case .rfc2544: result.benchmark?.sizes.min { $0.frameSize < $1.frameSize }?.throughput?.packetsPerSecond ?? 0
    }
  }
}

/// Judges what the engine measured. Pure; a zero is never good, also when everything came up.
///
/// - Parameters:
///   - mode: what was run.
///   - expected: what every port has to be, and to have beneath it.
///   - asked: what every port was asked to send; of a drill is told what was not sent of it.
///   - drill: the fault that the run was asked to go through: its rate is not judged, as that stood still on purpose, and a
///     device that is away, or has another carry its packets, is judged by whether it came back.
public func judge(
  _ result: TrafficResult, of mode: TrafficMode, against verification: Profile.Verification,
  expecting expected: ExpectedPorts, sending asked: TrafficRate = .maximum, drill: Drill? = nil
) -> [Finding] {
  let rate = verification.packetsPerSecond(of: result, mode: mode)
  let ports = expected.findings(about: result)
    .filter { drill == nil || !["engine.subdeviceMissing", "engine.syntheticPath"].contains($0.id) }
  let traffic = trafficFindings(about: result, drill: drill)
  guard rate > 0 else { return ports + [noPackets(result, mode)] + traffic.filter { $0.id != "engine.loss" } }
  var findings: [Finding] = []
  // A benchmark's result has the seconds of its last trial.
  if mode != .rfc2544, result.seconds < 0.9 * Double(verification.duration) {
    findings.append(
      Finding(
        "engine.cutShort", .blocker, subject: "traffic",
        message: "requires \(verification.duration) s of traffic, was measured for \(seconds(result.seconds))",
        remedy: "let it run to its end"))
  }
  findings += ports
  if mode == .tx {
    // Each of them is asked to send: what the others sent says nothing about this one.
    findings += result.ports.filter { $0.txPackets == 0 }.map { port in
      Finding(
        "engine.noPackets", .blocker, subject: port.name,
        message: "not one packet left by port \(port.port) in \(seconds(result.seconds))",
        remedy: "see the engine's log above for the port that stayed silent, and its link on the other side")
    }
    // A drill asks what a removal costs, not whether packets arrive.
    findings.append(drill == nil ? unproven : unproven(result, asked))
  }
  if drill == nil, let minimum = verification.minimum?.packetsPerSecond, rate < Double(minimum) {
    findings.append(
      Finding(
        Finding.belowRateID, .blocker, subject: "traffic",
        message: "requires \(grouped(UInt64(minimum))) packets a second, is \(grouped(rate))",
        remedy: "look for other load on the CPUs of the lcores, or lower 'verification.minimum'"))
  }
  return findings + traffic
}

private let unproven = Finding(
  "verification.unproven", .warning, subject: "traffic",
  message: "initialised and sending, arrival unproven: what is sent includes what the network drops",
  remedy: "set 'verification.peer' to a machine that sends back what it gets, or add a second data interface of "
    + "the same subnet")

/// The same of a drill that only sends, with what was not sent, and how much of it as its ports stood still.
private func unproven(_ result: TrafficResult, _ asked: TrafficRate) -> Finding {
  var message = "the drill sends only, arrival unproven"
  if case .packetsPerSecond(let rate) = asked {
    let due = rate * result.seconds * Double(result.ports.count)
    let sent = result.ports.reduce(0.0) { $0 + Double($1.txPackets) }
    message += ": sent \(grouped(sent)) packets of the \(grouped(due)) that were due"
    let still = rate * (result.interruptions ?? []).reduce(0) { $0 + $1.standstill }
    if due > sent { message += ", some \(grouped(min(still, due - sent))) were not while a port stood still" }
  }
  return Finding("verification.unproven", .info, subject: "drill", message: message)
}

/// What not one packet means in a mode.
private func noPackets(_ result: TrafficResult, _ mode: TrafficMode) -> Finding {
  let sent = grouped(result.ports.reduce(0.0) { $0 + Double($1.txPackets) })
  let received = grouped(result.ports.reduce(0.0) { $0 + Double($1.rxPackets) })
  let time = seconds(result.seconds)
  let (message, remedy) =
    switch mode {
    case .tx:
      (
        "not one packet left in \(time), \(sent) were sent",
        "see the engine's log above for the port that stayed silent, and its link on the other side"
      )
    case .reflect:
      (
        "not one packet went back in \(time), \(received) were received",
        "have the peer send to this interface's address while 'verify' runs, longer than 'verification.duration'"
      )
    case .rfc2544:
      (
        "no rate was found at which the smallest frames all arrive",
        "see the trials in the report, and the engine's log above; a peer has to send back what it gets"
      )
    case .rx, .forward, .loopback:
      (
        "not one packet arrived in \(time), \(sent) were sent",
        "see the engine's log above for the port that stayed silent, and whether a peer sends back what it gets"
      )
    }
  return Finding("engine.noPackets", .blocker, subject: "traffic", message: message, remedy: remedy)
}

/// `12 345 678`: digits in groups of three, which is how SI writes them.
public func grouped(_ number: UInt64) -> String {
  var text = ""
  for (index, digit) in "\(number)".reversed().enumerated() {
    if index > 0, index.isMultiple(of: 3) { text.append(" ") }
    text.append(digit)
  }
  return String(text.reversed())
}

/// A rate as a whole number. What an engine says is not trusted to be one: too large is the largest, no number is zero.
public func grouped(_ rate: Double) -> String {
  grouped(UInt64(exactly: rate.rounded()) ?? (rate > 0 ? .max : 0))
}

private func seconds(_ value: Double) -> String { "\((value * 10).rounded() / 10) s" }
