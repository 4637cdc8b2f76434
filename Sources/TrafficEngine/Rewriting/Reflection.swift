/// Sends a frame back to whom it came from: swaps its MAC addresses, its IP addresses and its UDP or TCP ports.
///
/// No checksum changes, as each is a sum of the same words as before. Of what is not IP the MAC addresses are swapped; of a
/// fragment after the first, which has no ports, those and the IP addresses.
struct Reflection: FrameRewrite, Equatable {
  static let refuses = false

  @inline(__always)
  func apply(to frame: FrameBytes) -> Bool {
    guard frame.length >= FrameBytes.ethernetHeader else { return true }
    swapMACs(of: frame)
    if isPlain(frame) {
      swapPlain(frame)
    } else {
      swapBehind(frame.networkLayer, of: frame)
    }
    return true
  }

  /// Whether a frame is what nearly all are: untagged IPv4 without options, unfragmented or a first fragment, UDP or TCP.
  @inline(__always)
  private func isPlain(_ frame: FrameBytes) -> Bool {
    guard frame.length >= 38 else { return false }
    // EtherType, version and header length; then fragment offset and protocol, with what lies between them masked.
    let kind = frame.memoryLong(at: 12) & UInt32(0xffff_ff00).bigEndian
    let part = frame.memoryLong(at: 20) & UInt32(0x1fff_00ff).bigEndian
    return kind == UInt32(0x0800_4500).bigEndian
      && (part == UInt32(IPProtocol.udp).bigEndian || part == UInt32(IPProtocol.tcp).bigEndian)
  }

  @inline(__always)
  private func swapMACs(of frame: FrameBytes) {
    // Destination and two bytes of the source, then its other four.
    let first = UInt64(littleEndian: frame.base.loadUnaligned(as: UInt64.self))
    let last = UInt32(littleEndian: frame.base.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
    frame.base.storeBytes(of: (first >> 48 | UInt64(last) << 16 | first << 48).littleEndian, as: UInt64.self)
    frame.base.storeBytes(
      of: UInt32(truncatingIfNeeded: first >> 16).littleEndian, toByteOffset: 8, as: UInt32.self)
  }

  /// Swaps IP addresses and ports where they lie in a plain frame.
  @inline(__always)
  private func swapPlain(_ frame: FrameBytes) {
    // Time to live, protocol, checksum; two addresses; two ports: sixteen bytes, moved in one go.
    let old = frame.base.loadUnaligned(fromByteOffset: 22, as: SIMD16<UInt8>.self)
    let new = SIMD16(
      old[0], old[1], old[2], old[3], old[8], old[9], old[10], old[11], old[4], old[5], old[6], old[7], old[14],
      old[15],
      old[12], old[13])
    frame.base.storeBytes(of: new, toByteOffset: 22, as: SIMD16<UInt8>.self)
  }

  /// Swaps IP addresses and ports, wherever they lie.
  @inline(__always)
  private func swapBehind(_ layer: NetworkLayer, of frame: FrameBytes) {
    let base = frame.base
    let packet = base + layer.offset
    let transport: Transport
    if layer.type == EtherType.ipv4 {
      guard let header = frame.ipv4HeaderLength(at: layer.offset) else { return }
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
      return
    }
    if transport.number == IPProtocol.udp || transport.number == IPProtocol.tcp,
      frame.length >= transport.offset &+ 4
    {
      let ports = base.loadUnaligned(fromByteOffset: transport.offset, as: UInt32.self)
      base.storeBytes(of: ports >> 16 | ports << 16, toByteOffset: transport.offset, as: UInt32.self)
    }
  }
}
