import EngineMessages

/// The addresses that a port writes into what leaves by it, what the user left open filled in.
struct LeavingAddresses: Equatable, Sendable {
  let ethernet: EthernetAddresses
  let source: IPAddress
  let destination: IPAddress

  /// - Parameter index: of the port: it numbers the network of RFC 2544, or RFC 5180 for IPv6, that stands for a missing
  ///   address, and the MAC address that stands for an unknown peer's.
  /// - Throws: `EngineFailure` for what is no address, and for addresses of two families.
  init(_ endpoints: FlowEndpoints, of port: PortDescription, at index: Int) throws(EngineFailure) {
    let number = index % 256
    let digits = (number < 16 ? "0" : "") + String(number, radix: 16)
    ethernet = EthernetAddresses(
      destination: try macAddress(endpoints.destinationMAC ?? "02:00:00:00:00:\(digits)"),
      source: try macAddress(endpoints.sourceMAC ?? port.mac))
    let given = endpoints.sourceAddress ?? endpoints.destinationAddress ?? ""
    let network = given.contains(":") ? "2001:2:0:\(String(number, radix: 16))::" : "198.18.\(number)."
    source = try ipAddress(endpoints.sourceAddress ?? network + "1")
    destination = try ipAddress(endpoints.destinationAddress ?? network + "2")
    guard source.isV6 == destination.isV6 else {
      throw EngineFailure(
        message: "port '\(port.name)' cannot route from '\(endpoints.sourceAddress ?? "")' to "
          + "'\(endpoints.destinationAddress ?? "")': an IPv4 and an IPv6 address")
    }
  }

  /// How `forward` treats what leaves by the port; nil for `io`.
  func rewrite(_ forwarding: Forwarding) -> Rewrite? {
    switch forwarding {
    case .io: nil
    case .mac: .mac(MACRewrite(ethernet: ethernet))
    case .route:
      source.isV6
        ? .ipv6(IPv6Rewrite(ethernet: ethernet, source: source.bytes, destination: destination.bytes))
        : .ipv4(IPv4Rewrite(ethernet: ethernet, source: source.bytes, destination: destination.bytes))
    }
  }
}
