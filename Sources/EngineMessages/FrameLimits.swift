extension EngineRequest {
  /// Whether the engine builds frames of its own for the request, rather than move what arrives.
  public var buildsFrames: Bool {
    switch mode {
    case .tx, .loopback, .rfc2544: true
    case .forward, .reflect: sendFirst > 0
    case .rx: false
    }
  }

  /// Bytes of the largest frame, with the frame check sequence.
  public var largestFrame: Int { frameSizes.max() ?? 64 }

  /// As ``largestFrame``, a VLAN tag left out: what an MTU is made of.
  public var largestUntaggedFrame: Int { largestFrame - (vlan == nil ? 0 : 4) }

  /// Why frames of the sizes asked for cannot be built for some flows; nil where they can, or where none are built.
  func objection(toSizesOf single: FlowEndpoints) -> String? {
    guard buildsFrames else { return nil }
    let smallest = FlowEndpoints.smallestFrame(isV6: single.isV6, isTagged: vlan != nil)
    guard let size = frameSizes.first(where: { $0 < smallest }) else { return nil }
    let kind = (single.isV6 ? "IPv6" : "IPv4") + (vlan == nil ? "" : " with a VLAN tag")
    return "frame size '\(size)' has no room for the engine's mark: \(kind) takes \(smallest) bytes at least: "
      + "change --frame-size"
  }
}

extension FlowEndpoints {
  /// Whether the flows are those of IPv6: one of their addresses is.
  public var isV6: Bool { [sourceAddress, destinationAddress].contains { $0?.contains(":") == true } }

  /// Bytes of the smallest frame that has room for Ethernet, IP and UDP headers, the engine's mark of 18 bytes and the
  /// frame check sequence.
  public static func smallestFrame(isV6: Bool, isTagged: Bool) -> Int { 64 + (isV6 ? 20 : 0) + (isTagged ? 4 : 0) }

  /// The most addresses, or ports, that flows take in turn: as many as there are flows at the most.
  public static let longestRange = 16_384
}
