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

/// Gives back `count` mbufs, at least one, that came in one burst, as ``freePackets(_:count:)`` does, and adds up their bytes.
///
/// Where all of them are plain ones of one pool, as those of nearly every driver are, their second cache lines are not
/// touched and the pool takes them in one go.
///
/// - Returns: bytes, frame check sequence excluded.
@inline(__always)
func freeReceived(_ packets: UnsafeMutablePointer<OpaquePointer?>, count: Int) -> Int {
  let pool = cdpdk_mbuf_pool(packets[0])
  var bytes = 0
  var isPlain = true
  // A range is checked at every step here.
  var index = 0
  while index < count {
    let packet = packets[index]
    bytes &+= Int(cdpdk_mbuf_length(packet))
    isPlain = isPlain && cdpdk_mbuf_is_plain(packet) && cdpdk_mbuf_pool(packet) == pool
    index &+= 1
  }
  if isPlain {
    cdpdk_put_bulk(pool, packets, UInt32(truncatingIfNeeded: count))
  } else {
    freePackets(packets, count: count)
  }
  return bytes
}
