import CDPDK
import Synchronization

/// Sends on the first port of every pair, receives on the second, and checks what arrives.
///
/// Every flow is numbered by itself; its packets may arrive on any queue of the second port.
struct LoopbackMode: Sendable {
  let lineup: Lineup
  let phase: RunPhase
  let burst: Int
  let flows: FlowSource
  /// What the workers saw, handed in as they return.
  let outcomes = LoopbackOutcomes()

  /// The loop of one worker; returns when the run is over.
  func run(worker: Int) {
    let pairs = lineup.pairs
    var senders = OwnedArray<FlowSender>(capacity: pairs.count)
    var receivers = OwnedArray<LoopbackReceiver>(capacity: pairs.count)
    for pair in pairs {
      senders.append(flows.sender(port: pair.first, worker: worker))
      let check = FrameCheck(
        layout: flows.layout(ofPort: pair.first), magic: flows.magic(ofPort: pair.first), streams: flows.streams.count)
      receivers.append(
        LoopbackReceiver(
          on: lineup.port(pair.second, worker: worker), check: check, burst: burst, hertz: flows.hertz))
    }
    var turn = WorkerPhase(phase, worker: worker, counters: lineup.counters)
    var looks = LookRecord()
    var isSending = true
    while !turn.isOver() {
      if turn.takeBeginning() { senders.beginMeasuring() }
      if isSending, turn.isSending {
        isSending = senders.sendBursts()
        if !isSending { turn.finish() }
      }
      let recordsLatency = turn.isMeasuring
      looks.look(isMeasuring: recordsLatency) { cdpdk_tsc() }
      for index in receivers.indices { receivers[index].receiveBurst(recordsLatency: recordsLatency) }
    }
    looks.end { cdpdk_tsc() }
    for index in receivers.indices { outcomes.add(receivers[index].outcome(looks)) }
  }
}

/// The sum of what the workers of a loopback saw.
final class LoopbackOutcomes: Sendable {
  private let total = Mutex<LoopbackOutcome?>(nil)

  func add(_ outcome: LoopbackOutcome) {
    total.withLock { total in
      if total == nil { total = outcome } else { total?.add(outcome) }
    }
  }

  var sum: LoopbackOutcome? { total.withLock { $0 } }
}
