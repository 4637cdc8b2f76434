/// Numbers of the protocols that the engine looks into (IANA).
enum IPProtocol {
  static let icmp: UInt8 = 1
  static let tcp: UInt8 = 6
  static let udp: UInt8 = 17
  static let icmpV6: UInt8 = 58
  /// "No next header" of IPv6: nothing to look into.
  static let none: UInt8 = 59
}

/// A protocol above IP, and where its header begins.
struct Transport: Equatable, Sendable {
  var number: UInt8
  var offset: Int

  static let none = Transport(number: IPProtocol.none, offset: 0)
}

extension FrameBytes {
  /// Bytes of the smallest header of each version.
  static let ipv4Header = 20
  static let ipv6Header = 40

  /// Bytes of the IPv4 header that begins at `offset`, options included; nil where there is none whole.
  @inline(__always)
  func ipv4HeaderLength(at offset: Int) -> Int? {
    guard length >= offset &+ Self.ipv4Header else { return nil }
    let first = byte(at: offset)
    let header = Int(first & 0x0f) &* 4
    guard first >> 4 == 4, header >= Self.ipv4Header, length >= offset &+ header else { return nil }
    return header
  }

  /// What an IPv4 header of `header` bytes carries; none in a fragment after the first.
  @inline(__always)
  func ipv4Transport(at offset: Int, header: Int) -> Transport {
    guard word(at: offset &+ 6) & 0x1fff == 0 else { return .none }
    return Transport(number: byte(at: offset &+ 9), offset: offset &+ header)
  }

  /// Whether an IPv6 header begins at `offset`.
  @inline(__always)
  func hasIPv6Header(at offset: Int) -> Bool {
    length >= offset &+ Self.ipv6Header && byte(at: offset) >> 4 == 6
  }

  /// What the IPv6 header at `offset` carries behind up to eight extension headers (RFC 8200); none in a fragment after the
  /// first, and where they end outside of the frame.
  @inline(__always)
  func ipv6Transport(at offset: Int) -> Transport {
    let transport = Transport(number: byte(at: offset &+ 6), offset: offset &+ Self.ipv6Header)
    return Self.isExtension(transport.number) ? behindExtensions(from: transport) : transport
  }

  @inline(__always)
  private static func isExtension(_ number: UInt8) -> Bool {
    number == 0 || number == 43 || number == 44 || number == 51 || number == 60
  }

  @inline(__always)
  private func behindExtensions(from first: Transport) -> Transport {
    var transport = first
    for _ in 0..<8 {
      guard Self.isExtension(transport.number) else { return transport }
      guard length >= transport.offset &+ 8 else { return .none }
      let words = Int(byte(at: transport.offset &+ 1))
      var size = 8 &* (words &+ 1)
      if transport.number == 44 {
        guard word(at: transport.offset &+ 2) & 0xfff8 == 0 else { return .none }
        size = 8
      } else if transport.number == 51 {
        size = 4 &* (words &+ 2)
      }
      transport = Transport(number: byte(at: transport.offset), offset: transport.offset &+ size)
    }
    return Self.isExtension(transport.number) ? .none : transport
  }
}
