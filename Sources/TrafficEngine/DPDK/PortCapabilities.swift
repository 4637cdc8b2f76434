import CDPDK
import EngineMessages

/// What a port can be configured to do.
struct PortCapabilities: Equatable, Sendable {
  /// The lower of its receive and transmit queues.
  var queues: Int
  /// Bytes without the Ethernet header; nil of a port that carries whatever fits into its buffers, and has no MTU to set.
  var largestMTU: Int?
  /// `RTE_ETH_RSS_…` bits.
  var flowTypes: UInt64 = 0
  /// `RTE_ETH_TX_OFFLOAD_…` bits.
  var transmitOffloads: UInt64 = 0

  /// Bytes of a frame that are not in the MTU: Ethernet header and frame check sequence.
  static let overhead = 18

  /// The MTU to configure for frames of a size: zero leaves the driver its own, which carries 1518 bytes.
  ///
  /// - Parameter largestFrame: bytes with the frame check sequence, a VLAN tag left out.
  func mtu(for largestFrame: Int) -> Int {
    largestMTU != nil && largestFrame > 1518 ? largestFrame - Self.overhead : 0
  }

  /// Why the port cannot serve a request, with the remedy; nil when it can.
  func objection(queues wanted: Int, hashes: [RSSHash] = [], largestFrame: Int) -> String? {
    if wanted > queues { return "has \(queues) queues, \(wanted) are asked for: lower --queues" }
    if let objection = hashObjection(to: hashes) { return objection }
    if let largestMTU, largestFrame > 1518, largestFrame > largestMTU + Self.overhead {
      return "carries frames of up to \(max(1518, largestMTU + Self.overhead)) bytes, \(largestFrame) are asked for: "
        + "lower --frame-size"
    }
    return nil
  }
}

extension PortCapabilities {
  /// Asks the driver (`rte_eth_dev_info_get`).
  init(ofPort id: UInt16, named name: String) throws(DPDKError) {
    var information = rte_eth_dev_info()
    try check(rte_eth_dev_info_get(id, &information), "rte_eth_dev_info_get", on: "port '\(name)'")
    let driver = information.driver_name.map { String(cString: $0) }
    // net_memif names 1518 bytes, and refuses an MTU above; its rings carry any frame, in several buffers where one of
    // `bsize` bytes is too small.
    let isBound = driver != "net_memif"
    let largestMTU = min(Int(information.max_mtu), Int(information.max_rx_pktlen) - Self.overhead)
    self.init(
      queues: Int(min(information.max_rx_queues, information.max_tx_queues)),
      largestMTU: isBound ? largestMTU : nil, flowTypes: information.flow_type_rss_offloads,
      transmitOffloads: information.tx_offload_capa)
  }
}
