/// What the engine writes into the last 18 bytes of a smallest frame, to know it again when it comes back.
///
/// The machine's own byte order, as only the process that wrote it reads it.
struct FrameMark: Equatable, Sendable {
  /// Differs from run to run: a frame of another one is foreign.
  var magic: UInt32
  /// Which sending queue numbered the frame.
  var stream: UInt16
  /// 48 bits: enough for a month at 100 million packets a second.
  var sequence: UInt64
  /// The low 48 bits of the time stamp counter when the frame was handed to the port; zero for none.
  var timestamp: UInt64

  /// Bytes of a frame, frame check sequence excluded, that a mark needs.
  static let smallestFrame = FrameTemplate.markOffset + 18
  static let mask: UInt64 = 0xffff_ffff_ffff

  private static let sequenceOffset = FrameTemplate.markOffset
  private static let timestampOffset = sequenceOffset + 8
  private static let magicOffset = timestampOffset + 8

  @inline(__always)
  init(magic: UInt32, stream: UInt16, sequence: UInt64, timestamp: UInt64 = 0) {
    self.magic = magic
    self.stream = stream
    self.sequence = sequence
    self.timestamp = timestamp
  }

  /// Reads the mark of a frame of ``smallestFrame`` bytes or more.
  @inline(__always)
  init(of frame: UnsafeRawPointer) {
    let first = frame.loadUnaligned(fromByteOffset: Self.sequenceOffset, as: UInt64.self)
    let second = frame.loadUnaligned(fromByteOffset: Self.timestampOffset, as: UInt64.self)
    let third = frame.loadUnaligned(fromByteOffset: Self.magicOffset, as: UInt16.self)
    sequence = first & Self.mask
    stream = UInt16(truncatingIfNeeded: first >> 48)
    timestamp = second & Self.mask
    magic = UInt32(third) << 16 | UInt32(truncatingIfNeeded: second >> 48)
  }

  @inline(__always)
  func write(to frame: UnsafeMutableRawPointer) {
    frame.storeBytes(
      of: sequence & Self.mask | UInt64(stream) << 48, toByteOffset: Self.sequenceOffset, as: UInt64.self)
    frame.storeBytes(
      of: UInt16(truncatingIfNeeded: magic >> 16), toByteOffset: Self.magicOffset, as: UInt16.self)
    writeTimestamp(to: frame)
  }

  /// Writes ``timestamp`` alone into a frame that carries the rest already.
  @inline(__always)
  func writeTimestamp(to frame: UnsafeMutableRawPointer) {
    frame.storeBytes(
      of: timestamp & Self.mask | UInt64(magic) << 48, toByteOffset: Self.timestampOffset, as: UInt64.self)
  }

  /// Cycles from a time stamp to `now`, both cut to 48 bits: right for latencies of up to a day.
  @inline(__always)
  static func cycles(from timestamp: UInt64, to now: UInt64) -> UInt64 { (now &- timestamp) & mask }
}
