@testable import TrafficEngine

/// Frames as others build them: by the RFCs, with checksums added up byte by byte.
enum Built {
  static func ethernet(to: [UInt8], from: [UInt8], tags: [UInt16] = [], type: UInt16, _ payload: [UInt8]) -> [UInt8] {
    to + from + tags.flatMap { word($0) + word(5) } + word(type) + payload
  }

  static func arp(
    _ operation: UInt16, from sender: [UInt8], _ senderIP: [UInt8], to target: [UInt8] = [0, 0, 0, 0, 0, 0],
    _ targetIP: [UInt8]
  ) -> [UInt8] {
    [0, 1, 8, 0, 6, 4] + word(operation) + sender + senderIP + target + targetIP
  }

  static func ipv4(
    from: [UInt8], to: [UInt8], _ number: UInt8, hops: UInt8 = 64, options: [UInt8] = [], fragment: UInt16 = 0x4000,
    _ payload: [UInt8]
  ) -> [UInt8] {
    let length = 20 + options.count
    var header: [UInt8] = [0x40 | UInt8(length / 4), 0] + word(UInt16(length + payload.count)) + [0x12, 0x34]
    header += word(fragment) + [hops, number, 0, 0] + from + to + options
    header.replaceSubrange(10..<12, with: word(checksum(header)))
    return header + payload
  }

  /// - Parameter extensions: headers before the payload, the first of kind `number`.
  static func ipv6(
    from: [UInt8], to: [UInt8], _ number: UInt8, hops: UInt8 = 64, _ payload: [UInt8]
  ) -> [UInt8] {
    [0x60, 0, 0, 0] + word(UInt16(payload.count)) + [number, hops] + from + to + payload
  }

  static func echo(_ type: UInt8 = 8, _ data: [UInt8]) -> [UInt8] {
    checked([type, 0, 0, 0, 0x12, 0x34, 0, 1] + data, at: 2, [])
  }

  static func icmpV6(_ type: UInt8, _ body: [UInt8], from: [UInt8], to: [UInt8]) -> [UInt8] {
    checked([type, 0, 0, 0] + body, at: 2, pseudoHeader(from, to, 58, 4 + body.count))
  }

  /// - Parameter length: of the whole datagram, where this is its first fragment alone.
  static func udp(
    from: [UInt8], to: [UInt8], ports: (UInt16, UInt16) = (49_152, 9), length: Int? = nil, _ data: [UInt8]
  ) -> [UInt8] {
    let length = length ?? 8 + data.count
    let header = word(ports.0) + word(ports.1) + word(UInt16(length)) + [0, 0]
    var datagram = checked(header + data, at: 6, pseudoHeader(from, to, 17, length))
    if datagram[6...7] == [0, 0] { datagram.replaceSubrange(6..<8, with: [0xff, 0xff]) }
    return datagram
  }

  static func tcp(from: [UInt8], to: [UInt8], ports: (UInt16, UInt16) = (40_000, 80), _ data: [UInt8]) -> [UInt8] {
    let header: [UInt8] = word(ports.0) + word(ports.1) + [1, 2, 3, 4, 5, 6, 7, 8, 0x50, 0x10, 0x20, 0, 0, 0, 0, 0]
    return checked(header + data, at: 16, pseudoHeader(from, to, 6, header.count + data.count))
  }

  static func pseudoHeader(_ from: [UInt8], _ to: [UInt8], _ number: UInt8, _ length: Int) -> [UInt8] {
    from + to + word(UInt16(length >> 16)) + word(UInt16(length & 0xffff)) + [0, number]
  }

  static func word(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xff)] }

  static func checksum(_ bytes: [UInt8]) -> UInt16 {
    var sum = 0
    for (index, byte) in bytes.enumerated() { sum += index % 2 == 0 ? Int(byte) << 8 : Int(byte) }
    while sum > 0xffff { sum = (sum & 0xffff) + (sum >> 16) }
    return ~UInt16(sum)
  }

  /// With the checksum over these and a pseudo-header put in, where zeros are.
  private static func checked(_ bytes: [UInt8], at offset: Int, _ pseudoHeader: [UInt8]) -> [UInt8] {
    var bytes = bytes
    // An odd one would change the places of what comes behind it.
    let sum = checksum(bytes + (bytes.count % 2 == 0 ? [] : [0]) + pseudoHeader)
    bytes.replaceSubrange(offset..<offset + 2, with: word(sum))
    return bytes
  }
}

/// What becomes of a copy of a frame in memory of its own, behind which there is room.
func changed<Result>(_ frame: [UInt8], room: Int = 2048, _ change: (FrameBytes) -> Result) -> (Result, [UInt8]) {
  var memory = frame + [UInt8](repeating: 0xee, count: max(0, room - frame.count))
  let result = memory.withUnsafeMutableBytes { buffer in
    guard let base = buffer.baseAddress else { preconditionFailure("a frame without memory") }
    return change(FrameBytes(base, length: frame.count))
  }
  return (result, memory)
}
