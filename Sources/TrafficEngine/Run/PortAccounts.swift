import CDPDK
import EngineMessages
import Glibc

extension Ports {
  /// What the workers of a run counted in all beside what each port did since an earlier reading.
  ///
  /// A port gets some time to complete what it took. Nil for a run with more queues than `rte_eth_stats` tells apart: several
  /// drivers then leave the others out of their sums.
  ///
  /// - Parameters:
  ///   - first: of each port before the run.
  ///   - seen: what the main lcore saw of the run: readings, links and removals.
  func accounts(of lineup: Lineup, since first: [PortStatistics], _ seen: Measured) throws -> [PortAccount?] {
    guard lineup.workers <= Int(RTE_ETHDEV_QUEUE_STAT_CNTRS) else { return lineup.ports.map { _ in nil } }
    let deadline = ContinuousClock.now + Self.longestCompletion
    while true {
      let accounts = try account(of: lineup, since: first)
      let isComplete = accounts.allSatisfy { $0.sent <= $0.portSent &+ $0.portSendErrors }
      if isComplete || ContinuousClock.now >= deadline {
        let readings = [first] + seen.readings + [try statistics()]
        return try accounts.enumerated().map { place, account in
          var account = account
          let disturbance = try seen.watch.disturbances[place] ?? (linkIsUp(place) ? nil : .linkDown)
          account.restart = account.restart(after: disturbance, readings: readings.map { $0[place] })
          return account
        }
      }
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
    let counts = zip(first, last).map { PortStatistics(from: $0, to: $1) }
    return lineup.counters.totals().enumerated().map { place, counted in
      // A master has the queues of each of its sub-devices, and a netvsc some of its own.
      let sets = UInt64(max(first[place].subdevices.count, last[place].subdevices.count) + 1)
      let depth = queueDepth(place)
      return PortAccount(
        received: counted.rxPackets, portReceived: counts[place].received,
        unread: depth.received * queues * sets, sent: counted.txPackets, portSent: counts[place].sent,
        portSendErrors: counts[place].sendErrors, uncompleted: depth.sent * queues * sets)
    }
  }

  private static let longestCompletion = Duration.milliseconds(200)
}

extension PortAccount {
  /// Whether, and how it shows that, the port's counters began anew.
  ///
  /// A link that went down, or a removal, does so with some drivers only: they count fewer packets than we did then, and what else
  /// they count is compared as ever.
  ///
  /// - Parameters:
  ///   - disturbance: what happened to the port while the run lasted.
  ///   - readings: of its counters, in their order.
  func restart(after disturbance: Restart?, readings: [PortStatistics]) -> Restart? {
    let isLower = zip(readings, readings.dropFirst()).contains { $1.received < $0.received || $1.sent < $0.sent }
    if let disturbance {
      let isBehind = portReceived < received || portSent &+ portSendErrors < sent
      let isAhead =
        portReceived > received && receivedDifference > 0 || portSent > sent && sentDifference > 0
      if isLower || receivedDifference + sentDifference > 0 && isBehind && !isAhead { return disturbance }
    }
    return isLower ? .lower : nil
  }
}
