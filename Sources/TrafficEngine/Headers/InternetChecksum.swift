/// One's complement sums of RFC 1071, of words in the machine's own byte order: section 2(B) has it that a checksum made
/// of them, and stored in that order, is the right one.
enum InternetChecksum {
  /// The sum of bytes from an even offset on; an odd last one counts as if a zero came after it.
  static func sum(of bytes: UnsafeRawBufferPointer) -> UInt16 {
    var sum: UInt64 = 0
    for offset in stride(from: 0, to: bytes.count - 1, by: 2) {
      sum &+= UInt64(bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }
    if bytes.count % 2 == 1, let last = bytes.last { sum += UInt64(UInt16(littleEndian: UInt16(last))) }
    return folded(sum)
  }

  /// A sum of 16 bits, of one of as many words as there may be.
  @inline(__always)
  static func folded(_ sum: UInt64) -> UInt16 {
    let half = (sum & 0xffff_ffff) &+ (sum >> 32)
    let once = (half & 0xffff) &+ (half >> 16 & 0xffff) &+ (half >> 32)
    return folded(UInt32(truncatingIfNeeded: once))
  }

  @inline(__always)
  static func folded(_ sum: UInt32) -> UInt16 {
    let once = (sum & 0xffff) &+ (sum >> 16)
    return UInt16(truncatingIfNeeded: once &+ (once >> 16))
  }

  /// What eight bytes add to a sum that is yet to be folded.
  @inline(__always)
  static func part(_ word: UInt64) -> UInt64 { (word & 0xffff_ffff) &+ (word >> 32) }

  /// The UDP checksum of a sum: zero, which says that there is none, is sent as all ones (RFC 768).
  @inline(__always)
  static func udp(_ sum: UInt16) -> UInt16 { sum == 0xffff ? 0xffff : ~sum }
}
