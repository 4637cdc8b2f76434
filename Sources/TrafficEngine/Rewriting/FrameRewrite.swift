/// What is done to a frame on its way: decided once a run, written into every packet.
protocol FrameRewrite: Sendable {
  /// Whether there are frames that it does not let pass; known when the loop is compiled.
  static var refuses: Bool { get }

  /// Writes into a frame.
  ///
  /// - Returns: whether it may go on; false only where ``refuses`` is true.
  func apply(to frame: FrameBytes) -> Bool
}

/// The MAC addresses of all that leaves by a port: its peer's, and its own.
struct EthernetAddresses: Equatable, Sendable {
  /// The first eight and the last four of the twelve bytes, in the order of memory.
  private let first: UInt64
  private let last: UInt32

  init(destination: MACAddress, source: MACAddress) {
    let bytes = destination.bytes + source.bytes
    first = UInt64(rawBytes: bytes)
    last = UInt32(truncatingIfNeeded: UInt64(rawBytes: Array(bytes[4...])) >> 32)
  }

  @inline(__always)
  func write(to frame: FrameBytes) {
    frame.base.storeBytes(of: first, as: UInt64.self)
    frame.base.storeBytes(of: last, toByteOffset: 8, as: UInt32.self)
  }
}

/// Gives a frame the MAC addresses of the port that it leaves by and of that port's peer.
struct MACRewrite: FrameRewrite, Equatable {
  static let refuses = false

  let ethernet: EthernetAddresses

  @inline(__always)
  func apply(to frame: FrameBytes) -> Bool {
    // An mbuf has room for them, however short the frame is.
    ethernet.write(to: frame)
    return true
  }
}
