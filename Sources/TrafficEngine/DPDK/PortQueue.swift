import CDPDK

/// One receive and transmit queue of a started port: a value that one lcore at a time moves packets with.
struct PortQueue: Equatable, Sendable {
  let port: UInt16
  let queue: UInt16

  /// Takes up to `limit` packets (`rte_eth_rx_burst`).
  ///
  /// - Returns: how many; the caller owns them.
  @inline(__always)
  func receive(into packets: UnsafeMutablePointer<OpaquePointer?>, limit: Int) -> Int {
    Int(rte_eth_rx_burst(port, queue, packets, UInt16(truncatingIfNeeded: limit)))
  }

  /// Hands over packets (`rte_eth_tx_burst`).
  ///
  /// - Returns: how many the port took; the rest stays the caller's.
  @inline(__always)
  func send(_ packets: UnsafeMutablePointer<OpaquePointer?>, count: Int) -> Int {
    Int(rte_eth_tx_burst(port, queue, packets, UInt16(truncatingIfNeeded: count)))
  }
}
