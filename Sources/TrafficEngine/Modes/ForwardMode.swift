import CDPDK

/// Moves packets from port to port as they are, both ways of every pair.
///
/// What a full transmit queue does not take is freed and counted as dropped, as `dpdk-testpmd` does. No packet is
/// looked at, but for the length of one a burst, drawn evenly from its places: it stands for the burst's mean, which
/// is exact where all frames are of one size. Adding up every length costs a seventh of the rate on a `net_ring`.
struct ForwardMode: Sendable {
  let lineup: Lineup
  let phase: RunPhase
  let burst: Int
  /// Makes the bursts that every worker sends on every port before it forwards.
  let flows: FlowSource

  /// The loop of one worker; returns when the run is over.
  func run(worker: Int) {
    flows.sendFirst(worker: worker)
    let routes = lineup.pairs.flatMap(\.ways).map { from, to in
      Route(from: lineup.port(from, worker: worker), to: lineup.port(to, worker: worker))
    }
    let packets = PacketBurst(capacity: burst)
    var turn = WorkerPhase(phase, worker: worker, counters: lineup.counters)
    routes.withUnsafeBufferPointer { forward($0, with: packets, until: &turn) }
  }

  /// The rounds themselves, apart from what prepares them, to have the registers for themselves.
  @inline(never)
  private func forward(
    _ routes: UnsafeBufferPointer<Route>, with burst: borrowing PacketBurst, until turn: inout WorkerPhase
  ) {
    let packets = burst.packets
    let limit = burst.capacity
    var draw: UInt32 = 0
    while !turn.isOver() {
      for route in routes { route.forward(packets, limit: limit, &draw) }
    }
  }
}

/// One way from port to port.
private struct Route {
  let from: WorkerPort
  let to: WorkerPort

  /// - Parameter draw: where the sequence of drawn places stands.
  @inline(__always)
  func forward(_ packets: UnsafeMutablePointer<OpaquePointer?>, limit: Int, _ draw: inout UInt32) {
    let received = from.queue.receive(into: packets, limit: limit)
    guard received > 0 else { return }
    // Steps of the golden ratio fall evenly on every place, and in step with no pattern of sizes.
    draw &+= 0x9e37_79b9
    let place = Int(truncatingIfNeeded: (UInt64(draw) &* UInt64(truncatingIfNeeded: received)) >> 32)
    let length = Int(cdpdk_mbuf_length(packets[place]))
    let sent = to.queue.send(packets, count: received)
    from.line.countReceived(received, bytes: received &* length)
    to.line.countSent(sent, bytes: sent &* length)
    if sent < received {
      freePackets(packets + sent, count: received - sent)
      to.line.countDropped(received - sent)
    }
  }
}
