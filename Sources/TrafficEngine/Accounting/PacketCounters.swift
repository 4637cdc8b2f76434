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

/// The counters of every worker on every port.
final class CounterTable: @unchecked Sendable {
  // Sendable, as every field behind the pointer is atomic.
  private let lines: UnsafeMutablePointer<PacketCounters>
  private let workers: Int
  private let ports: Int

  init(workers: Int, ports: Int) {
    self.workers = workers
    self.ports = ports
    let size = MemoryLayout<PacketCounters>.stride * workers * ports
    lines = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
      .bindMemory(to: PacketCounters.self, capacity: workers * ports)
    for index in 0..<workers * ports { (lines + index).initialize(to: PacketCounters()) }
  }

  deinit {
    lines.deinitialize(count: workers * ports)
    UnsafeMutableRawPointer(lines).deallocate()
  }

  /// The line that a worker counts a port on; it lives as long as the table.
  func line(worker: Int, port: Int) -> CounterLine {
    precondition(worker < workers && port < ports)
    return CounterLine(counters: lines + worker * ports + port)
  }

  /// The sums over all workers, one a port.
  func totals() -> [PacketTotals] {
    (0..<ports).map { port in
      (0..<workers).reduce(into: PacketTotals()) { totals, worker in
        let counters = line(worker: worker, port: port).counters
        totals.rxPackets += counters.pointee.rxPackets.load(ordering: .relaxed)
        totals.rxBytes += counters.pointee.rxBytes.load(ordering: .relaxed)
        totals.txPackets += counters.pointee.txPackets.load(ordering: .relaxed)
        totals.txBytes += counters.pointee.txBytes.load(ordering: .relaxed)
        totals.txDropped += counters.pointee.txDropped.load(ordering: .relaxed)
        totals.arrived += counters.pointee.arrived.load(ordering: .relaxed)
      }
    }
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
}
