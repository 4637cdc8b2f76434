/// Where the packets of one sending port come from and go to.
struct FrameAddresses: Equatable, Sendable {
  var sourceMAC: MACAddress
  var destinationMAC: MACAddress
  var source: IPAddress
  var destination: IPAddress
  /// Of the first flow.
  var sourcePort: UInt16
  var destinationPort: UInt16
}

/// The first 64 bytes of a frame: Ethernet, IPv4 and UDP headers, then room for a ``FrameMark``.
///
/// The UDP checksum is zero, "none" in IPv4: so the source port and the mark can change without a new one.
struct FrameTemplate: Equatable, Sendable {
  let head: SIMD64<UInt8>
  /// Bytes in the mbuf: the frame without its check sequence.
  let length: Int

  static let sourcePortOffset = 34
  static let markOffset = 42

  /// - Parameter size: bytes with the frame check sequence, 64 at least.
  init(_ addresses: FrameAddresses, size: Int) {
    precondition(size >= 64)
    length = size - frameCheckBytes
    let packet = length - 14
    var ip: [UInt8] = [0x45, 0] + bigEndian(packet) + [0, 0, 0x40, 0, 64, 17, 0, 0]
    ip += addresses.source.bytes + addresses.destination.bytes
    let sum = internetChecksum(ip)
    ip[10] = UInt8(sum >> 8)
    ip[11] = UInt8(sum & 0xff)
    var bytes = addresses.destinationMAC.bytes + addresses.sourceMAC.bytes + [0x08, 0x00] + ip
    bytes += bigEndian(Int(addresses.sourcePort)) + bigEndian(Int(addresses.destinationPort))
    bytes += bigEndian(packet - 20) + [0, 0]
    bytes += [UInt8](repeating: 0, count: 64 - bytes.count)
    head = SIMD64(bytes)
  }

  /// Writes the frame's first 64 bytes; what follows stays as it is in the mbuf.
  @inline(__always)
  func write(to data: UnsafeMutableRawPointer, sourcePort: UInt16) {
    data.storeBytes(of: head, as: SIMD64<UInt8>.self)
    data.storeBytes(of: sourcePort.bigEndian, toByteOffset: Self.sourcePortOffset, as: UInt16.self)
  }
}

/// The checksum of RFC 1071 over an even number of bytes.
func internetChecksum(_ bytes: [UInt8]) -> UInt16 {
  var sum: UInt32 = 0
  for index in stride(from: 0, to: bytes.count - 1, by: 2) {
    sum += UInt32(bytes[index]) << 8 | UInt32(bytes[index + 1])
  }
  while sum > 0xffff { sum = (sum & 0xffff) + (sum >> 16) }
  return ~UInt16(sum)
}

private func bigEndian(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 0xff), UInt8(value & 0xff)] }
