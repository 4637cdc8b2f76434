import CDPDK

/// Room for the mbuf pointers of one burst, on the worker that uses it.
struct PacketBurst: ~Copyable {
  let packets: UnsafeMutablePointer<OpaquePointer?>
  let capacity: Int

  init(capacity: Int) {
    self.capacity = capacity
    packets = .allocate(capacity: capacity)
    packets.initialize(repeating: nil, count: capacity)
  }

  deinit { packets.deallocate() }
}

/// Gives `count` mbufs back to their pools (`rte_pktmbuf_free_bulk`).
@inline(__always)
func freePackets(_ packets: UnsafeMutablePointer<OpaquePointer?>, count: Int) {
  rte_pktmbuf_free_bulk(packets, UInt32(truncatingIfNeeded: count))
}
