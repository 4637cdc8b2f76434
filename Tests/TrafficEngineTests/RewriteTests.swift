import Testing

@testable import TrafficEngine

/// Packets from a sender to us, and on from us to a receiver.
enum Path {
  static let sender: [UInt8] = [10, 0, 0, 1]
  static let us: [UInt8] = [10, 0, 0, 2]
  static let leaving: [UInt8] = [192, 168, 7, 1]
  static let receiver: [UInt8] = [192, 168, 7, 200]
  static let senderV6: [UInt8] = [0xfd, 1] + [UInt8](repeating: 0x11, count: 14)
  static let usV6: [UInt8] = [0xfd, 2] + [UInt8](repeating: 0, count: 13) + [2]
  static let leavingV6: [UInt8] = [0xfd, 3] + [UInt8](repeating: 0xee, count: 14)
  static let receiverV6: [UInt8] = [0xfd, 4] + [UInt8](repeating: 0, count: 13) + [9]
  static let oldMACs = (to: [2, 0, 0, 0, 0, 2] as [UInt8], from: [2, 0, 0, 0, 0, 1] as [UInt8])
  static let newMACs = (to: [2, 0xaa, 0xbb, 0xcc, 0xdd, 9] as [UInt8], from: [2, 1, 2, 3, 4, 5] as [UInt8])
  static let ethernet = EthernetAddresses(destination: MACAddress(newMACs.to), source: MACAddress(newMACs.from))
  static let route = IPv4Rewrite(ethernet: ethernet, source: leaving, destination: receiver)
  static let routeV6 = IPv6Rewrite(ethernet: ethernet, source: leavingV6, destination: receiverV6)

  static func came(_ type: UInt16, tags: [UInt16] = [], _ packet: [UInt8]) -> [UInt8] {
    Built.ethernet(to: oldMACs.to, from: oldMACs.from, tags: tags, type: type, packet)
  }

  static func leaves(_ type: UInt16, tags: [UInt16] = [], _ packet: [UInt8]) -> [UInt8] {
    Built.ethernet(to: newMACs.to, from: newMACs.from, tags: tags, type: type, packet)
  }

  /// What a frame has become; nil where it may not go on, which must leave it as it was.
  static func rewritten(_ frame: [UInt8], by rewrite: some FrameRewrite) -> [UInt8]? {
    let (passes, memory) = changed(frame, room: frame.count + 64) { $0.length > 0 ? rewrite.apply(to: $0) : false }
    #expect(memory[max(12, frame.count)...].allSatisfy { $0 == 0xee }, "nothing is written behind the frame")
    if !passes { #expect(Array(memory.prefix(frame.count)) == frame) }
    return passes ? Array(memory.prefix(frame.count)) : nil
  }
}

@Suite("Forwarding with new MAC addresses")
struct MACRewriteTests {
  @Test("a frame gets the addresses of the port that it leaves by and of that port's peer, and nothing else")
  func addresses() {
    let payload = (0..<50).map { UInt8($0) }
    #expect(
      Path.rewritten(Path.came(0x88cc, tags: [0x8100], payload), by: MACRewrite(ethernet: Path.ethernet))
        == Path.leaves(0x88cc, tags: [0x8100], payload))
  }
}
