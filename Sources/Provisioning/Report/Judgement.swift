public import EngineMessages

extension Finding {
  static let belowRateID = "engine.belowRate"

  /// A judgement of a run's packets, not a precondition: it makes a run failed or slow, not blocked.
  var isAboutTraffic: Bool { id.hasPrefix("engine.") || id == "verification.unproven" }

  /// Whether the remedy sends the reader to the engine's log, which must be shown then.
  public var namesEngineLog: Bool { remedy.contains("the engine's log above") }
}

extension Profile.Verification {
  /// The packets a second that count: what arrived, or, where nobody receives, what left.
  public func packetsPerSecond(of result: TrafficResult, mode: TrafficMode) -> Double {
    switch mode {
    case .tx: result.ports.reduce(0) { $0 + $1.txPps }
    case .rx, .forward, .reflect, .loopback: result.ports.reduce(0) { $0 + $1.rxPps }
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
public func judge(
  _ result: TrafficResult, of mode: TrafficMode, against verification: Profile.Verification,
  expecting expected: ExpectedPorts
) -> [Finding] {
  let rate = verification.packetsPerSecond(of: result, mode: mode)
  let ports = expected.findings(about: result)
  guard rate > 0 else {
    let sent = result.ports.reduce(0.0) { $0 + Double($1.txPackets) }
    return ports + [
      Finding(
        "engine.noPackets", .blocker, subject: "traffic",
        message:
          "not one packet \(mode == .tx ? "left" : "arrived") in \(seconds(result.seconds)), \(grouped(sent)) were sent",
        remedy: "see the engine's log above for the port that stayed silent, and whether a peer sends back what it gets"
      )
    ]
  }
  var findings: [Finding] = []
  if result.seconds < 0.9 * Double(verification.duration) {
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
    findings.append(
      Finding(
        "verification.unproven", .warning, subject: "traffic",
        message: "initialised and sending, arrival unproven: what is sent includes what the network drops",
        remedy: "set 'verification.peer' to a machine that sends back what it gets, or add a second data interface of "
          + "the same subnet"))
  }
  if let minimum = verification.minimum?.packetsPerSecond, rate < Double(minimum) {
    findings.append(
      Finding(
        Finding.belowRateID, .blocker, subject: "traffic",
        message: "requires \(grouped(UInt64(minimum))) packets a second, is \(grouped(rate))",
        remedy: "look for other load on the CPUs of the lcores, or lower 'verification.minimum'"))
  }
  if let loss = result.loss, loss.lost > 0 || loss.foreign > 0 {
    findings.append(
      Finding(
        "engine.loss", .warning, subject: "traffic",
        message: "\(grouped(loss.lost)) of \(grouped(loss.sent)) packets did not arrive"
          + (loss.foreign > 0 ? ", \(grouped(loss.foreign)) arrived damaged or from elsewhere" : ""),
        remedy: "run 'dpdk-host-engine loopback' at a lower --rate to find where loss begins"))
  }
  return findings
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
