/// Sends a frame back to whom it came from: swaps its MAC addresses, its IP addresses and its UDP or TCP ports.
///
/// No checksum changes, as each is a sum of the same words as before. Of what is not IP the MAC addresses are swapped; of a
/// fragment after the first, which has no ports, those and the IP addresses.
struct Reflection: FrameRewrite, Equatable {
  static let refuses = false

  @inline(__always)
  func apply(to frame: FrameBytes) -> Bool {
    guard frame.length >= FrameBytes.ethernetHeader else { return true }
    let layer = frame.networkLayer
    let base = frame.base
    // Destination and two bytes of the source, then its other four.
    let first = UInt64(littleEndian: base.loadUnaligned(as: UInt64.self))
    let last = UInt32(littleEndian: base.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
    base.storeBytes(of: (first >> 48 | UInt64(last) << 16 | first << 48).littleEndian, as: UInt64.self)
    base.storeBytes(
      of: UInt32(truncatingIfNeeded: first >> 16).littleEndian, toByteOffset: 8, as: UInt32.self)
    let packet = base + layer.offset
    let transport: Transport
    if layer.type == EtherType.ipv4 {
      guard let header = frame.ipv4HeaderLength(at: layer.offset) else { return true }
      transport = frame.ipv4Transport(at: layer.offset, header: header)
      let addresses = packet.loadUnaligned(fromByteOffset: 12, as: UInt64.self)
      packet.storeBytes(of: addresses >> 32 | addresses << 32, toByteOffset: 12, as: UInt64.self)
    } else if layer.type == EtherType.ipv6, frame.hasIPv6Header(at: layer.offset) {
      transport = frame.ipv6Transport(at: layer.offset)
      let source = packet.loadUnaligned(fromByteOffset: 8, as: SIMD2<UInt64>.self)
      let destination = packet.loadUnaligned(fromByteOffset: 24, as: SIMD2<UInt64>.self)
      packet.storeBytes(of: destination, toByteOffset: 8, as: SIMD2<UInt64>.self)
      packet.storeBytes(of: source, toByteOffset: 24, as: SIMD2<UInt64>.self)
    } else {
      return true
    }
    if transport.number == IPProtocol.udp || transport.number == IPProtocol.tcp,
      frame.length >= transport.offset &+ 4
    {
      let ports = base.loadUnaligned(fromByteOffset: transport.offset, as: UInt32.self)
      base.storeBytes(of: ports >> 16 | ports << 16, toByteOffset: transport.offset, as: UInt32.self)
    }
    return true
  }
}
