import CDPDK
import Synchronization

/// Copies of the first packets of one port, put there by the workers of all its queues.
struct CaptureShelf: ~Copyable {
  /// A copy and the time stamp counter when it was made; nil where there was no memory for it.
  private let copies: UnsafeMutablePointer<(packet: OpaquePointer?, cycles: UInt64)>
  private let capacity: Int
  private let taken = Atomic<Int>(0)

  init(capacity: Int) {
    self.capacity = capacity
    copies = .allocate(capacity: capacity)
    copies.initialize(repeating: (nil, 0), count: capacity)
  }

  deinit { copies.deallocate() }

  var isFull: Bool { taken.load(ordering: .relaxed) >= capacity }

  /// Copies a packet to the next place; once all are taken it does nothing.
  borrowing func keep(_ make: () -> OpaquePointer?) {
    let place = taken.add(1, ordering: .relaxed).oldValue
    guard place < capacity else { return }
    copies[place] = (make(), cdpdk_tsc())
  }

  /// What lies on it, in order; to be asked when all workers have returned.
  borrowing func contents() -> [(packet: OpaquePointer, cycles: UInt64)] {
    (0..<min(capacity, taken.load(ordering: .relaxed))).compactMap { place in
      copies[place].packet.map { ($0, copies[place].cycles) }
    }
  }

  /// Packets for which there was no memory.
  borrowing func missing() -> Int { min(capacity, taken.load(ordering: .relaxed)) - contents().count }
}
