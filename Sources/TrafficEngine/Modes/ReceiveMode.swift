import CDPDK

/// Receives on every port, counts and frees.
struct ReceiveMode: Sendable {
  let lineup: Lineup
  let phase: RunPhase
  let burst: Int

  /// The loop of one worker; returns when the run is over.
  func run(worker: Int) {
    let ports = lineup.ports.indices.map { lineup.port($0, worker: worker) }
    let packets = PacketBurst(capacity: burst)
    var turn = WorkerPhase(phase, worker: worker, counters: lineup.counters)
    ports.withUnsafeBufferPointer { ports in
      while !turn.isOver() {
        for port in ports {
          let received = port.queue.receive(into: packets.packets, limit: packets.capacity)
          guard received > 0 else { continue }
          let bytes = totalLength(packets.packets, count: received)
          freePackets(packets.packets, count: received)
          port.line.countReceived(received, bytes: bytes)
        }
      }
    }
  }
}

/// Bytes of `count` packets, frame check sequence excluded.
@inline(__always)
private func totalLength(_ packets: UnsafeMutablePointer<OpaquePointer?>, count: Int) -> Int {
  var bytes = 0
  for index in 0..<count { bytes &+= Int(cdpdk_mbuf_length(packets[index])) }
  return bytes
}
