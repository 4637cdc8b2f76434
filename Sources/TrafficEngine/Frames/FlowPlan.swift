/// What a sending queue is to send, and how fast.
struct FlowPlan: Sendable {
  var layout: FrameLayout
  /// One a stream, which are taken in turn, packet by packet: a packet's sequence number is that of its round.
  var heads: [FrameHead]
  /// Taken in turn, packet by packet.
  var sizes: [FrameLengths]
  /// Whether UDP checksums are made, which IPv6 demands.
  var isChecksummed: Bool
  /// Whether the first packet of every burst says when it was sent.
  var isStamped: Bool
  var pacer: Pacer
  /// Packets to send in all.
  var limit: UInt64 = .max
}

/// What all frames of one plan have in common: what a loop that builds them need not ask of each.
enum FrameKind: Equatable, Sendable {
  case plain(isMixed: Bool)
  case checksummed(isMixed: Bool, isV6: Bool)

  init(of plan: FlowPlan) {
    let isMixed = Set(plan.sizes.map(\.length)).count > 1
    self =
      plan.isChecksummed || plan.layout.isV6
      ? .checksummed(isMixed: isMixed, isV6: plan.layout.isV6) : .plain(isMixed: isMixed)
  }
}
