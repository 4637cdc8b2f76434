/// The first ``FrameLayout/headBytes`` bytes of a flow's frames, of which the mark's sequence number is zero.
///
/// Without what depends on a frame's size: those are ``FrameLengths``. Where checksums go there are the sums of all else but
/// the sequence number: of the IPv4 header, and of the UDP packet with its pseudo-header.
struct FrameHead: Equatable, Sendable {
  private(set) var bytes: [UInt8]

  /// - Parameters:
  ///   - flow: the addresses of one flow.
  ///   - vlan: with a layout that is tagged.
  init(_ flow: FrameAddresses, layout: FrameLayout, vlan: Int?, stream: UInt16, magic: UInt32) {
    bytes = flow.destinationMAC.bytes + flow.sourceMAC.bytes
    // IEEE 802.1Q: TPID, then priority 0 and VLAN identifier.
    if let vlan { bytes += EtherType.vlan.networkBytes + UInt16(truncatingIfNeeded: vlan).networkBytes }
    if layout.isV6 {
      // RFC 8200: version, payload length 0, next header UDP, hop limit 64.
      bytes += EtherType.ipv6.networkBytes + [0x60, 0, 0, 0, 0, 0, IPProtocol.udp, 64]
    } else {
      // RFC 791: version, total length 0, don't fragment, time to live 64, UDP, checksum 0.
      bytes += EtherType.ipv4.networkBytes + [0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, IPProtocol.udp, 0, 0]
    }
    bytes += flow.source.bytes + flow.destination.bytes
    bytes += flow.sourcePort.networkBytes + flow.destinationPort.networkBytes + [0, 0, 0, 0]
    bytes += FramePattern.bytes(layout.headBytes)[bytes.count...]
    let mark = FrameMark(sequence: 0, stream: stream, magic: magic, length: 0)
    bytes.withUnsafeMutableBytes { buffer in
      if let base = buffer.baseAddress { mark.write(to: base + layout.markOffset) }
    }
    if !layout.isV6 { put(sum(layout.networkOffset..<layout.udpOffset), at: layout.networkOffset + 10) }
    let pseudoHeader = UInt64(sum(layout.addressOffset..<layout.udpOffset)) + UInt64(UInt16(IPProtocol.udp).bigEndian)
    let packet = sum(layout.udpOffset..<layout.payloadOffset)
    put(InternetChecksum.folded(pseudoHeader + UInt64(packet)), at: layout.checksumOffset)
  }

  private func sum(_ range: Range<Int>) -> UInt16 {
    bytes.withUnsafeBytes { InternetChecksum.sum(of: UnsafeRawBufferPointer(rebasing: $0[range])) }
  }

  private mutating func put(_ value: UInt16, at offset: Int) {
    bytes.withUnsafeMutableBytes { $0.storeBytes(of: value, toByteOffset: offset, as: UInt16.self) }
  }
}

/// What the size of a frame puts into its head.
struct FrameLengths: Equatable, Sendable {
  /// Bytes in the mbuf: the frame without its check sequence.
  let length: UInt16
  /// Total length of IPv4, payload length of IPv6, in network order.
  private let networkLength: UInt16
  /// In network order.
  private let udpLength: UInt16
  /// What length fields and payload add to the sum of the UDP packet.
  let sum: UInt16

  /// - Parameter size: with the frame check sequence, the layout's ``FrameLayout/smallestFrame`` at least.
  init(_ size: Int, layout: FrameLayout) {
    precondition(size >= layout.smallestFrame)
    let bytes = size - frameCheckBytes
    length = UInt16(bytes)
    udpLength = UInt16(bytes - layout.udpOffset).bigEndian
    networkLength = layout.isV6 ? udpLength : UInt16(bytes - layout.networkOffset).bigEndian
    let payload = FramePattern.bytes(bytes)[layout.payloadOffset...]
    let pattern = Array(payload).withUnsafeBytes { InternetChecksum.sum(of: $0) }
    // Once in the header, once in the pseudo-header.
    sum = InternetChecksum.folded(2 * UInt64(udpLength) + UInt64(length) + UInt64(pattern))
  }

  /// Writes all lengths into a frame, and completes the sum of an IPv4 header to its checksum.
  @inline(__always)
  func write(to frame: UnsafeMutableRawPointer, head: UnsafeRawPointer, layout: FrameLayout, isV6: Bool) {
    let network = layout.networkOffset
    if isV6 {
      frame.storeBytes(of: networkLength, toByteOffset: network &+ 4, as: UInt16.self)
    } else {
      frame.storeBytes(of: networkLength, toByteOffset: network &+ 2, as: UInt16.self)
      let sum = UInt32(head.loadUnaligned(fromByteOffset: network &+ 10, as: UInt16.self)) &+ UInt32(networkLength)
      frame.storeBytes(of: ~InternetChecksum.folded(sum), toByteOffset: network &+ 10, as: UInt16.self)
    }
    frame.storeBytes(of: udpLength, toByteOffset: layout.udpOffset &+ 4, as: UInt16.self)
    frame.storeBytes(of: length, toByteOffset: layout.markOffset &+ FrameMark.lengthOffset, as: UInt16.self)
  }
}
