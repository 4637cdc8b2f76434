import Foundation
import Testing

/// A pcapng file, block by block, in the machine's byte order (draft-ietf-opsawg-pcapng).
struct CaptureBlocks {
  struct Packet {
    let interface: UInt32
    /// Nanoseconds, or whatever the interface says.
    let time: UInt64
    let bytes: [UInt8]
    let originalLength: Int
    /// 1 received, 2 sent; nil without the option.
    let direction: UInt32?
  }

  private(set) var interfaces: [[UInt8]] = []
  private(set) var packets: [Packet] = []

  init(contentsOf path: String) throws {
    let file = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    var offset = 0
    while offset < file.count {
      try #require(offset + 12 <= file.count)
      let (kind, length) = (Self.word(file, offset), Int(Self.word(file, offset + 4)))
      try #require(length >= 12 && length % 4 == 0 && offset + length <= file.count)
      try #require(Int(Self.word(file, offset + length - 4)) == length, "the length stands at both ends")
      let body = Array(file[offset + 8..<offset + length - 4])
      switch kind {
      case 0x0a0d_0d0a:
        try #require(offset == 0 && Self.word(body, 0) == 0x1a2b_3c4d)
      case 1:
        try #require(packets.isEmpty && body[0] == 1 && body[1] == 0, "Ethernet, before any packet")
        interfaces.append(body)
      case 6: packets.append(try Self.packet(body))
      case 5: break
      default: Issue.record("unexpected block of kind \(kind)")
      }
      offset += length
    }
    try #require(offset == file.count && offset > 0)
  }

  private static func packet(_ body: [UInt8]) throws -> Packet {
    let length = Int(word(body, 12))
    try #require(20 + length <= body.count)
    var options = 20 + (length + 3) / 4 * 4
    var direction: UInt32?
    while options + 4 <= body.count {
      let (code, size) = (word(body, options) & 0xffff, Int(word(body, options) >> 16))
      if code == 0 { break }
      if code == 2, size == 4 { direction = word(body, options + 4) & 3 }
      options += 4 + (size + 3) / 4 * 4
    }
    return Packet(
      interface: word(body, 0), time: UInt64(word(body, 4)) << 32 | UInt64(word(body, 8)),
      bytes: Array(body[20..<20 + length]), originalLength: Int(word(body, 16)), direction: direction)
  }

  private static func word(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << (8 * UInt32($1)) }
  }
}
