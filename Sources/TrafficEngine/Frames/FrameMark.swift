/// What the engine writes behind the UDP header, to know a frame again when it comes back, and to know what it was.
///
/// Sequence number (6 bytes), stream (2), time stamp (5), magic (3), length (2), in the machine's own byte order, as only
/// the process that wrote it reads it.
struct FrameMark: Equatable, Sendable {
  /// Of 48 bits: enough for a month at 100 million packets a second.
  var sequence: UInt64
  /// Which flow of its sending port numbered the frame.
  var stream: UInt16
  /// The low 40 bits of the time stamp counter when the frame was handed to the port; zero for none.
  var timestamp: UInt64 = 0
  /// Of 24 bits. Differs from run to run and from port to port: a frame of another one is foreign.
  var magic: UInt32
  /// Bytes in the mbuf.
  var length: UInt16

  static let bytes = 18
  static let sequenceMask: UInt64 = 0xffff_ffff_ffff
  static let timestampMask: UInt64 = 0xff_ffff_ffff
  static let magicMask: UInt32 = 0xff_ffff

  /// Where the second word lies in a mark: time stamp and magic.
  static let timestampOffset = 8
  static let lengthOffset = 16

  @inline(__always)
  init(sequence: UInt64, stream: UInt16, timestamp: UInt64 = 0, magic: UInt32, length: UInt16) {
    self.sequence = sequence
    self.stream = stream
    self.timestamp = timestamp
    self.magic = magic
    self.length = length
  }

  /// Reads ``bytes`` bytes.
  @inline(__always)
  init(at place: UnsafeRawPointer) {
    let first = place.loadUnaligned(as: UInt64.self)
    let second = place.loadUnaligned(fromByteOffset: Self.timestampOffset, as: UInt64.self)
    sequence = first & Self.sequenceMask
    stream = UInt16(truncatingIfNeeded: first >> 48)
    timestamp = second & Self.timestampMask
    magic = UInt32(truncatingIfNeeded: second >> 40)
    length = place.loadUnaligned(fromByteOffset: Self.lengthOffset, as: UInt16.self)
  }

  func write(to place: UnsafeMutableRawPointer) {
    place.storeBytes(of: sequence & Self.sequenceMask | UInt64(stream) << 48, as: UInt64.self)
    place.storeBytes(
      of: timestamp & Self.timestampMask | UInt64(magic) << 40, toByteOffset: Self.timestampOffset, as: UInt64.self)
    place.storeBytes(of: length, toByteOffset: Self.lengthOffset, as: UInt16.self)
  }

  /// Cycles from a time stamp to `now`, both cut to 40 bits: right for latencies of up to a minute at 8 GHz.
  ///
  /// Zero where `now` lies a little before it, as counters of two CPUs may.
  @inline(__always)
  static func cycles(from timestamp: UInt64, to now: UInt64) -> UInt64 {
    let cycles = (now &- timestamp) & timestampMask
    return cycles > timestampMask >> 1 ? 0 : cycles
  }
}
