import CDPDK

/// A mempool of mbufs on one NUMA node (`rte_pktmbuf_pool_create`, `rte_mempool_free`).
struct PacketPool: ~Copyable {
  let source: PacketSource

  /// Mbufs that an lcore keeps for itself, as many as a `dpdk-testpmd` lcore does.
  static let cacheSize = 256
  /// Bytes of the largest frame that fits into one mbuf, with the frame check sequence that the port adds.
  static let largestFrame = Int(RTE_MBUF_DEFAULT_DATAROOM) + 4

  /// - Parameter numaNode: nil takes memory of any node.
  init(name: String, packets: Int, numaNode: Int?) throws(DPDKError) {
    let node = numaNode.map(Int32.init) ?? Int32(SOCKET_ID_ANY)
    guard
      let raw = rte_pktmbuf_pool_create(
        name, UInt32(packets), UInt32(Self.cacheSize), 0, UInt16(RTE_MBUF_DEFAULT_BUF_SIZE), node)
    else {
      let place = numaNode.map { " of node \($0)" } ?? ""
      throw DPDKError(
        "rte_pktmbuf_pool_create", cdpdk_errno(), on: "pool '\(name)'",
        remedy: "\(packets) packets need about \(packets * 2496 / 1_048_576 + 1) MiB of memory\(place)")
    }
    source = PacketSource(raw: raw)
  }

  deinit { rte_mempool_free(source.raw) }
}

/// Where a worker gets its mbufs; valid as long as the ``PacketPool`` that it comes from.
struct PacketSource: @unchecked Sendable {
  // Sendable, as a mempool may be used by every lcore at once.
  let raw: OpaquePointer

  /// Takes `count` mbufs or none (`rte_pktmbuf_alloc_bulk`).
  ///
  /// - Returns: whether they were there.
  @inline(__always)
  func allocate(into packets: UnsafeMutablePointer<OpaquePointer?>, count: Int) -> Bool {
    rte_pktmbuf_alloc_bulk(raw, packets, UInt32(truncatingIfNeeded: count)) == 0
  }
}
