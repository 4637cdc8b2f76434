import EngineMessages

extension EngineRequest {
  /// What to say of each sending port whose measured rate missed the one asked for by more than a hundredth; empty where all kept
  /// it.
  ///
  /// A trial of `rfc2544` says so itself.
  func rateNotices(about result: TrafficResult, ofPorts ports: Int) -> [EngineNotice] {
    guard let asked = rate.packetsPerSecond(frameSizes: frameSizes), result.seconds > 0 else { return [] }
    let senders: [Int]
    switch mode {
    case .tx: senders = Array(0..<ports)
    case .loopback: senders = PortPair.pairs(ofPorts: ports).map(\.first)
    case .rx, .forward, .reflect, .rfc2544: return []
    }
    // A burst more or less is none of it where few packets are sent.
    let tolerance = max(asked * 0.01, Double(burst + 1) * Double(queues) / result.seconds)
    return senders.map { result.ports[$0] }.filter { abs($0.txPps - asked) > tolerance }.map { port in
      let reason =
        port.txPps < asked ? "this machine sent too few, or the port took no more" : "a stall before was made good"
      return EngineNotice(
        message: "port '\(port.name)' sent \(Int(port.txPps.rounded())) packets a second of the "
          + "\(Int(asked.rounded())) asked for with --rate: \(reason)")
    }
  }
}
