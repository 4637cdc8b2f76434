import CDPDK

/// What a sending queue is to send, and how fast.
struct FlowPlan: Sendable {
  /// Taken in turn, packet by packet.
  var templates: [FrameTemplate]
  /// Source port of the first flow.
  var sourcePort: UInt16
  /// Taken in turn, packet by packet.
  var flows: Int
  var mark: FrameMark
  /// Whether the first packet of every burst says when it was sent.
  var isStamped: Bool
  var pacer: Pacer
  /// Packets to send in all.
  var limit: UInt64 = .max
}

/// One worker's builder and sender of flows on one queue.
///
/// What a full queue does not take is kept, and offered again before anything new is built: nothing is dropped,
/// and every packet counted as sent was taken by the port.
struct FlowSender: ~Copyable {
  private let port: WorkerPort
  private let source: PacketSource
  private let templates: UnsafeMutablePointer<FrameTemplate>
  private let templateCount: Int
  private let flows: Int
  private let firstSourcePort: UInt16
  private let isStamped: Bool
  private var mark: FrameMark
  private var pacer: Pacer
  private var nextTemplate = 0
  private var nextFlow = 0
  /// Packets still to be built.
  private var left: UInt64

  private let pending: PacketBurst
  /// Bytes of the pending packets before each.
  private let offsets: UnsafeMutablePointer<Int>
  private var head = 0
  private var tail = 0

  init(_ plan: FlowPlan, on port: WorkerPort, from source: PacketSource) {
    let pending = PacketBurst(capacity: plan.pacer.burst)
    let templates = UnsafeMutablePointer<FrameTemplate>.allocate(capacity: plan.templates.count)
    for (index, template) in plan.templates.enumerated() { (templates + index).initialize(to: template) }
    self.port = port
    self.source = source
    self.templates = templates
    templateCount = plan.templates.count
    flows = plan.flows
    firstSourcePort = plan.sourcePort
    isStamped = plan.isStamped
    mark = plan.mark
    pacer = plan.pacer
    left = plan.limit
    offsets = .allocate(capacity: pending.capacity + 1)
    offsets.initialize(repeating: 0, count: pending.capacity + 1)
    self.pending = pending
  }

  deinit {
    freePackets(pending.packets + head, count: tail - head)
    templates.deallocate()
    offsets.deallocate()
  }

  /// Sends what is pending, or else a new burst when one is due.
  @inline(__always)
  mutating func sendBurst() {
    if head == tail {
      if pacer.isPaced, !pacer.isDue(at: cdpdk_tsc()) { return }
      guard build() else { return }
    }
    if isStamped { stamp() }
    let sent = port.queue.send(pending.packets + head, count: tail - head)
    guard sent > 0 else { return }
    let bytes = offsets[head + sent] - offsets[head]
    head += sent
    port.line.countSent(sent, bytes: bytes)
    pacer.charge(packets: sent, bytes: bytes)
  }

  /// False when all that was to be sent has left.
  @inline(__always)
  var hasMore: Bool { left > 0 || head < tail }

  private mutating func build() -> Bool {
    let count = Int(min(left, UInt64(pending.capacity)))
    guard count > 0, source.allocate(into: pending.packets, count: count) else { return false }
    var bytes = 0
    for index in 0..<count {
      let template = templates + nextTemplate
      let packet = pending.packets[index]
      let data = cdpdk_mbuf_data(packet)
      template.pointee.write(to: data, sourcePort: firstSourcePort &+ UInt16(truncatingIfNeeded: nextFlow))
      mark.write(to: data)
      mark.sequence &+= 1
      cdpdk_mbuf_set_length(packet, UInt16(truncatingIfNeeded: template.pointee.length))
      bytes &+= template.pointee.length
      offsets[index &+ 1] = bytes
      nextTemplate = nextTemplate &+ 1 == templateCount ? 0 : nextTemplate &+ 1
      nextFlow = nextFlow &+ 1 == flows ? 0 : nextFlow &+ 1
    }
    head = 0
    tail = count
    left -= UInt64(count)
    return true
  }

  @inline(__always)
  private func stamp() {
    var stamped = mark
    // Zero says that there is no time stamp.
    stamped.timestamp = max(1, cdpdk_tsc() & FrameMark.mask)
    stamped.writeTimestamp(to: cdpdk_mbuf_data(pending.packets[head]))
  }
}

extension OwnedArray where Element == FlowSender {
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
