import EngineMessages

/// Bytes of the frame check sequence: on the wire and in every rate, never in an mbuf.
let frameCheckBytes = 4

/// Bits of layer 2: RFC 2544 counts the frame check sequence of every packet.
func layer2Bits(bytes: UInt64, packets: UInt64) -> Double {
  Double(bytes) * 8 + Double(packets) * Double(frameCheckBytes * 8)
}

extension PortRates {
  /// The rates between two readings; zero where no time went by.
  init(port: Int, from first: PacketTotals, to last: PacketTotals, seconds: Double) {
    let scale = seconds > 0 ? 1 / seconds : 0
    let received = last.rxPackets &- first.rxPackets
    let sent = last.txPackets &- first.txPackets
    self.init(
      port: port, rxPps: Double(received) * scale, txPps: Double(sent) * scale,
      rxBps: layer2Bits(bytes: last.rxBytes &- first.rxBytes, packets: received) * scale,
      txBps: layer2Bits(bytes: last.txBytes &- first.txBytes, packets: sent) * scale)
  }
}

extension PortResult {
  /// What one port moved between two readings, by our counts and by the port's.
  init(
    _ port: PortDescription, from first: PacketTotals, to last: PacketTotals, seconds: Double,
    _ statistics: PortStatistics
  ) {
    let rates = PortRates(port: port.port, from: first, to: last, seconds: seconds)
    self.init(
      port: port.port, name: port.name, driver: port.driver,
      rxPackets: last.rxPackets &- first.rxPackets, txPackets: last.txPackets &- first.txPackets,
      rxPps: rates.rxPps, txPps: rates.txPps, rxBps: rates.rxBps, txBps: rates.txBps,
      rxMissed: statistics.missed, txDropped: last.txDropped &- first.txDropped, subdevices: statistics.subdevices)
  }
}
