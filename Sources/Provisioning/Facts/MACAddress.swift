/// An Ethernet address of six octets; its text is lower case with colons: `12:34:56:78:9a:bc`.
public struct MACAddress: Hashable, Sendable {
  /// In the order of the wire, always six.
  public let octets: [UInt8]

  /// Reads six pairs of hexadecimal digits between colons or between hyphens, or twelve digits without (as IMDS has it).
  public init?(_ text: some StringProtocol) {
    let separators = Set(text.filter { $0 == ":" || $0 == "-" })
    guard separators.count <= 1 else { return nil }
    let digits: String
    if let separator = separators.first {
      let pairs = text.split(separator: separator, omittingEmptySubsequences: false)
      guard pairs.count == 6, pairs.allSatisfy({ $0.count == 2 }) else { return nil }
      digits = pairs.joined()
    } else {
      digits = String(text)
    }
    guard digits.utf8.count == 12, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }) else { return nil }
    let nibbles = digits.compactMap { $0.hexDigitValue.map(UInt8.init) }
    octets = stride(from: 0, to: 12, by: 2).map { nibbles[$0] << 4 | nibbles[$0 + 1] }
  }

  /// A group address (broadcast included), which no interface has as its own.
  public var isMulticast: Bool { octets[0] & 1 == 1 }
}

extension MACAddress: CustomStringConvertible {
  public var description: String {
    octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
  }
}
