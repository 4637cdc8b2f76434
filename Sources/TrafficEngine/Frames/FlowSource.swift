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
    if request.mode.sendsOnlyBuiltFrames { try refuseMixedFamilies() }
  }

  /// Senders share mbufs whose payload lies ready, and the longer head of IPv6 writes over that of IPv4.
  private func refuseMixedFamilies() throws(EngineFailure) {
    let senders = request.mode == .loopback ? lineup.pairs.map(\.first) : Array(lineup.ports.indices)
    guard let first = senders.first, let other = senders.first(where: { isV6($0) != isV6(first) }) else { return }
    func family(_ index: Int) -> String { isV6(index) ? "IPv6" : "IPv4" }
    throw EngineFailure(
      message: "port '\(lineup.ports[first].name)' sends \(family(first)) and port '\(lineup.ports[other].name)' "
        + "\(family(other)): give endpoints and portEndpoints addresses of one family")
  }

  private func isV6(_ index: Int) -> Bool { addresses[index].source.isV6 }

  /// What a port's frames carry, unlike those of another port.
  func magic(ofPort index: Int) -> UInt32 { (magic &+ UInt32(index)) & FrameMark.magicMask }

  /// How the frames of a port are laid out.
  func layout(ofPort index: Int) -> FrameLayout {
    FrameLayout(isV6: isV6(index), isTagged: request.vlan != nil)
  }

  /// Whether what arrives is checked, so that frames carry checksums and times.
  private var isChecked: Bool { request.mode == .loopback }

  /// Sends the first bursts of a mode that forwards, on one worker's queue of every port.
  func sendFirst(worker: Int) {
    guard request.sendFirst > 0 else { return }
    for port in lineup.ports.indices {
      var sender = sender(port: port, worker: worker, isFirst: true)
      for _ in 0..<request.sendFirst { sender.sendBurst() }
    }
  }

  /// A sender for one worker's queue of a port, to be made and used on that worker.
  ///
  /// - Parameter isFirst: sends as fast as it can, from a pool that is received into too.
  func sender(port index: Int, worker: Int, isFirst: Bool = false) -> FlowSender {
    let layout = layout(ofPort: index)
    let magic = magic(ofPort: index)
    let heads = streams.streams(ofWorker: worker).map { stream in
      FrameHead(
        addresses[index].flow(streams.flow(ofStream: stream)), layout: layout, vlan: request.vlan,
        stream: UInt16(stream), magic: magic)
    }
    let pacer = Pacer(
      rate: isFirst ? .maximum : request.rate, share: PacerShare(queue: worker, of: lineup.workers),
      burst: request.burst, frameSizes: request.frameSizes, hertz: hertz,
      catchUp: catchUp, start: start, now: cdpdk_tsc())
    let plan = FlowPlan(
      layout: layout, heads: heads, sizes: request.frameSizes.map { FrameLengths($0, layout: layout) },
      isChecksummed: isChecked, isStamped: isChecked, pacer: pacer,
      limit: request.packets.map { share(of: $0, worker: worker) } ?? .max)
    return FlowSender(plan, on: lineup.port(index, worker: worker), from: pools[index], fillsPayload: isFirst)
  }

  /// A worker's part of the packets of a port.
  private func share(of packets: UInt64, worker: Int) -> UInt64 {
    let workers = UInt64(lineup.workers)
    return packets / workers + (UInt64(worker) < packets % workers ? 1 : 0)
  }
}

extension FlowEndpoints {
  /// The addresses of the flows that one port sends, within the limits of a request; what the user left open is filled in.
  fileprivate func addresses(
    from index: Int, in lineup: Lineup, mode: TrafficMode
  ) throws(EngineFailure) -> FrameAddresses {
    let pair = lineup.pairs[index / 2]
    let peer = index == pair.first ? pair.second : pair.first
    // The ranges that RFC 2544 and RFC 5180 set aside for tests.
    let subnet = isV6 ? "2001:2:0:\(String(index, radix: 16))::" : "198.18.\(index % 256)."
    let peerMAC = mode == .loopback ? lineup.ports[peer].mac : "02:00:00:00:00:\(twoDigits(index % 256))"
    return FrameAddresses(
      sourceMAC: try macAddress(sourceMAC ?? lineup.ports[index].mac),
      destinationMAC: try macAddress(destinationMAC ?? peerMAC),
      source: try ipAddress(sourceAddress ?? subnet + "1"), sources: sourceAddresses ?? 1,
      destination: try ipAddress(destinationAddress ?? subnet + "2"),
      destinations: destinationAddresses ?? 1, sourcePort: UInt16(sourcePort ?? 49_152),
      destinationPort: UInt16(destinationPort ?? 9), destinationPorts: destinationPorts ?? 1)
  }
}

private func twoDigits(_ value: Int) -> String { (value < 16 ? "0" : "") + String(value, radix: 16) }
