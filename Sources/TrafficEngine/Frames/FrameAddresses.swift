/// Where the packets of one sending port come from and go to: ranges that its flows take in turn.
struct FrameAddresses: Equatable, Sendable {
  var sourceMAC: MACAddress
  var destinationMAC: MACAddress
  /// The first of the range.
  var source: IPAddress
  var sources = 1
  /// The first of the range, of the source's family.
  var destination: IPAddress
  var destinations = 1
  /// Of the first flow; it counts up from there, from 65535 on to 0.
  var sourcePort: UInt16
  /// The first of the range.
  var destinationPort: UInt16
  var destinationPorts = 1

  /// The addresses of one flow alone.
  func flow(_ index: Int) -> FrameAddresses {
    FrameAddresses(
      sourceMAC: sourceMAC, destinationMAC: destinationMAC, source: source.advanced(by: index % sources),
      destination: destination.advanced(by: index % destinations),
      sourcePort: sourcePort &+ UInt16(truncatingIfNeeded: index),
      destinationPort: destinationPort &+ UInt16(truncatingIfNeeded: index % destinationPorts))
  }
}

extension IPAddress {
  /// The address `count` above this one; behind the last one of the family comes the first.
  func advanced(by count: Int) -> IPAddress {
    var carry = count
    var bytes = bytes
    for index in bytes.indices.reversed() where carry > 0 {
      carry += Int(bytes[index])
      bytes[index] = UInt8(carry & 0xff)
      carry >>= 8
    }
    return isV6 ? .v6(bytes) : .v4(bytes)
  }
}
