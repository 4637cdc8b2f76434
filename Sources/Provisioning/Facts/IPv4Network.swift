/// An IPv4 network: an address cut to its prefix.
public struct IPv4Network: Hashable, Sendable {
  let bits: UInt32
  /// Bits, 0 to 32.
  let length: Int

  /// Reads `10.0.0.20/24` as 10.0.0.0/24; nil for anything else.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let length = Int(parts[1]), 0...32 ~= length else { return nil }
    let octets = parts[0].split(separator: ".", omittingEmptySubsequences: false).compactMap { UInt8($0) }
    guard octets.count == 4, parts[0].allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }) else { return nil }
    let address = octets.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    self.length = length
    bits = length == 0 ? 0 : address & (UInt32.max << (32 - UInt32(length)))
  }

  func contains(_ other: IPv4Network) -> Bool {
    other.length >= length && (length == 0 || (other.bits ^ bits) >> (32 - UInt32(length)) == 0)
  }
}
