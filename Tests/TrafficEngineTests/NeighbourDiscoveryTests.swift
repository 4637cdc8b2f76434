import Testing

@testable import TrafficEngine

@Suite("Answers to neighbour solicitations")
struct NeighbourDiscoveryTests {
  private typealias N = Neighbourhood

  /// ff02::1:ff12:3456
  private static let solicited: [UInt8] = [0xff, 2] + [UInt8](repeating: 0, count: 9) + [1, 0xff, 0x12, 0x34, 0x56]
  private static let solicitedMAC: [UInt8] = [0x33, 0x33, 0xff, 0x12, 0x34, 0x56]
  private static let nobody = [UInt8](repeating: 0, count: 16)
  private static let allNodes: [UInt8] = [0xff, 2] + [UInt8](repeating: 0, count: 13) + [1]

  private func solicitation(
    mac: [UInt8] = solicitedMAC, from: [UInt8] = N.peerV6, to: [UInt8] = solicited, target: [UInt8] = N.ownV6,
    options: [UInt8] = [1, 1] + N.peerMAC, hops: UInt8 = 255, type: UInt8 = 135, tags: [UInt16] = []
  ) -> [UInt8] {
    let message = Built.icmpV6(type, [0, 0, 0, 0] + target + options, from: from, to: to)
    return Built.ethernet(
      to: mac, from: N.peerMAC, tags: tags, type: 0x86dd, Built.ipv6(from: from, to: to, 58, hops: hops, message))
  }

  private func advertisement(
    mac: [UInt8] = N.peerMAC, to: [UInt8] = N.peerV6, flags: UInt8 = 0x60, tags: [UInt16] = []
  ) -> [UInt8] {
    let message = Built.icmpV6(136, [flags, 0, 0, 0] + N.ownV6 + [2, 1] + N.ownMAC, from: N.ownV6, to: to)
    return Built.ethernet(
      to: mac, from: N.ownMAC, tags: tags, type: 0x86dd, Built.ipv6(from: N.ownV6, to: to, 58, hops: 255, message))
  }

  @Test("one to the solicited-node multicast address, or to this address itself, becomes the advertisement")
  func answered() {
    #expect(N.answer(solicitation(), by: N.portV6) == advertisement())
    #expect(N.answer(solicitation(mac: N.ownMAC), by: N.portV6) == advertisement())
    #expect(N.answer(solicitation(mac: N.ownMAC, to: N.ownV6), by: N.portV6) == advertisement())
    #expect(N.answer(solicitation(tags: [0x8100]), by: N.portV6) == advertisement(tags: [0x8100]))
  }

  @Test("one without an option is answered with one, where there is room for it")
  func grown() {
    let bare = solicitation(options: [])
    #expect(N.answer(bare, by: N.portV6) == advertisement())
    #expect(N.answer(bare, by: N.portV6, room: 86) == advertisement())
    #expect(N.answer(bare, by: N.portV6, room: 85) == nil)
  }

  @Test("the answer goes to the MAC address in the option, behind others too")
  func option() {
    let mac: [UInt8] = [2, 0, 0, 0, 0, 0xcc]
    let options: [UInt8] = [14, 2] + [UInt8](repeating: 0, count: 14) + [1, 1] + mac
    #expect(N.answer(solicitation(options: options), by: N.portV6) == advertisement(mac: mac))
    #expect(N.answer(solicitation(options: [1, 1, 0x33, 0, 0, 0, 0, 1]), by: N.portV6) == nil)
  }

  @Test("who looks for a duplicate of its address is told so, and all others")
  func duplicate() {
    let probe = solicitation(from: Self.nobody, options: [])
    #expect(
      N.answer(probe, by: N.portV6) == advertisement(mac: [0x33, 0x33, 0, 0, 0, 1], to: Self.allNodes, flags: 0x20))
    #expect(N.answer(solicitation(from: Self.nobody), by: N.portV6) == nil, "with an option it is not valid")
    #expect(N.answer(solicitation(mac: N.ownMAC, from: Self.nobody, to: N.ownV6, options: []), by: N.portV6) == nil)
  }

  @Test("what passed a router, asks for others, or is not valid is not answered")
  func refused() {
    #expect(N.answer(solicitation(hops: 254), by: N.portV6) == nil)
    #expect(N.answer(solicitation(target: N.peerV6), by: N.portV6) == nil)
    #expect(N.answer(solicitation(mac: N.peerMAC), by: N.portV6) == nil)
    #expect(N.answer(solicitation(to: Self.allNodes), by: N.portV6) == nil)
    #expect(N.answer(solicitation(mac: N.ownMAC, to: N.peerV6), by: N.portV6) == nil)
    #expect(N.answer(solicitation(from: N.ownV6), by: N.portV6) == nil)
    #expect(N.answer(solicitation(type: 136), by: N.portV6) == nil)
    #expect(N.answer(solicitation(options: [1, 0, 0, 0, 0, 0, 0, 0]), by: N.portV6) == nil, "an option of no length")
    #expect(N.answer(solicitation(options: [1, 2, 0, 0, 0, 0, 0, 0]), by: N.portV6) == nil, "an option too long")
    #expect(N.answer(solicitation(options: [1]), by: N.portV6) == nil, "half an option")
    #expect(N.answer(solicitation(), by: N.port) == nil)
    // Its multicast address is the same as ours.
    let other: [UInt8] = [0xfe] + N.ownV6.dropFirst()
    #expect(N.answer(solicitation(target: other), by: N.portV6) == nil)
  }

  @Test("one flipped bit in length, hop limit, addresses or message, and it is not answered", arguments: 4..<72)
  func damaged(offset: Int) {
    var damaged = solicitation()
    damaged[14 + offset] ^= 0x04
    #expect(N.answer(damaged, by: N.portV6) == nil)
  }

  @Test("a frame that ends before the message does is not answered, wherever it ends", arguments: 0..<86)
  func truncated(length: Int) {
    #expect(N.answer(Array(solicitation().prefix(length)), by: N.portV6) == nil)
  }
}
