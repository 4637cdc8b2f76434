import EngineMessages

/// Bytes of the frame check sequence: on the wire and in every rate, never in an mbuf.
let frameCheckBytes = 4

/// Bits of layer 2: RFC 2544 counts the frame check sequence of every packet.
func layer2Bits(bytes: UInt64, packets: UInt64) -> Double {
  Double(bytes) * 8 + Double(packets) * Double(frameCheckBytes * 8)
}

extension PortRates {
  /// The rates of what was counted in some seconds; zero where no time went by.
  init(port: Int, of counts: PacketTotals, seconds: Double) {
    let scale = seconds > 0 ? 1 / seconds : 0
    self.init(
      port: port, rxPps: Double(counts.rxPackets) * scale, txPps: Double(counts.txPackets) * scale,
      rxBps: layer2Bits(bytes: counts.rxBytes, packets: counts.rxPackets) * scale,
      txBps: layer2Bits(bytes: counts.txBytes, packets: counts.txPackets) * scale,
      dropPps: Double(counts.txDropped) * scale)
  }
}

extension QueueRates {
  /// The rates of what one worker counted on its queue of a port.
  init(queue: Int, of counts: PacketTotals, seconds: Double) {
    let scale = seconds > 0 ? 1 / seconds : 0
    self.init(queue: queue, rxPps: Double(counts.rxPackets) * scale, txPps: Double(counts.txPackets) * scale)
  }
}

extension PortResult {
  /// What one port moved over the measured interval, by our counts and by the port's.
  ///
  /// - Parameters:
  ///   - place: the port's position in the line-up.
  ///   - measured: one interval a worker, which are the queues in their order.
  ///   - seconds: of all of them together.
  init(
    _ port: PortDescription, at place: Int, measured: [MeasuredInterval], seconds: Double, _ statistics: PortStatistics
  ) {
    let counts = measured.counts(ofPort: place)
    let rates = PortRates(port: port.port, of: counts, seconds: seconds)
    let queues = measured.enumerated().map { queue, interval in
      let counts = interval.counts[place]
      let rates = QueueRates(queue: queue, of: counts, seconds: interval.seconds)
      return QueueResult(
        queue: queue, rxPackets: counts.rxPackets, txPackets: counts.txPackets, rxPps: rates.rxPps,
        txPps: rates.txPps)
    }
    self.init(
      port: port.port, name: port.name, driver: port.driver, rxPackets: counts.rxPackets, txPackets: counts.txPackets,
      rxPps: rates.rxPps, txPps: rates.txPps, rxBps: rates.rxBps, txBps: rates.txBps, rxMissed: statistics.missed,
      txDropped: counts.txDropped, rxNoMbuf: statistics.noMbuf, queues: queues.count > 1 ? queues : nil,
      subdevices: statistics.subdevices)
  }
}
