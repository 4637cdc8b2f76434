import EngineMessages

/// Where the parts of a run's frames lie: Ethernet, an 802.1Q tag where there is one, IPv4 without options or IPv6 without
/// extensions, UDP, a ``FrameMark``, and a payload that follows ``FramePattern``.
struct FrameLayout: Equatable, Sendable {
  let isV6: Bool
  let isTagged: Bool

  /// Of the IP header.
  var networkOffset: Int { isTagged ? 18 : 14 }
  /// Of the addresses, the source first.
  var addressOffset: Int { networkOffset + (isV6 ? 8 : 12) }
  var udpOffset: Int { networkOffset + (isV6 ? 40 : 20) }
  var checksumOffset: Int { udpOffset + 6 }
  var markOffset: Int { udpOffset + 8 }
  var payloadOffset: Int { markOffset + FrameMark.bytes }

  /// Bytes at the front of a frame that a sender writes anew each time: its headers and mark, rounded up to whole vectors.
  var headBytes: Int { isV6 ? 96 : 64 }

  /// With the frame check sequence.
  var smallestFrame: Int { max(64, payloadOffset + frameCheckBytes) }
}
