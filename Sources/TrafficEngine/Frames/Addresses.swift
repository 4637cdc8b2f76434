import EngineMessages

/// An Ethernet address of six bytes.
struct MACAddress: Equatable, Sendable {
  let bytes: [UInt8]

  init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes.prefix(6)) }

  /// Reads `02:00:00:00:00:01`.
  init?(parsing text: String) {
    guard let bytes = macAddressBytes(text) else { return nil }
    self.bytes = bytes
  }

  var text: String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
  }
}

/// An IPv4 address of four bytes, or an IPv6 address of sixteen, in network order.
enum IPAddress: Hashable, Sendable {
  case v4([UInt8])
  case v6([UInt8])

  /// Reads `198.18.0.1` and `2001:2::1`.
  init?(parsing text: String) {
    guard let bytes = addressBytes(text) else { return nil }
    self = bytes.count == 4 ? .v4(bytes) : .v6(bytes)
  }

  var bytes: [UInt8] {
    switch self {
    case .v4(let bytes), .v6(let bytes): bytes
    }
  }

  var isV6: Bool { bytes.count == 16 }
}

/// - Throws: `EngineFailure` that quotes the text and says how to write one.
func macAddress(_ text: String) throws(EngineFailure) -> MACAddress {
  guard let address = MACAddress(parsing: text) else {
    throw EngineFailure(message: "'\(text)' is not a MAC address: write it as 02:00:00:00:00:01")
  }
  return address
}

/// - Throws: `EngineFailure` that quotes the text and says how to write one.
func ipAddress(_ text: String) throws(EngineFailure) -> IPAddress {
  guard let address = IPAddress(parsing: text) else {
    throw EngineFailure(message: "'\(text)' is not an IP address: write it as 198.18.0.1 or 2001:2::1")
  }
  return address
}
