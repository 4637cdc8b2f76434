import CDPDK
import EngineMessages

/// What a port can be configured to do.
struct PortCapabilities: Equatable, Sendable {
  /// The lower of its receive and transmit queues.
  var queues: Int
  /// Bytes without the Ethernet header.
  var largestMTU: Int
  /// `RTE_ETH_RSS_…` bits.
  var flowTypes: UInt64 = 0
  /// `RTE_ETH_TX_OFFLOAD_…` bits.
  var transmitOffloads: UInt64 = 0

  /// Bytes of a frame that are not in the MTU: Ethernet header and frame check sequence.
  static let overhead = 18

  /// The MTU to configure for frames of a size: zero leaves the driver its own, which carries 1518 bytes.
  static func mtu(for largestFrame: Int) -> Int { largestFrame > 1518 ? largestFrame - overhead : 0 }

  /// Why the port cannot serve a request, with the remedy; nil when it can.
  func objection(queues wanted: Int, hashes: [RSSHash] = [], largestFrame: Int) -> String? {
    if wanted > queues { return "has \(queues) queues, \(wanted) are asked for: lower --queues" }
    if let objection = hashObjection(to: hashes) { return objection }
    let largest = min(Self.mtu(for: largestFrame) > 0 ? largestMTU + Self.overhead : 1518, PacketPool.largestFrame)
    if largestFrame > largest {
      return "carries frames of up to \(largest) bytes, \(largestFrame) are asked for: lower --frame-size"
    }
    return nil
  }
}

extension PortCapabilities {
  /// Asks the driver (`rte_eth_dev_info_get`).
  init(ofPort id: UInt16, named name: String) throws(DPDKError) {
    var information = rte_eth_dev_info()
    try check(rte_eth_dev_info_get(id, &information), "rte_eth_dev_info_get", on: "port '\(name)'")
    self.init(
      queues: Int(min(information.max_rx_queues, information.max_tx_queues)),
      largestMTU: Int(information.max_mtu), flowTypes: information.flow_type_rss_offloads,
      transmitOffloads: information.tx_offload_capa)
  }
}
