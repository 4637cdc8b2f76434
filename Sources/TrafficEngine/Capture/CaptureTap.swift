import CDPDK

/// DPDK's callbacks on one queue of a port (`rte_eth_add_rx_callback`, `rte_eth_add_tx_callback`), which copy what passes.
///
/// They take themselves off as soon as the port's shelf is full: from then on the queue is as fast as without. A packet that a
/// full transmit queue did not take, and that is offered again, is copied once: a flag in the mbuf tells, which goes with the
/// mbuf's return to its pool, or with its reception.
struct CaptureTap: ~Copyable {
  private let context: UnsafeMutablePointer<Context>

  private struct Context {
    let port: UInt16
    let queue: UInt16
    let shelf: UnsafeMutablePointer<CaptureShelf>
    let pool: OpaquePointer
    /// Bytes of a packet that are kept.
    let length: UInt32
    /// Of an mbuf whose packet was copied on its way out.
    let flag: UInt64
    var onReceive: OpaquePointer?
    var onSend: OpaquePointer?
  }

  /// To be made before the queue's worker starts, and to live until it has returned.
  init(
    port: UInt16, queue: UInt16, shelf: UnsafeMutablePointer<CaptureShelf>, pool: OpaquePointer, length: UInt32,
    flag: UInt64
  ) throws(DPDKError) {
    context = .allocate(capacity: 1)
    context.initialize(
      to: Context(port: port, queue: queue, shelf: shelf, pool: pool, length: length, flag: flag))
    context.pointee.onReceive = rte_eth_add_rx_callback(
      port, queue,
      { _, _, packets, count, _, context in
        if let packets, let context { CaptureTap.received(packets, Int(count), context) }
        return count
      }, context)
    context.pointee.onSend = rte_eth_add_tx_callback(
      port, queue,
      { _, _, packets, count, context in
        if let packets, let context { CaptureTap.sent(packets, Int(count), context) }
        return count
      }, context)
    guard context.pointee.onReceive != nil, context.pointee.onSend != nil else {
      let function = context.pointee.onReceive == nil ? "rte_eth_add_rx_callback" : "rte_eth_add_tx_callback"
      throw DPDKError(function, cdpdk_errno(), on: "port \(port)", remedy: "leave --capture out")
    }
  }

  deinit {
    Self.stopReceiving(context)
    Self.stopSending(context)
    // A callback that could not be taken off looks into it.
    if context.pointee.onReceive == nil, context.pointee.onSend == nil { context.deallocate() }
  }

  private static func received(
    _ packets: UnsafeMutablePointer<OpaquePointer?>, _ count: Int, _ raw: UnsafeMutableRawPointer
  ) {
    let context = raw.assumingMemoryBound(to: Context.self)
    for index in 0..<count {
      // A ring hands over the very mbuf that was sent.
      _ = cdpdk_mbuf_take_flag(packets[index], context.pointee.flag)
      keep(packets[index], isSent: false, context)
    }
    if context.pointee.shelf.pointee.isFull { stopReceiving(context) }
  }

  private static func sent(
    _ packets: UnsafeMutablePointer<OpaquePointer?>, _ count: Int, _ raw: UnsafeMutableRawPointer
  ) {
    let context = raw.assumingMemoryBound(to: Context.self)
    for index in 0..<count where cdpdk_mbuf_has_flag(packets[index], context.pointee.flag) == 0 {
      cdpdk_mbuf_set_flag(packets[index], context.pointee.flag)
      keep(packets[index], isSent: true, context)
    }
    if context.pointee.shelf.pointee.isFull { stopSending(context) }
  }

  private static func keep(_ packet: OpaquePointer?, isSent: Bool, _ context: UnsafeMutablePointer<Context>) {
    let at = context.pointee
    at.shelf.pointee.keep { cdpdk_capture(at.port, at.queue, packet, at.pool, at.length, isSent ? 1 : 0) }
  }

  // DPDK keeps what it allocated for a callback that is gone, as a worker may be in it: so it is here.

  private static func stopReceiving(_ context: UnsafeMutablePointer<Context>) {
    guard let callback = context.pointee.onReceive,
      rte_eth_remove_rx_callback(context.pointee.port, context.pointee.queue, callback) == 0
    else { return }
    context.pointee.onReceive = nil
  }

  private static func stopSending(_ context: UnsafeMutablePointer<Context>) {
    guard let callback = context.pointee.onSend,
      rte_eth_remove_tx_callback(context.pointee.port, context.pointee.queue, callback) == 0
    else { return }
    context.pointee.onSend = nil
  }
}
