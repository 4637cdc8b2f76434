import Glibc

/// Reads an IPv4 address as `198.18.0.1` or an IPv6 address as `2001:2::1` (`inet_pton(3)`).
///
/// - Returns: four or sixteen bytes in network order; nil for anything else.
public func addressBytes(_ text: String) -> [UInt8]? {
  // A C string would end there.
  guard !text.utf8.contains(0) else { return nil }
  for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
    var bytes = [UInt8](repeating: 0, count: count)
    if inet_pton(family, text, &bytes) == 1 { return bytes }
  }
  return nil
}

/// Reads an Ethernet address as `02:00:00:00:00:01`.
///
/// - Returns: six bytes; nil for anything else.
public func macAddressBytes(_ text: String) -> [UInt8]? {
  let parts = text.split(separator: ":", omittingEmptySubsequences: false)
  let bytes = parts.compactMap { part -> UInt8? in
    guard part.utf8.count == 2, part.allSatisfy({ $0.isASCII && $0.isHexDigit }) else { return nil }
    return UInt8(part, radix: 16)
  }
  return parts.count == 6 && bytes.count == 6 ? bytes : nil
}
