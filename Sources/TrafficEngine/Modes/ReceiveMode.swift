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
          let bytes = freeReceived(packets.packets, count: received)
          port.line.countReceived(received, bytes: bytes)
        }
      }
    }
  }
}
