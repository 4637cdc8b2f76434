import EngineMessages

extension FrameAddresses {
  /// How `forward` treats what leaves by the port whose addresses these are; nil for `io`.
  ///
  /// Of ranges the first address stands for all.
  func rewrite(_ forwarding: Forwarding) -> Rewrite? {
    let ethernet = EthernetAddresses(destination: destinationMAC, source: sourceMAC)
    switch forwarding {
    case .io: return nil
    case .mac: return .mac(MACRewrite(ethernet: ethernet))
    case .route:
      return source.isV6
        ? .ipv6(IPv6Rewrite(ethernet: ethernet, source: source.bytes, destination: destination.bytes))
        : .ipv4(IPv4Rewrite(ethernet: ethernet, source: source.bytes, destination: destination.bytes))
    }
  }
}
