import CDPDK
import EngineMessages
import Glibc

extension Ports {
  /// What the workers of a run counted in all beside what each port did since an earlier reading.
  ///
  /// A port gets some time to complete what it took. Nil for a run with more queues than `rte_eth_stats` tells apart: several
  /// drivers then leave the others out of their sums.
  func accounts(of lineup: Lineup, since first: [PortStatistics]) throws -> [PortAccount?] {
    guard lineup.workers <= Int(RTE_ETHDEV_QUEUE_STAT_CNTRS) else { return lineup.ports.map { _ in nil } }
    let deadline = ContinuousClock.now + Self.longestCompletion
    while true {
      let accounts = try account(of: lineup, since: first)
      let isComplete = accounts.allSatisfy { $0.sent <= $0.portSent &+ $0.portSendErrors }
      if isComplete || ContinuousClock.now >= deadline { return accounts }
      for port in lineup.ports {
        // What a driver cannot do of it, it says, and it is not needed there.
        for queue in 0..<UInt16(lineup.workers) { _ = rte_eth_tx_done_cleanup(UInt16(port.port), queue, 0) }
      }
      usleep(1000)
    }
  }

  private func account(of lineup: Lineup, since first: [PortStatistics]) throws -> [PortAccount] {
    let queues = UInt64(lineup.workers)
    let last = try statistics()
    return lineup.counters.totals().enumerated().map { place, counted in
      // A master has the queues of each of its sub-devices, and a netvsc some of its own.
      let sets = UInt64(max(first[place].subdevices.count, last[place].subdevices.count) + 1)
      let depth = queueDepth(place)
      return PortAccount(
        received: counted.rxPackets, portReceived: last[place].received &- first[place].received,
        unread: depth.received * queues * sets, sent: counted.txPackets,
        portSent: last[place].sent &- first[place].sent,
        portSendErrors: last[place].sendErrors &- first[place].sendErrors, uncompleted: depth.sent * queues * sets)
    }
  }

  private static let longestCompletion = Duration.milliseconds(200)
}
