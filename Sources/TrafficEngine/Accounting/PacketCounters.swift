import Synchronization

/// What one worker counted on one port since the run began: one cache line, written by that worker alone.
struct PacketCounters: ~Copyable {
  let rxPackets = Atomic<UInt64>(0)
  let rxBytes = Atomic<UInt64>(0)
  let txPackets = Atomic<UInt64>(0)
  let txBytes = Atomic<UInt64>(0)
  let txDropped = Atomic<UInt64>(0)
  /// Received packets that carry our mark and came for the first time.
  let arrived = Atomic<UInt64>(0)
  private let padding: (UInt64, UInt64) = (0, 0)
}

extension Atomic where Value == UInt64 {
  /// Adds without a locked instruction: right only where one thread writes and others read.
  @inline(__always)
  borrowing func increase(by amount: Int) {
    store(load(ordering: .relaxed) &+ UInt64(truncatingIfNeeded: amount), ordering: .relaxed)
  }
}

/// One worker's way to its counters of one port.
struct CounterLine: @unchecked Sendable {
  // Sendable, as every field behind the pointer is atomic.
  let counters: UnsafeMutablePointer<PacketCounters>

  @inline(__always)
  func countReceived(_ packets: Int, bytes: Int) {
    counters.pointee.rxPackets.increase(by: packets)
    counters.pointee.rxBytes.increase(by: bytes)
  }

  @inline(__always)
  func countSent(_ packets: Int, bytes: Int) {
    counters.pointee.txPackets.increase(by: packets)
    counters.pointee.txBytes.increase(by: bytes)
  }

  @inline(__always)
  func countDropped(_ packets: Int) { counters.pointee.txDropped.increase(by: packets) }

  @inline(__always)
  func countArrived(_ packets: Int) { counters.pointee.arrived.increase(by: packets) }

  /// The numbers now.
  var totals: PacketTotals {
    PacketTotals(
      rxPackets: counters.pointee.rxPackets.load(ordering: .relaxed),
      rxBytes: counters.pointee.rxBytes.load(ordering: .relaxed),
      txPackets: counters.pointee.txPackets.load(ordering: .relaxed),
      txBytes: counters.pointee.txBytes.load(ordering: .relaxed),
      txDropped: counters.pointee.txDropped.load(ordering: .relaxed),
      arrived: counters.pointee.arrived.load(ordering: .relaxed))
  }
}

/// The counters of one port at one moment.
struct PacketTotals: Equatable, Sendable {
  var rxPackets: UInt64 = 0
  /// Bytes without the frame check sequence, as they lie in an mbuf.
  var rxBytes: UInt64 = 0
  var txPackets: UInt64 = 0
  var txBytes: UInt64 = 0
  var txDropped: UInt64 = 0
  var arrived: UInt64 = 0

  mutating func add(_ other: Self) {
    rxPackets &+= other.rxPackets
    rxBytes &+= other.rxBytes
    txPackets &+= other.txPackets
    txBytes &+= other.txBytes
    txDropped &+= other.txDropped
    arrived &+= other.arrived
  }

  /// What was counted since an earlier reading.
  func since(_ first: Self) -> Self {
    PacketTotals(
      rxPackets: rxPackets &- first.rxPackets, rxBytes: rxBytes &- first.rxBytes,
      txPackets: txPackets &- first.txPackets, txBytes: txBytes &- first.txBytes,
      txDropped: txDropped &- first.txDropped, arrived: arrived &- first.arrived)
  }
}
