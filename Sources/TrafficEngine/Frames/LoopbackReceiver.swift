import CDPDK

/// One worker's receiver of marked packets on one queue.
struct LoopbackReceiver: ~Copyable {
  private let port: WorkerPort
  private let magic: UInt32
  private let streams: Range<UInt16>
  private let accounts: UnsafeMutablePointer<SequenceAccount>
  private let burst: PacketBurst
  private var foreign: UInt64 = 0
  private var latency: LatencyRecord

  /// - Parameters:
  ///   - streams: what may arrive here: the port may spread the flows of any sender over its queues.
  ///   - hertz: of the time stamp counter.
  init(on port: WorkerPort, magic: UInt32, streams: Range<UInt16>, burst: Int, hertz: Double) {
    let packets = PacketBurst(capacity: burst)
    self.port = port
    self.magic = magic
    self.streams = streams
    accounts = .allocate(capacity: streams.count)
    for index in 0..<streams.count { (accounts + index).initialize(to: SequenceAccount()) }
    latency = LatencyRecord(hertz: hertz)
    self.burst = packets
  }

  deinit {
    accounts.deinitialize(count: streams.count)
    accounts.deallocate()
  }

  /// Receives one burst, enters what it carries, and frees it.
  ///
  /// - Parameter recordsLatency: false while the run warms up or drains.
  @inline(__always)
  mutating func receiveBurst(recordsLatency: Bool) {
    let count = port.queue.receive(into: burst.packets, limit: burst.capacity)
    guard count > 0 else { return }
    let now = cdpdk_tsc()
    var bytes = 0
    var arrived = 0
    for index in 0..<count {
      let packet = burst.packets[index]
      bytes &+= Int(cdpdk_mbuf_length(packet))
      guard Int(cdpdk_mbuf_first_length(packet)) >= FrameMark.smallestFrame else {
        foreign &+= 1
        continue
      }
      let mark = FrameMark(of: cdpdk_mbuf_data(packet))
      guard mark.magic == magic, streams.contains(mark.stream) else {
        foreign &+= 1
        continue
      }
      if accounts[Int(mark.stream &- streams.lowerBound)].record(mark.sequence) { arrived &+= 1 }
      if mark.timestamp != 0, recordsLatency {
        latency.record(cycles: FrameMark.cycles(from: mark.timestamp, to: now))
      }
    }
    freePackets(burst.packets, count: count)
    port.line.countReceived(count, bytes: bytes)
    port.line.countArrived(arrived)
  }

  /// What was seen so far.
  var outcome: LoopbackOutcome {
    var outcome = LoopbackOutcome(foreign: foreign, latency: latency)
    for index in 0..<streams.count {
      outcome.arrived += accounts[index].arrived
      outcome.reordered += accounts[index].reordered
      outcome.duplicated += accounts[index].duplicated
    }
    return outcome
  }
}
