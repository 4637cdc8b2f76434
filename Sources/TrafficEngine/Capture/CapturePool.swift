import CDPDK

/// Mbufs for the copies that a capture takes: of their own, so that a run has all of its packets with a capture too.
struct CapturePool: ~Copyable {
  let raw: OpaquePointer
  /// Bytes of a packet that fit.
  let length: UInt32

  /// - Parameter largestFrame: that is expected; larger ones than it and 2048 bytes are cut off.
  init(packets: Int, largestFrame: Int) throws(DPDKError) {
    length = UInt32(max(2_048, largestFrame))
    let room = rte_pcapng_mbuf_size(length)
    guard
      let pool = rte_pktmbuf_pool_create(
        "capture", UInt32(packets), 0, 0, UInt16(clamping: room), Int32(SOCKET_ID_ANY))
    else {
      throw DPDKError(
        "rte_pktmbuf_pool_create", cdpdk_errno(), on: "pool 'capture'",
        remedy: "\(packets) copies need about \(packets * (Int(room) + 256) / 1_048_576 + 1) MiB of memory: "
          + "lower --capture-packets")
    }
    raw = pool
  }

  deinit { rte_mempool_free(raw) }
}
