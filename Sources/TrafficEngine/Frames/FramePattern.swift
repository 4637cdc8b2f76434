import EngineMessages

/// What frames carry behind their mark: bytes that depend on their place in the frame alone.
///
/// Senders' mbufs are filled with them once, so that a payload costs nothing to send; receivers compare with them. They
/// are those of a fixed pseudo-random sequence: no shift of a payload looks like the payload.
enum FramePattern {
  /// Bytes of the longest frame in an mbuf, with some to spare for senders' whole vectors.
  static let longest = EngineRequest.longestFrame

  /// The bytes of a frame's first `count` places.
  static func bytes(_ count: Int) -> [UInt8] {
    var state: UInt64 = 0
    return (0..<count).map { _ in
      // Knuth's constants for MMIX; the high bits are the random ones.
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 56)
    }
  }
}
