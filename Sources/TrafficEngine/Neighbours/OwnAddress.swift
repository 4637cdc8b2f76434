/// An address of a port of ours, which the engine answers for as a kernel would: the kernel knows nothing of the port.
///
/// Made of plain words, so that it costs a loop no reference count.
struct OwnAddress: Equatable, Sendable {
  /// The six bytes in the order of memory, above them zeros.
  let mac: UInt64
  /// The four or sixteen bytes in the order of memory, behind an IPv4 address zeros.
  let address: SIMD16<UInt8>
  let isV6: Bool

  init(mac: MACAddress, address: IPAddress) {
    self.mac = UInt64(rawBytes: mac.bytes)
    self.address = SIMD16(address.bytes + [UInt8](repeating: 0, count: 16 - address.bytes.count))
    isV6 = address.isV6
  }

  /// The IPv4 address in the order of memory.
  @inline(__always)
  var v4: UInt32 { unsafeBitCast(address, to: SIMD4<UInt32>.self)[0] }

  /// Whether `other` is the multicast address at which neighbours ask for this one (RFC 4291): ff02::1:ff and its last
  /// three bytes.
  @inline(__always)
  func isSolicitedNode(_ other: SIMD16<UInt8>) -> Bool {
    var node = SIMD16<UInt8>(0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0, 0, 0)
    node[13] = address[13]
    node[14] = address[14]
    node[15] = address[15]
    return node == other
  }

  /// Whether a frame may be a question to this address; whether it is one, ``answer(_:room:)`` finds out.
  @inline(__always)
  func mayConcern(_ frame: FrameBytes) -> Bool {
    let layer = frame.networkLayer
    if isV6 {
      guard layer.type == EtherType.ipv6, frame.length >= layer.offset &+ FrameBytes.ipv6Header else { return false }
      return frame.byte(at: layer.offset &+ 6) == IPProtocol.icmpV6
    }
    if layer.type == EtherType.arp { return true }
    guard layer.type == EtherType.ipv4, frame.length >= layer.offset &+ FrameBytes.ipv4Header else { return false }
    return frame.byte(at: layer.offset &+ 9) == IPProtocol.icmp && frame.memoryLong(at: layer.offset &+ 16) == v4
  }

  /// Turns a question to this address into its answer: an ARP request, a neighbour solicitation, an ICMP echo request.
  ///
  /// The answer goes out in the VLAN that the question came in, whichever that is.
  ///
  /// - Parameters:
  ///   - frame: whole. It is changed only where it is such a question, addressed to this port and without a fault.
  ///   - room: bytes that the answer may have, the frame's own included.
  /// - Returns: the answer's length; nil where there is nothing to answer.
  func answer(_ frame: FrameBytes, room: Int) -> Int? {
    let layer = frame.networkLayer
    guard layer.type != 0, !frame.sourceIsGroup else { return nil }
    switch layer.type {
    case EtherType.arp where !isV6: return answerARP(frame, at: layer.offset)
    case EtherType.ipv4 where !isV6: return answerEcho(frame, at: layer.offset)
    case EtherType.ipv6 where isV6:
      return answerSolicitation(frame, at: layer.offset, room: room) ?? answerEchoV6(frame, at: layer.offset)
    default: return nil
    }
  }

  /// Whether a frame goes to this port's MAC address and no other's.
  func isAddressed(by frame: FrameBytes) -> Bool { frame.memoryMAC(at: 0) == mac }

  /// Sends a frame back to where it came from.
  func turn(_ frame: FrameBytes) {
    frame.setMemoryMAC(frame.memoryMAC(at: 6), at: 0)
    frame.setMemoryMAC(mac, at: 6)
  }
}

extension UInt64 {
  /// Up to eight bytes in the order of memory, behind them zeros.
  init(rawBytes bytes: [UInt8]) {
    self = 0
    withUnsafeMutableBytes(of: &self) { $0.copyBytes(from: bytes.prefix(8)) }
  }
}

extension FrameBytes {
  /// Whether the frame says that it comes from a multicast or broadcast address, which nobody can be answered at.
  var sourceIsGroup: Bool { byte(at: 6) & 1 != 0 }

  /// Four bytes in the order of memory.
  @inline(__always)
  func memoryLong(at offset: Int) -> UInt32 { base.loadUnaligned(fromByteOffset: offset, as: UInt32.self) }

  /// Six bytes in the order of memory, above them zeros.
  func memoryMAC(at offset: Int) -> UInt64 {
    var mac: UInt64 = 0
    withUnsafeMutableBytes(of: &mac) { $0.copyMemory(from: UnsafeRawBufferPointer(start: base + offset, count: 6)) }
    return mac
  }

  func setMemoryMAC(_ mac: UInt64, at offset: Int) {
    withUnsafeBytes(of: mac) {
      (base + offset).copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(base), byteCount: 6)
    }
  }

  /// An IPv6 address.
  @inline(__always)
  func v6(at offset: Int) -> SIMD16<UInt8> { base.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self) }

  @inline(__always)
  func set(_ address: SIMD16<UInt8>, at offset: Int) {
    base.storeBytes(of: address, toByteOffset: offset, as: SIMD16<UInt8>.self)
  }
}
