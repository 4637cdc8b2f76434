/// Reads an IPv4 address as `198.18.0.1` or an IPv6 address as `2001:2::1`, no more and no less than `inet_pton` does.
///
/// - Returns: four or sixteen bytes in network order; nil for anything else.
func addressBytes(_ text: String) -> [UInt8]? { ipv4Bytes(text[...]) ?? ipv6Bytes(text) }

/// Whether a text is an Ethernet address as `02:00:00:00:00:01`.
func isMACAddress(_ text: String) -> Bool {
  let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
  return parts.count == 6 && parts.allSatisfy { $0.count == 2 && $0.allSatisfy { hexDigit($0) != nil } }
}

private func ipv4Bytes(_ text: Substring) -> [UInt8]? {
  let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
  let bytes = parts.compactMap { part -> UInt8? in
    guard (1...3).contains(part.count), part.count == 1 || part.first != UInt8(ascii: "0"),
      part.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    return UInt8(String(decoding: part, as: UTF8.self))
  }
  return parts.count == 4 && bytes.count == 4 ? bytes : nil
}

/// RFC 4291, section 2.2: eight groups, of which `::` stands for one or more of zeros and an IPv4 address for the last two.
private func ipv6Bytes(_ text: String) -> [UInt8]? {
  let halves = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
  guard halves.count >= 3 else { return nil }
  var groups = halves.map { Substring($0) }
  // A colon at an end is half of a `::`: its empty group goes, and the one between the two colons stands for both.
  if groups[0].isEmpty {
    guard groups[1].isEmpty else { return nil }
    groups.removeFirst()
  }
  if let last = groups.last, last.isEmpty {
    guard groups.count >= 2, groups[groups.count - 2].isEmpty else { return nil }
    groups.removeLast()
  }
  var bytes: [UInt8] = []
  var gap: Int?
  for (place, group) in groups.enumerated() {
    if group.isEmpty {
      guard gap == nil else { return nil }
      gap = bytes.count
    } else if place == groups.count - 1, group.contains(".") {
      guard let four = ipv4Bytes(group) else { return nil }
      bytes += four
    } else {
      let digits = group.utf8.compactMap(hexDigit)
      guard digits.count == group.utf8.count, digits.count <= 4 else { return nil }
      let value = digits.reduce(0) { $0 << 4 | UInt16($1) }
      bytes += [UInt8(value >> 8), UInt8(value & 0xff)]
    }
  }
  guard let gap else { return bytes.count == 16 ? bytes : nil }
  guard bytes.count <= 14 else { return nil }
  return bytes[..<gap] + [UInt8](repeating: 0, count: 16 - bytes.count) + bytes[gap...]
}

private func hexDigit(_ letter: UInt8) -> UInt8? {
  switch letter {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): letter - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): letter - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): letter - UInt8(ascii: "A") + 10
  default: nil
  }
}
