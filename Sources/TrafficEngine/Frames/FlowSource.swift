import CDPDK
import EngineMessages

/// Makes the senders of a run: addresses, frames, rate and numbering of every sending queue.
struct FlowSource: Sendable {
  let lineup: Lineup
  let pools: [PacketSource]
  let request: EngineRequest
  let addresses: [FrameAddresses]
  /// What tells this run's frames from others.
  let magic: UInt32
  /// Of the time stamp counter (`rte_get_tsc_hz`).
  let hertz: Double
  private let start: UInt64

  /// - Parameter pools: one a port, by position.
  init(_ request: EngineRequest, lineup: Lineup, pools: [PacketSource]) throws(EngineFailure) {
    self.lineup = lineup
    self.pools = pools
    self.request = request
    magic = UInt32.random(in: 1...UInt32.max)
    hertz = Double(rte_get_tsc_hz())
    start = cdpdk_tsc()
    let endpoints = try PortEndpoints(of: request, for: lineup.ports)
    guard request.buildsFrames else {
      addresses = []
      return
    }
    addresses = try lineup.ports.indices.map { index throws(EngineFailure) in
      try endpoints[lineup.ports[index]].addresses(from: index, in: lineup, mode: request.mode)
    }
  }

  /// The streams that a port sends: one a worker.
  func streams(ofPort index: Int) -> Range<UInt16> {
    let first = UInt16(index * lineup.workers)
    return first..<first + UInt16(lineup.workers)
  }

  /// A worker's part of the packets of a port.
  private func share(of packets: UInt64, worker: Int) -> UInt64 {
    let workers = UInt64(lineup.workers)
    return packets / workers + (UInt64(worker) < packets % workers ? 1 : 0)
  }

  /// A sender for one worker's queue of a port, to be made and used on that worker.
  func sender(port index: Int, worker: Int, isPaced: Bool = true) -> FlowSender {
    let plan = FlowPlan(
      templates: request.frameSizes.map { FrameTemplate(addresses[index], size: $0) },
      sourcePort: addresses[index].sourcePort, flows: request.flows,
      mark: FrameMark(magic: magic, stream: streams(ofPort: index).lowerBound + UInt16(worker), sequence: 0),
      isStamped: request.mode == .loopback,
      pacer: Pacer(
        rate: isPaced ? request.rate : .maximum, queues: lineup.workers, burst: request.burst,
        frameSizes: request.frameSizes, hertz: hertz, start: start),
      limit: request.packets.map { share(of: $0, worker: worker) } ?? .max)
    return FlowSender(plan, on: lineup.port(index, worker: worker), from: pools[index])
  }
}

extension EngineRequest {
  /// False of a run that passes on or takes what others send, and no more.
  fileprivate var buildsFrames: Bool {
    switch mode {
    case .tx, .loopback, .rfc2544: true
    case .rx, .forward, .reflect: sendFirst > 0
    }
  }
}

extension FlowEndpoints {
  /// The addresses of the flows that one port sends; what the user left open is filled in.
  fileprivate func addresses(
    from index: Int, in lineup: Lineup, mode: TrafficMode
  ) throws(EngineFailure) -> FrameAddresses {
    let pair = lineup.pairs[index / 2]
    let peer = index == pair.first ? pair.second : pair.first
    let subnet = "198.18.\(index % 256)"
    let peerMAC = mode == .loopback ? lineup.ports[peer].mac : "02:00:00:00:00:\(twoDigits(index % 256))"
    return FrameAddresses(
      sourceMAC: try mac(sourceMAC ?? lineup.ports[index].mac), destinationMAC: try mac(destinationMAC ?? peerMAC),
      source: try ip(sourceAddress ?? subnet + ".1"), destination: try ip(destinationAddress ?? subnet + ".2"),
      sourcePort: try udp(sourcePort ?? 49_152), destinationPort: try udp(destinationPort ?? 9))
  }
}

private func mac(_ text: String) throws(EngineFailure) -> MACAddress {
  guard let address = MACAddress(parsing: text) else {
    throw EngineFailure(message: "'\(text)' is not a MAC address: write it as 02:00:00:00:00:01")
  }
  return address
}

private func ip(_ text: String) throws(EngineFailure) -> IPAddress {
  guard let address = IPAddress(parsing: text), !address.isV6 else {
    throw EngineFailure(message: "'\(text)' is not an IPv4 address: write it as 198.18.0.1")
  }
  return address
}

private func udp(_ port: Int) throws(EngineFailure) -> UInt16 {
  guard let number = UInt16(exactly: port) else {
    throw EngineFailure(message: "'\(port)' is not a UDP port: choose one of 0 to 65535")
  }
  return number
}

private func twoDigits(_ value: Int) -> String { (value < 16 ? "0" : "") + String(value, radix: 16) }
