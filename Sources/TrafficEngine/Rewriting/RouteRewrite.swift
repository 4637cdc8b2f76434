/// Gives an IPv4 packet the MAC and IP addresses of the port that it leaves by and of that port's peer.
///
/// As a router does, it takes one off the time to live and lets nothing pass that has none left. The checksums of IPv4, UDP
/// and TCP change by what has changed beneath them (RFC 1624), whatever else they cover; so one that was wrong stays wrong,
/// and a UDP checksum of zero, which is none, stays zero. An ICMP checksum covers no addresses.
struct IPv4Rewrite: FrameRewrite, Equatable {
  static let refuses = true

  let ethernet: EthernetAddresses
  /// Source and destination in the order of memory.
  private let addresses: UInt64
  private let sum: OnesComplementSum

  init(ethernet: EthernetAddresses, source: [UInt8], destination: [UInt8]) {
    self.ethernet = ethernet
    addresses = UInt64(rawBytes: source + destination)
    var sum = OnesComplementSum()
    sum.add(addresses)
    self.sum = sum
  }

  /// What one less in the first byte of a word adds to a sum of `~old + new`.
  private static var decrement: UInt16 { ~UInt16(0x0100).bigEndian }

  @inline(__always)
  func apply(to frame: FrameBytes) -> Bool {
    let layer = frame.networkLayer
    guard layer.type == EtherType.ipv4, let header = frame.ipv4HeaderLength(at: layer.offset) else { return false }
    let hops = frame.byte(at: layer.offset &+ 8)
    guard hops > 1 else { return false }
    let packet = frame.base + layer.offset
    var change = sum
    change.add(~packet.loadUnaligned(fromByteOffset: 12, as: UInt64.self))
    let transport = frame.ipv4Transport(at: layer.offset, header: header)
    frame.updateChecksum(of: transport, by: change)
    change.add(Self.decrement)
    let checksum = change.updating(packet.loadUnaligned(fromByteOffset: 10, as: UInt16.self))
    frame.set(hops &- 1, at: layer.offset &+ 8)
    packet.storeBytes(of: checksum, toByteOffset: 10, as: UInt16.self)
    packet.storeBytes(of: addresses, toByteOffset: 12, as: UInt64.self)
    ethernet.write(to: frame)
    return true
  }
}

/// Gives an IPv6 packet the addresses of the port that it leaves by and of that port's peer, as ``IPv4Rewrite`` does.
///
/// The hop limit is covered by no checksum, but the addresses by that of ICMPv6 too.
struct IPv6Rewrite: FrameRewrite, Equatable {
  static let refuses = true

  let ethernet: EthernetAddresses
  private let source: SIMD2<UInt64>
  private let destination: SIMD2<UInt64>
  private let sum: OnesComplementSum

  init(ethernet: EthernetAddresses, source: [UInt8], destination: [UInt8]) {
    self.ethernet = ethernet
    self.source = SIMD2(UInt64(rawBytes: source), UInt64(rawBytes: Array(source[8...])))
    self.destination = SIMD2(UInt64(rawBytes: destination), UInt64(rawBytes: Array(destination[8...])))
    var sum = OnesComplementSum()
    sum.add(self.source)
    sum.add(self.destination)
    self.sum = sum
  }

  @inline(__always)
  func apply(to frame: FrameBytes) -> Bool {
    let layer = frame.networkLayer
    guard layer.type == EtherType.ipv6, frame.hasIPv6Header(at: layer.offset) else { return false }
    let hops = frame.byte(at: layer.offset &+ 7)
    guard hops > 1 else { return false }
    let packet = frame.base + layer.offset
    var change = sum
    change.add(~packet.loadUnaligned(fromByteOffset: 8, as: SIMD2<UInt64>.self))
    change.add(~packet.loadUnaligned(fromByteOffset: 24, as: SIMD2<UInt64>.self))
    frame.updateChecksum(of: frame.ipv6Transport(at: layer.offset), by: change)
    frame.set(hops &- 1, at: layer.offset &+ 7)
    packet.storeBytes(of: source, toByteOffset: 8, as: SIMD2<UInt64>.self)
    packet.storeBytes(of: destination, toByteOffset: 24, as: SIMD2<UInt64>.self)
    ethernet.write(to: frame)
    return true
  }
}

extension OnesComplementSum {
  /// Adds eight words in the order of memory.
  @inline(__always)
  fileprivate mutating func add(_ words: SIMD2<UInt64>) {
    add(words[0])
    add(words[1])
  }
}

extension FrameBytes {
  /// Brings a checksum that covers the IP addresses up to date, where it is within the frame.
  @inline(__always)
  fileprivate func updateChecksum(of transport: Transport, by change: OnesComplementSum) {
    let field: Int
    switch transport.number {
    case IPProtocol.udp: field = transport.offset &+ 6
    case IPProtocol.tcp: field = transport.offset &+ 16
    case IPProtocol.icmpV6: field = transport.offset &+ 2
    default: return
    }
    guard length >= field &+ 2 else { return }
    let old = base.loadUnaligned(fromByteOffset: field, as: UInt16.self)
    var new = change.updating(old)
    if transport.number == IPProtocol.udp {
      if old == 0 { return }
      // Zero would say that there is none (RFC 768).
      if new == 0 { new = 0xffff }
    }
    base.storeBytes(of: new, toByteOffset: field, as: UInt16.self)
  }
}
