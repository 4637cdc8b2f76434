import Glibc

/// An Ethernet address of six bytes.
struct MACAddress: Equatable, Sendable {
  let bytes: [UInt8]

  init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes.prefix(6)) }

  /// Reads `02:00:00:00:00:01`.
  init?(parsing text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let values = parts.compactMap { $0.count == 2 && $0.allSatisfy(\.isHexDigit) ? UInt8($0, radix: 16) : nil }
    guard parts.count == 6, values.count == 6 else { return nil }
    bytes = values
  }

  var text: String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
  }
}

/// An IPv4 address of four bytes, or an IPv6 address of sixteen, in network order.
enum IPAddress: Hashable, Sendable {
  case v4([UInt8])
  case v6([UInt8])

  /// Reads `198.18.0.1` and `2001:2::1` (`inet_pton`).
  init?(parsing text: String) {
    func bytes(_ family: Int32, _ count: Int) -> [UInt8]? {
      var bytes = [UInt8](repeating: 0, count: count)
      return inet_pton(family, text, &bytes) == 1 ? bytes : nil
    }
    if let four = bytes(AF_INET, 4) {
      self = .v4(four)
    } else if let sixteen = bytes(AF_INET6, 16) {
      self = .v6(sixteen)
    } else {
      return nil
    }
  }

  var bytes: [UInt8] {
    switch self {
    case .v4(let bytes), .v6(let bytes): bytes
    }
  }

  var isV6: Bool { bytes.count == 16 }
}
