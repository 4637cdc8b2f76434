/// Builds and sends UDP flows on every port.
struct TransmitMode: Sendable {
  let lineup: Lineup
  let phase: RunPhase
  let flows: FlowSource

  /// The loop of one worker; returns when the run is over.
  func run(worker: Int) {
    var senders = OwnedArray<FlowSender>(capacity: lineup.ports.count)
    for port in lineup.ports.indices { senders.append(flows.sender(port: port, worker: worker)) }
    while !phase.isOver {
      for index in senders.indices { senders[index].sendBurst() }
    }
  }
}
