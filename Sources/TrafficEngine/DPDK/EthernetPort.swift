import CDPDK
import EngineMessages
import Glibc

/// A configured and started port (`rte_eth_dev_configure`, `rte_eth_dev_start`), stopped and closed when it goes.
///
/// Closing a failsafe closes its sub-devices.
struct EthernetPort: ~Copyable {
  let description: PortDescription
  private let port: ConfiguredPort
  /// Those that each queue got.
  let queueDepth: QueueDepth

  /// Descriptors asked for on every queue, as `dpdk-testpmd` does; the driver may have its own limits.
  static let descriptors: UInt16 = 1024

  /// Configures `queues` receive and transmit queues and starts the port, promiscuous where it can be.
  ///
  /// - Parameters:
  ///   - capabilities: what the port can do; the caller heard ``PortCapabilities/objection(queues:hashes:largestFrame:)``.
  ///   - hashes: what RSS chooses a queue by; empty takes what is best for UDP flows.
  ///   - largestFrame: bytes with the frame check sequence, a VLAN tag left out.
  ///   - sharesOnePool: whether every packet that it is to send comes from one pool, which lets some drivers free faster.
  init(
    _ description: PortDescription, _ capabilities: PortCapabilities, queues: Int, hashes: [RSSHash],
    largestFrame: Int, pool: borrowing PacketPool, sharesOnePool: Bool
  ) throws(DPDKError) {
    let rss = queues > 1 ? capabilities.hashBits(of: hashes) : 0
    let offloads = sharesOnePool ? capabilities.transmitOffloads & cdpdk_fast_free() : 0
    let port = try ConfiguredPort(
      description, queues: UInt16(queues), rss: rss, offloads: offloads,
      mtu: UInt32(capabilities.mtu(for: largestFrame)))
    let depth = try port.setUpQueues(UInt16(queues), source: pool.source, offloads: offloads)
    let careful = CarefulBursts(of: description)
    try port.start()
    careful?.install()
    self.description = description
    queueDepth = depth
    self.port = port
  }

  /// Whether the link is up now (`rte_eth_link_get_nowait`).
  func linkIsUp() throws(DPDKError) -> Bool {
    var up: Int32 = 0
    try check(cdpdk_link_is_up(port.id, &up), "rte_eth_link_get_nowait", on: port.subject)
    return up != 0
  }

  /// What the port counted since it started (`rte_eth_stats_get`), nothing of its sub-devices.
  func statistics() throws(DPDKError) -> PortStatistics {
    var statistics = rte_eth_stats()
    try check(rte_eth_stats_get(port.id, &statistics), "rte_eth_stats_get", on: port.subject)
    return PortStatistics(
      missed: statistics.imissed, noMbuf: statistics.rx_nombuf, received: statistics.ipackets,
      sent: statistics.opackets, sendErrors: statistics.oerrors, subdevices: [])
  }
}

/// Descriptors of one receive and one transmit queue.
struct QueueDepth: Equatable, Sendable {
  let received: UInt64
  let sent: UInt64
}

/// A port from its configuration on: the owner that stops and closes it, also when a later step fails.
private struct ConfiguredPort: ~Copyable {
  let id: UInt16
  /// How errors call the port.
  let subject: String

  init(
    _ description: PortDescription, queues: UInt16, rss: UInt64, offloads: UInt64, mtu: UInt32
  ) throws(DPDKError) {
    let id = UInt16(description.port)
    let subject = "port '\(description.name)'"
    try check(cdpdk_configure(id, queues, rss, offloads, mtu), "rte_eth_dev_configure", on: subject)
    self.id = id
    self.subject = subject
  }

  deinit {
    _ = rte_eth_dev_stop(id)
    _ = rte_eth_dev_close(id)
    // The other end of a memory interface hears of it on that thread, and gives its packets back there.
    settleInterruptThread()
  }

  func setUpQueues(_ queues: UInt16, source: PacketSource, offloads: UInt64) throws(DPDKError) -> QueueDepth {
    var received = EthernetPort.descriptors
    var sent = EthernetPort.descriptors
    try check(
      rte_eth_dev_adjust_nb_rx_tx_desc(id, &received, &sent), "rte_eth_dev_adjust_nb_rx_tx_desc", on: subject)
    let node = UInt32(bitPattern: rte_eth_dev_socket_id(id))
    var information = rte_eth_dev_info()
    try check(rte_eth_dev_info_get(id, &information), "rte_eth_dev_info_get", on: subject)
    information.default_txconf.offloads = offloads
    for queue in 0..<queues {
      try check(
        rte_eth_rx_queue_setup(id, queue, received, node, nil, source.raw), "rte_eth_rx_queue_setup", on: subject)
      try check(
        rte_eth_tx_queue_setup(id, queue, sent, node, &information.default_txconf), "rte_eth_tx_queue_setup",
        on: subject)
    }
    return QueueDepth(received: UInt64(received), sent: UInt64(sent))
  }

  func start() throws(DPDKError) {
    try check(rte_eth_dev_start(id), "rte_eth_dev_start", on: subject)
    let promiscuous = rte_eth_promiscuous_enable(id)
    if promiscuous != -ENOTSUP { try check(promiscuous, "rte_eth_promiscuous_enable", on: subject) }
  }
}

extension PortDescription {
  /// What is known of a port before it is configured (`rte_eth_dev_info_get` and its like).
  init(ofPort id: UInt16) throws(DPDKError) {
    guard let name = portName(id) else { throw DPDKError("rte_eth_dev_get_name_by_port", -ENODEV) }
    var information = rte_eth_dev_info()
    try check(rte_eth_dev_info_get(id, &information), "rte_eth_dev_info_get", on: "port '\(name)'")
    var address = rte_ether_addr()
    try check(rte_eth_macaddr_get(id, &address), "rte_eth_macaddr_get", on: "port '\(name)'")
    let node = rte_eth_dev_socket_id(id)
    self.init(
      port: Int(id), name: name, driver: information.driver_name.map { String(cString: $0) } ?? "unknown",
      mac: withUnsafeBytes(of: &address.addr_bytes) { MACAddress($0).text }, numaNode: node < 0 ? nil : Int(node))
  }
}
