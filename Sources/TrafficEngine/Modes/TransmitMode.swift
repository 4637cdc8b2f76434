/// Builds and sends UDP flows on every port.
struct TransmitMode: Sendable {
  let lineup: Lineup
  let phase: RunPhase
  let flows: FlowSource

  /// The loop of one worker; returns when the run is over.
  func run(worker: Int) {
    var senders = OwnedArray<FlowSender>(capacity: lineup.ports.count)
    for port in lineup.ports.indices { senders.append(flows.sender(port: port, worker: worker)) }
    var turn = WorkerPhase(phase, worker: worker, counters: lineup.counters)
    var isSending = true
    while !turn.isOver() {
      if turn.takeBeginning() { senders.beginMeasuring() }
      guard isSending else { continue }
      isSending = senders.sendBursts()
      if !isSending { turn.finish() }
    }
  }
}
