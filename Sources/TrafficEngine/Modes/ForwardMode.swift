import CDPDK

/// Moves packets from port to port as they are, both ways of every pair.
///
/// What a full transmit queue does not take is freed and counted as dropped, as `dpdk-testpmd` does.
struct ForwardMode: Sendable {
  let lineup: Lineup
  let phase: RunPhase
  let burst: Int
  /// Bursts that every worker sends on every port before it forwards.
  let sendFirst: Int
  /// What they are made of, one plan a port.
  let flows: FlowSource

  /// The loop of one worker; returns when the run is over.
  func run(worker: Int) {
    for port in lineup.ports.indices {
      var sender = flows.sender(port: port, worker: worker, isPaced: false)
      for _ in 0..<sendFirst { sender.sendBurst() }
    }
    let routes = lineup.pairs.flatMap { pair in
      let first = lineup.port(pair.first, worker: worker)
      let second = lineup.port(pair.second, worker: worker)
      let there = Route(from: first, to: second)
      return pair.first == pair.second ? [there] : [there, Route(from: second, to: first)]
    }
    let packets = PacketBurst(capacity: burst)
    routes.withUnsafeBufferPointer { routes in
      while !phase.isOver {
        for route in routes { route.forward(packets.packets, limit: packets.capacity) }
      }
    }
  }
}

/// One way from port to port.
private struct Route {
  let from: WorkerPort
  let to: WorkerPort

  @inline(__always)
  func forward(_ packets: UnsafeMutablePointer<OpaquePointer?>, limit: Int) {
    let received = from.queue.receive(into: packets, limit: limit)
    guard received > 0 else { return }
    let bytes = totalLength(packets, count: received)
    let sent = to.queue.send(packets, count: received)
    from.line.countReceived(received, bytes: bytes)
    guard sent < received else {
      to.line.countSent(sent, bytes: bytes)
      return
    }
    let unsent = totalLength(packets + sent, count: received - sent)
    freePackets(packets + sent, count: received - sent)
    to.line.countSent(sent, bytes: bytes - unsent)
    to.line.countDropped(received - sent)
  }
}

/// Bytes of `count` packets, frame check sequence excluded.
@inline(__always)
func totalLength(_ packets: UnsafeMutablePointer<OpaquePointer?>, count: Int) -> Int {
  var bytes = 0
  for index in 0..<count { bytes &+= Int(cdpdk_mbuf_length(packets[index])) }
  return bytes
}
