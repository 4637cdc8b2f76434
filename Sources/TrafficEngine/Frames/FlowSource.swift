import CDPDK
import EngineMessages

/// Makes the senders of a run: addresses, frames, rate and numbering of every sending queue.
struct FlowSource: Sendable {
  let lineup: Lineup
  let pools: [PacketSource]
  let request: EngineRequest
  /// One a port, by position.
  let addresses: [FrameAddresses]
  /// How the flows of each sending port are divided over its workers.
  let streams: FlowStreams
  /// Of the time stamp counter (`rte_get_tsc_hz`).
  let hertz: Double
  /// What tells this run's frames from others.
  private let magic: UInt32
  private let start: UInt64
  private let catchUp: Double

  /// - Parameters:
  ///   - pools: one a port, by position.
  ///   - catchUp: seconds of a stall that are made good.
  init(
    _ request: EngineRequest, lineup: Lineup, pools: [PacketSource], catchUp: Double
  ) throws(EngineFailure) {
    self.lineup = lineup
    self.catchUp = catchUp
    self.pools = pools
    self.request = request
    streams = FlowStreams(flows: request.flows, workers: lineup.workers)
    magic = UInt32.random(in: 0...FrameMark.magicMask)
    hertz = Double(rte_get_tsc_hz())
    start = cdpdk_tsc()
    let endpoints = try PortEndpoints(of: request, for: lineup.ports)
    addresses = try lineup.ports.indices.map { index throws(EngineFailure) in
      try endpoints[lineup.ports[index]].addresses(from: index, in: lineup, mode: request.mode)
    }
  }

  /// What a port's frames carry, unlike those of another port.
  func magic(ofPort index: Int) -> UInt32 { (magic &+ UInt32(index)) & FrameMark.magicMask }

  /// How the frames of a port are laid out.
  func layout(ofPort index: Int) -> FrameLayout {
    FrameLayout(isV6: addresses[index].source.isV6, isTagged: request.vlan != nil)
  }

  /// Whether what arrives is checked, so that frames carry checksums and times.
  private var isChecked: Bool { request.mode == .loopback }

  /// A sender for one worker's queue of a port, to be made and used on that worker.
  func sender(port index: Int, worker: Int, isPaced: Bool = true) -> FlowSender {
    let layout = layout(ofPort: index)
    let magic = magic(ofPort: index)
    let heads = streams.streams(ofWorker: worker).map { stream in
      FrameHead(
        addresses[index].flow(streams.flow(ofStream: stream)), layout: layout, vlan: request.vlan,
        stream: UInt16(stream), magic: magic)
    }
    let pacer = Pacer(
      rate: isPaced ? request.rate : .maximum, share: PacerShare(queue: worker, of: lineup.workers),
      burst: request.burst, frameSizes: request.frameSizes, hertz: hertz,
      catchUp: catchUp, start: start, now: cdpdk_tsc())
    let plan = FlowPlan(
      layout: layout, heads: heads, sizes: request.frameSizes.map { FrameLengths($0, layout: layout) },
      isChecksummed: isChecked, isStamped: isChecked, pacer: pacer,
      limit: request.packets.map { share(of: $0, worker: worker) } ?? .max)
    return FlowSender(plan, on: lineup.port(index, worker: worker), from: pools[index])
  }

  /// A worker's part of the packets of a port.
  private func share(of packets: UInt64, worker: Int) -> UInt64 {
    let workers = UInt64(lineup.workers)
    return packets / workers + (UInt64(worker) < packets % workers ? 1 : 0)
  }
}

extension FlowEndpoints {
  /// The addresses of the flows that one port sends; what the user left open is filled in.
  fileprivate func addresses(
    from index: Int, in lineup: Lineup, mode: TrafficMode
  ) throws(EngineFailure) -> FrameAddresses {
    let pair = lineup.pairs[index / 2]
    let peer = index == pair.first ? pair.second : pair.first
    // The ranges that RFC 2544 and RFC 5180 set aside for tests.
    let subnet = isV6 ? "2001:2:0:\(String(index, radix: 16))::" : "198.18.\(index % 256)."
    let peerMAC = mode == .loopback ? lineup.ports[peer].mac : "02:00:00:00:00:\(twoDigits(index % 256))"
    return FrameAddresses(
      sourceMAC: try mac(sourceMAC ?? lineup.ports[index].mac), destinationMAC: try mac(destinationMAC ?? peerMAC),
      source: try ip(sourceAddress ?? subnet + "1", count: sourceAddresses), sources: sourceAddresses ?? 1,
      destination: try ip(destinationAddress ?? subnet + "2", count: destinationAddresses),
      destinations: destinationAddresses ?? 1, sourcePort: try udp(sourcePort ?? 49_152),
      destinationPort: try udp(destinationPort ?? 9), destinationPorts: destinationPorts ?? 1)
  }

  private func ip(_ text: String, count: Int?) throws(EngineFailure) -> IPAddress {
    guard let address = IPAddress(parsing: text), address.isV6 == isV6 else {
      throw EngineFailure(message: "'\(text)' is not an IP address: write it as 198.18.0.1 or 2001:2::1")
    }
    guard address.hasRange(of: count ?? 1) else {
      throw EngineFailure(message: "there are no \(count ?? 1) addresses from '\(text)' up: choose a lower first one")
    }
    return address
  }
}

private func mac(_ text: String) throws(EngineFailure) -> MACAddress {
  guard let address = MACAddress(parsing: text) else {
    throw EngineFailure(message: "'\(text)' is not a MAC address: write it as 02:00:00:00:00:01")
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
