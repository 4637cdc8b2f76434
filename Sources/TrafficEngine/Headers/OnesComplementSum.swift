/// The sum beneath the internet checksum (RFC 1071), of 16-bit words as they lie in memory.
///
/// In one's complement the order of bytes does not matter: the sum of words in the machine's order is the sum in network
/// order with its bytes exchanged, and is stored as it is.
struct OnesComplementSum: Equatable, Sendable {
  /// Congruent to the sum modulo 65535; far from its end, as each addition is of 32 bits at most.
  private(set) var value: UInt64 = 0

  @inline(__always)
  init() {}

  /// Adds a word in the order of memory.
  @inline(__always)
  mutating func add(_ word: UInt16) { value &+= UInt64(word) }

  /// Adds four words in the order of memory.
  @inline(__always)
  mutating func add(_ words: UInt64) { value &+= (words & 0xffff_ffff) &+ (words >> 32) }

  /// Adds bytes, an odd last one as if a zero came behind it.
  mutating func add(_ bytes: UnsafeRawPointer, count: Int) {
    var offset = 0
    while offset &+ 8 <= count {
      add(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      offset &+= 8
    }
    while offset &+ 2 <= count {
      add(bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
      offset &+= 2
    }
    if offset < count { add(UInt16(littleEndian: UInt16(bytes.load(fromByteOffset: offset, as: UInt8.self)))) }
  }

  /// The sum in 16 bits, in the order of memory; of what carries a right checksum 0xffff.
  @inline(__always)
  var folded: UInt16 {
    var sum = (value & 0xffff_ffff) &+ (value >> 32)
    sum = (sum & 0xffff) &+ (sum >> 16)
    sum = (sum & 0xffff) &+ (sum >> 16)
    sum = (sum & 0xffff) &+ (sum >> 16)
    return UInt16(truncatingIfNeeded: sum)
  }

  /// What to store, in the order of memory.
  @inline(__always)
  var checksum: UInt16 { ~folded }

  /// A checksum after some of the words that it covers changed by this sum of `~old + new` (RFC 1624, equation 3).
  ///
  /// Both in the order of memory. A checksum that was wrong stays wrong.
  @inline(__always)
  func updating(_ checksum: UInt16) -> UInt16 {
    var sum = self
    sum.add(~checksum)
    return sum.checksum
  }
}
