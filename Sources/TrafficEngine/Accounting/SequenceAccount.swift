/// What one receiver saw of one stream of numbered packets.
///
/// A window of the latest numbers tells a late packet from a second copy. A packet later than the window is
/// taken for a first one. Several receivers of one stream each keep an account; their arrivals add up, though a copy that
/// comes to another receiver is a first one there, and no order between receivers is seen.
struct SequenceAccount: ~Copyable {
  /// Packets that came for the first time.
  private(set) var arrived: UInt64 = 0
  /// Those of them that came after a higher number: reordered as RFC 4737 has it.
  private(set) var reordered: UInt64 = 0
  /// Packets that came again.
  private(set) var duplicated: UInt64 = 0

  /// One above the highest number seen.
  private var next: UInt64 = 0
  /// One below the window's size, which is a power of two.
  private let mask: UInt64
  private let seen: UnsafeMutablePointer<UInt64>

  /// Numbers that the window of a single stream remembers.
  static let longestWindow: UInt64 = 65_536
  /// Numbers that a window remembers however many streams there are.
  static let shortestWindow: UInt64 = 1_024

  /// Numbers that each window remembers where a receiver keeps an account of every one of some streams: up to 256 streams
  /// the longest, from 16384 on the shortest, so that together they take about 2 MiB at the most.
  static func window(streams: Int) -> UInt64 {
    var window = longestWindow
    while window > shortestWindow, window * UInt64(streams) > longestWindow * 256 { window /= 2 }
    return window
  }

  /// - Parameter window: a power of two, 64 at least.
  init(window: UInt64 = longestWindow) {
    precondition(window >= 64 && window.nonzeroBitCount == 1)
    mask = window - 1
    seen = .allocate(capacity: Int(window / 64))
    seen.initialize(repeating: 0, count: Int(window / 64))
  }

  deinit { seen.deallocate() }

  /// Enters the number of a packet.
  ///
  /// - Returns: whether it came for the first time.
  @inline(__always)
  mutating func record(_ sequence: UInt64) -> Bool {
    if sequence == next {
      next &+= 1
      mark(sequence)
    } else if !recordOutOfTurn(sequence) {
      duplicated &+= 1
      return false
    }
    arrived &+= 1
    return true
  }

  private mutating func recordOutOfTurn(_ sequence: UInt64) -> Bool {
    if sequence > next {
      forget(next..<sequence)
      next = sequence &+ 1
      mark(sequence)
      return true
    }
    if next - sequence <= mask &+ 1 {
      if isMarked(sequence) { return false }
      mark(sequence)
    }
    reordered &+= 1
    return true
  }

  /// Clears the places of numbers that were skipped: what stands there is a window old.
  private func forget(_ skipped: Range<UInt64>) {
    guard UInt64(skipped.count) <= mask else {
      seen.update(repeating: 0, count: Int(mask / 64) + 1)
      return
    }
    for sequence in skipped { seen[word(sequence)] &= ~bit(sequence) }
  }

  @inline(__always)
  private func mark(_ sequence: UInt64) { seen[word(sequence)] |= bit(sequence) }

  private func isMarked(_ sequence: UInt64) -> Bool { seen[word(sequence)] & bit(sequence) != 0 }

  @inline(__always)
  private func word(_ sequence: UInt64) -> Int { Int(truncatingIfNeeded: (sequence & mask) >> 6) }

  @inline(__always)
  private func bit(_ sequence: UInt64) -> UInt64 { 1 << (sequence & 63) }
}
