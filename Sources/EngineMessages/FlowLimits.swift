extension EngineRequest {
  /// Whether the engine builds frames of its own for the request, rather than move what arrives.
  public var buildsFrames: Bool {
    switch mode {
    case .tx, .loopback, .rfc2544: true
    case .forward: sendFirst > 0
    case .rx, .reflect: false
    }
  }

  /// Bytes of the largest frame, with the frame check sequence.
  public var largestFrame: Int { frameSizes.max() ?? 64 }

  /// As ``largestFrame``, a VLAN tag left out: what an MTU is made of.
  public var largestUntaggedFrame: Int { largestFrame - (vlan == nil ? 0 : 4) }

  /// Why no engine can build the flows of the request, with the option to change; nil where one may, or where none are built.
  var flowObjection: String? {
    if let vlan, !(1...4094).contains(vlan) { return "VLAN '\(vlan)' is not between 1 and 4094: change --vlan" }
    if packets == 0 { return "packets '0' are none to send: change --packets" }
    for single in [endpoints] + portEndpoints.sorted(by: { $0.key < $1.key }).map({ $0.value.filled(from: endpoints) })
    {
      if let objection = single.objection { return objection }
      if buildsFrames, let objection = objection(toSizesOf: single) { return objection }
    }
    return nil
  }

  private func objection(toSizesOf single: FlowEndpoints) -> String? {
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

  var objection: String? {
    let isMixed = isV6 && [sourceAddress, destinationAddress].contains { $0.map { !$0.contains(":") } ?? false }
    if isMixed {
      return "source address '\(sourceAddress ?? "")' and destination address '\(destinationAddress ?? "")' are not of "
        + "one family: change --source-address or --destination-address"
    }
    let ranges = [
      ("source addresses", sourceAddresses, "--source-address"),
      ("destination addresses", destinationAddresses, "--destination-address"),
      ("destination ports", destinationPorts, "--destination-port"),
    ]
    for (name, count, option) in ranges {
      if let count, !(1...Self.longestRange).contains(count) {
        return "\(name) '\(count)' are not between 1 and \(Self.longestRange): change \(option)"
      }
    }
    for (name, port, option) in [
      ("source port", sourcePort, "--source-port"), ("destination port", destinationPort, "--destination-port"),
    ] {
      if let port, !(0...65_535).contains(port) {
        return "\(name) '\(port)' is not between 0 and 65535: change \(option)"
      }
    }
    if let count = destinationPorts, (destinationPort ?? 9) + count - 1 > 65_535 {
      return "destination ports '\(count)' from \(destinationPort ?? 9) up go beyond 65535: change --destination-port"
    }
    return nil
  }
}
