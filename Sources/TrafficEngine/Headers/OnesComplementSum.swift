/// A sum of ``InternetChecksum`` that is yet to be folded.
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
  mutating func add(_ words: UInt64) { value &+= InternetChecksum.part(words) }

  /// Adds bytes, an odd last one as if a zero came behind it.
  mutating func add(_ bytes: UnsafeRawPointer, count: Int) {
    add(InternetChecksum.sum(of: UnsafeRawBufferPointer(start: bytes, count: count)))
  }

  /// The sum in 16 bits, in the order of memory; of what carries a right checksum 0xffff.
  @inline(__always)
  var folded: UInt16 { InternetChecksum.folded(value) }

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
