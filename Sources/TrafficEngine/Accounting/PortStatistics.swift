import EngineMessages

/// What a port and the sub-devices beneath it counted themselves, up to one moment or between two.
struct PortStatistics: Equatable, Sendable {
  /// Packets dropped for want of a descriptor (`rte_eth_stats.imissed`).
  var missed: UInt64
  /// Receptions that failed for want of an mbuf (`rte_eth_stats.rx_nombuf`).
  var noMbuf: UInt64 = 0
  /// `ipackets`
  var received: UInt64 = 0
  /// `opackets`
  var sent: UInt64 = 0
  /// `oerrors`
  var sendErrors: UInt64 = 0
  var subdevices: [Subdevice]
}

extension PortStatistics {
  /// What was counted between two readings.
  ///
  /// A sub-device that is gone in the last one has no counts; one that came, or came back, counts from zero.
  init(from first: Self, to last: Self) {
    missed = last.missed > first.missed ? last.missed - first.missed : 0
    noMbuf = last.noMbuf > first.noMbuf ? last.noMbuf - first.noMbuf : 0
    received = counted(from: first.received, to: last.received)
    sent = counted(from: first.sent, to: last.sent)
    sendErrors = counted(from: first.sendErrors, to: last.sendErrors)
    subdevices = last.subdevices.map { subdevice in
      guard let before = first.subdevices.first(where: { $0.name == subdevice.name }) else { return subdevice }
      var subdevice = subdevice
      subdevice.rxPackets = counted(from: before.rxPackets, to: subdevice.rxPackets)
      subdevice.txPackets = counted(from: before.txPackets, to: subdevice.txPackets)
      return subdevice
    }
    subdevices += first.subdevices.filter { gone in !last.subdevices.contains { $0.name == gone.name } }
      .map(\.withoutCounts)
  }
}

extension Subdevice {
  var withoutCounts: Self { Subdevice(name: name, driver: driver, mac: mac) }
}

/// A counter that is lower than before began anew in between.
private func counted(from first: UInt64, to last: UInt64) -> UInt64 { first <= last ? last - first : last }

private func counted(from first: UInt64?, to last: UInt64?) -> UInt64? {
  guard let first, let last else { return last }
  return counted(from: first, to: last)
}
