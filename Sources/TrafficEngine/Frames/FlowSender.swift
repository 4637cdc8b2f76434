import CDPDK

/// One worker's builder and sender of flows on one queue.
///
/// What a full queue does not take is kept, and offered again before anything new is built: nothing is dropped,
/// and every packet counted as sent was taken by the port.
struct FlowSender: ~Copyable {
  private let port: WorkerPort
  private let source: PacketSource
  private let isStamped: Bool
  /// What is written into every mbuf before a frame is built in it; empty where the pool is filled with it.
  private let payload: [UInt8]
  private var builder: FlowBuilder
  private var pacer: Pacer
  /// Packets still to be built.
  private var left: UInt64

  private let pending: PacketBurst
  /// Bytes of the pending packets before each, where their sizes differ.
  private let offsets: UnsafeMutablePointer<Int>
  private var head = 0
  private var tail = 0

  /// - Parameters:
  ///   - source: of a pool that is filled with ``FramePattern``, or else `fillsPayload`.
  ///   - fillsPayload: whether the pattern is written into every mbuf anew.
  init(_ plan: FlowPlan, on port: WorkerPort, from source: PacketSource, fillsPayload: Bool = false) {
    let pending = PacketBurst(capacity: plan.pacer.burst)
    let builder = FlowBuilder(plan)
    self.port = port
    self.source = source
    isStamped = plan.isStamped
    pacer = plan.pacer
    left = plan.limit
    payload = fillsPayload ? FramePattern.bytes(Int(plan.sizes.map(\.length).max() ?? 0)) : []
    offsets = .allocate(capacity: pending.capacity + 1)
    offsets.initialize(repeating: 0, count: pending.capacity + 1)
    self.builder = builder
    self.pending = pending
  }

  deinit {
    freePackets(pending.packets + head, count: tail - head)
    offsets.deallocate()
  }

  /// Sends what is pending, or else a new burst when one is due.
  @inline(__always)
  mutating func sendBurst() {
    if head == tail {
      let due = pacer.isPaced ? pacer.packetsDue(at: cdpdk_tsc()) : pending.capacity
      guard due > 0, build(due) else { return }
    }
    if isStamped { builder.stamp(cdpdk_mbuf_start(pending.packets[head]), cycles: cdpdk_tsc()) }
    let sent = port.queue.send(pending.packets + head, count: tail - head)
    guard sent > 0 else { return }
    let bytes = builder.commonLength.map { $0 &* sent } ?? (offsets[head + sent] - offsets[head])
    head += sent
    port.line.countSent(sent, bytes: bytes)
    pacer.charge(packets: sent, bytes: bytes)
  }

  /// Begins a measured interval: what the rate owes from before is not made good in it.
  mutating func beginMeasuring() { if pacer.isPaced { pacer.forgive(at: cdpdk_tsc()) } }

  /// False when all that was to be sent has left.
  @inline(__always)
  var hasMore: Bool { left > 0 || head < tail }

  private mutating func build(_ wanted: Int) -> Bool {
    let count = Int(min(left, UInt64(wanted)))
    guard count > 0, source.take(into: pending.packets, count: count) else { return false }
    if !payload.isEmpty { writePayload(count) }
    builder.build(pending.packets, count: count, offsets: offsets)
    head = 0
    tail = count
    left -= UInt64(count)
    return true
  }

  @inline(never)
  private func writePayload(_ count: Int) {
    for index in 0..<count {
      cdpdk_mbuf_start(pending.packets[index]).copyMemory(from: payload, byteCount: payload.count)
    }
  }
}

extension OwnedArray where Element == FlowSender {
  /// Begins a measured interval.
  @inline(never)
  mutating func beginMeasuring() {
    for index in indices { self[index].beginMeasuring() }
  }

  /// A burst of each.
  ///
  /// - Returns: false when all of them have sent what they were to send.
  @inline(__always)
  mutating func sendBursts() -> Bool {
    var isSending = false
    for index in indices {
      self[index].sendBurst()
      isSending = isSending || self[index].hasMore
    }
    return isSending
  }
}
