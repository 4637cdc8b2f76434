import CDPDK

/// One worker's receiver of marked packets on one queue.
struct LoopbackReceiver: ~Copyable {
  private let port: WorkerPort
  private let check: FrameCheck
  /// One a stream, as a port may spread the flows of any sender over its queues. What comes on another queue another receiver
  /// enters, and neither sees the copies of the other.
  private let accounts: UnsafeMutablePointer<SequenceAccount>
  private let burst: PacketBurst
  /// Room for a frame that came in several mbufs.
  private let piece: UnsafeMutableRawPointer
  private var foreign: UInt64 = 0
  private var damaged: UInt64 = 0
  private var latency: LatencyRecord

  /// - Parameters:
  ///   - check: of the port that sends to this one.
  ///   - hertz: of the time stamp counter.
  init(on port: WorkerPort, check: consuming FrameCheck, burst: Int, hertz: Double) {
    let packets = PacketBurst(capacity: burst)
    let window = SequenceAccount.window(streams: check.streams)
    accounts = .allocate(capacity: check.streams)
    for index in 0..<check.streams { (accounts + index).initialize(to: SequenceAccount(window: window)) }
    piece = .allocate(byteCount: FramePattern.longest, alignment: 64)
    latency = LatencyRecord(hertz: hertz)
    self.port = port
    self.check = check
    self.burst = packets
  }

  deinit {
    accounts.deinitialize(count: check.streams)
    accounts.deallocate()
    piece.deallocate()
  }

  /// Receives one burst, enters what it carries, and frees it.
  ///
  /// - Parameter recordsLatency: false while the run warms up or drains.
  @inline(__always)
  mutating func receiveBurst(recordsLatency: Bool) {
    let count = port.queue.receive(into: burst.packets, limit: burst.capacity)
    guard count > 0 else { return }
    enter(burst.packets, count: count, at: cdpdk_tsc(), recordsLatency: recordsLatency)
    freePackets(burst.packets, count: count)
  }

  /// Enters packets that were received at a reading of the time stamp counter; they stay the caller's.
  @inline(__always)
  mutating func enter(
    _ packets: UnsafeMutablePointer<OpaquePointer?>, count: Int, at now: UInt64, recordsLatency: Bool
  ) {
    if check.layout.isV6 {
      enter(packets, count, now, recordsLatency, isV6: true)
    } else {
      enter(packets, count, now, recordsLatency, isV6: false)
    }
  }

  /// The loop itself, compiled for IPv4 and IPv6 apart.
  @inline(__always)
  private mutating func enter(
    _ packets: UnsafeMutablePointer<OpaquePointer?>, _ count: Int, _ now: UInt64, _ recordsLatency: Bool, isV6: Bool
  ) {
    var bytes = 0
    var arrived = 0
    var mark = FrameMark(sequence: 0, stream: 0, magic: 0, length: 0)
    for index in 0..<count {
      let packet = packets[index]
      let length = Int(cdpdk_mbuf_length(packet))
      bytes &+= length
      guard let frame = wholeFrame(packet, length: length) else {
        foreign &+= 1
        continue
      }
      switch check.verdict(on: frame, length: length, isV6: isV6, mark: &mark) {
      case .foreign: foreign &+= 1
      case .damaged: damaged &+= 1
      case .intact:
        if accounts[Int(mark.stream)].record(mark.sequence) { arrived &+= 1 }
        if mark.timestamp != 0, recordsLatency {
          latency.record(cycles: FrameMark.cycles(from: mark.timestamp, to: now))
        }
      }
    }
    port.line.countReceived(count, bytes: bytes)
    port.line.countArrived(arrived)
  }

  /// A frame in one piece: where it lies, or gathered from several mbufs; nil where it is longer than any of ours.
  @inline(__always)
  private func wholeFrame(_ packet: OpaquePointer?, length: Int) -> UnsafeRawPointer? {
    if Int(cdpdk_mbuf_first_length(packet)) == length { return UnsafeRawPointer(cdpdk_mbuf_data(packet)) }
    guard length <= FramePattern.longest else { return nil }
    return UnsafeRawPointer(rte_pktmbuf_read(packet, 0, UInt32(truncatingIfNeeded: length), piece))
  }

  /// What was seen so far.
  ///
  /// - Parameter looks: how often its worker looked at the queue.
  func outcome(_ looks: LookRecord) -> LoopbackOutcome {
    var outcome = LoopbackOutcome(foreign: foreign, damaged: damaged, latency: latency)
    outcome.latency.add(looks)
    for index in 0..<check.streams {
      outcome.arrived += accounts[index].arrived
      outcome.reordered += accounts[index].reordered
      outcome.duplicated += accounts[index].duplicated
    }
    return outcome
  }
}
