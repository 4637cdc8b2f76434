/// Receives on every port, answers what asks for the port's own address, counts and frees: ``ReceiveMode`` for runs in which
/// a port has an address.
struct AnsweringReceiveMode: Sendable {
  let lineup: Lineup
  let phase: RunPhase
  let burst: Int
  /// By the position of the port.
  let own: OwnAddresses

  /// The loop of one worker; returns when the run is over.
  func run(worker: Int) {
    let ports = lineup.ports.indices.map { (lineup.port($0, worker: worker), own.addresses[$0]) }
    let burst = PacketBurst(capacity: burst)
    let answers = PacketBurst(capacity: burst.capacity)
    let packets = burst.packets
    var turn = WorkerPhase(phase, worker: worker, counters: lineup.counters)
    ports.withUnsafeBufferPointer { ports in
      while !turn.isOver() {
        for (port, own) in ports {
          let received = port.queue.receive(into: packets, limit: burst.capacity)
          guard received > 0 else { continue }
          port.line.countReceived(received, bytes: totalBytes(packets, count: received))
          let left = own?.answer(packets, count: received, on: port, with: answers.packets) ?? received
          freePackets(packets, count: left)
        }
      }
    }
  }
}
