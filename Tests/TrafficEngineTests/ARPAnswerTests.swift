import Testing

@testable import TrafficEngine

/// A port of ours and a neighbour of it.
enum Neighbourhood {
  static let ownMAC: [UInt8] = [2, 0, 0, 0, 0, 1]
  static let peerMAC: [UInt8] = [2, 0, 0, 0, 0, 0xbb]
  static let broadcast: [UInt8] = [UInt8](repeating: 0xff, count: 6)
  static let own: [UInt8] = [10, 0, 0, 1]
  static let peer: [UInt8] = [10, 0, 0, 2]
  static let ownV6: [UInt8] = [0xfd] + [UInt8](repeating: 0, count: 12) + [0x12, 0x34, 0x56]
  static let peerV6: [UInt8] = [0xfd] + [UInt8](repeating: 0, count: 14) + [2]

  static let port = OwnAddress(mac: MACAddress(ownMAC), address: .v4(own))
  static let portV6 = OwnAddress(mac: MACAddress(ownMAC), address: .v6(ownV6))

  /// What a frame is answered with; nil where it is not, which must leave it as it was.
  static func answer(_ frame: [UInt8], by own: OwnAddress, room: Int = 2048) -> [UInt8]? {
    let (length, memory) = changed(frame, room: room) { $0.length > 0 ? own.answer($0, room: room) : nil }
    guard let length else {
      #expect(Array(memory.prefix(frame.count)) == frame, "what is not answered is not changed")
      return nil
    }
    #expect(memory[max(length, frame.count)...].allSatisfy { $0 == 0xee }, "nothing is written behind the answer")
    let (isLookedAt, _) = changed(frame) { own.mayConcern($0) }
    #expect(isLookedAt, "the loop must not pass over what is answered")
    return Array(memory[..<length])
  }
}

@Suite("Answers to ARP requests")
struct ARPAnswerTests {
  private typealias N = Neighbourhood

  private func request(
    to: [UInt8] = N.broadcast, from: [UInt8] = N.peerMAC, sender: [UInt8] = N.peer, target: [UInt8] = N.own,
    operation: UInt16 = 1, tags: [UInt16] = []
  ) -> [UInt8] {
    let arp = Built.arp(operation, from: from, sender, target)
    return Built.ethernet(to: to, from: from, tags: tags, type: 0x0806, arp + [UInt8](repeating: 0, count: 18))
  }

  private func reply(to sender: [UInt8], tags: [UInt16] = []) -> [UInt8] {
    let arp = Built.arp(2, from: N.ownMAC, N.own, to: N.peerMAC, sender)
    return Built.ethernet(
      to: N.peerMAC, from: N.ownMAC, tags: tags, type: 0x0806, arp + [UInt8](repeating: 0, count: 18))
  }

  @Test("a request, to all or to this port alone, becomes the reply to who asks", arguments: [N.broadcast, N.ownMAC])
  func answered(destination: [UInt8]) {
    #expect(N.answer(request(to: destination), by: N.port) == reply(to: N.peer))
  }

  @Test("a probe in nobody's name is answered too")
  func probe() {
    #expect(N.answer(request(sender: [0, 0, 0, 0]), by: N.port) == reply(to: [0, 0, 0, 0]))
  }

  @Test("a request in a VLAN is answered in it", arguments: [[0x8100], [0x88a8, 0x8100]] as [[UInt16]])
  func tagged(tags: [UInt16]) {
    #expect(N.answer(request(tags: tags), by: N.port) == reply(to: N.peer, tags: tags))
  }

  @Test("the reply goes to the MAC address in the request, whoever handed that on")
  func relayed() {
    var frame = request()
    frame.replaceSubrange(6..<12, with: [2, 0, 0, 0, 0, 0xcc])
    #expect(N.answer(frame, by: N.port) == reply(to: N.peer))
  }

  @Test("other addresses, other ports, replies and a second owner of the address are not answered")
  func passedOver() {
    #expect(N.answer(request(target: [10, 0, 0, 3]), by: N.port) == nil)
    #expect(N.answer(request(to: N.peerMAC), by: N.port) == nil)
    #expect(N.answer(request(operation: 2), by: N.port) == nil)
    #expect(N.answer(request(sender: N.own), by: N.port) == nil)
    #expect(N.answer(request(from: N.broadcast), by: N.port) == nil)
    #expect(N.answer(request(from: [0, 0, 0, 0, 0, 0]), by: N.port) == nil)
    #expect(N.answer(request(), by: N.portV6) == nil)
  }

  @Test("a request of other hardware, protocol or lengths is none", arguments: 14..<20)
  func otherKind(offset: Int) {
    var frame = request()
    frame[offset] ^= 0x10
    #expect(N.answer(frame, by: N.port) == nil)
  }

  @Test("a frame that ends too early is not answered, wherever it ends", arguments: 0..<42)
  func truncated(length: Int) {
    #expect(N.answer(Array(request().prefix(length)), by: N.port) == nil)
    #expect(N.answer(Array(request(tags: [0x8100]).prefix(length + 4)), by: N.port) == nil)
  }

  @Test("a request without padding is answered without")
  func unpadded() {
    #expect(N.answer(Array(request().prefix(42)), by: N.port) == Array(reply(to: N.peer).prefix(42)))
  }
}
