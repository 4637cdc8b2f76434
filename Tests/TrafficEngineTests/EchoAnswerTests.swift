import Testing

@testable import TrafficEngine

@Suite("Answers to ICMP echo requests")
struct EchoAnswerTests {
  private typealias N = Neighbourhood

  private func frame(_ packet: [UInt8], to: [UInt8] = N.ownMAC, tags: [UInt16] = [], padding: Int = 0) -> [UInt8] {
    Built.ethernet(
      to: to, from: N.peerMAC, tags: tags, type: 0x0800, packet + [UInt8](repeating: 0xaa, count: padding))
  }

  private func request(
    from: [UInt8] = N.peer, to: [UInt8] = N.own, hops: UInt8 = 3, options: [UInt8] = [], fragment: UInt16 = 0x4000,
    data: Int = 56
  ) -> [UInt8] {
    Built.ipv4(
      from: from, to: to, 1, hops: hops, options: options, fragment: fragment, Built.echo(8, payload(data)))
  }

  private func reply(options: [UInt8] = [], data: Int = 56) -> [UInt8] {
    Built.ipv4(from: N.own, to: N.peer, 1, hops: 64, options: options, Built.echo(0, payload(data)))
  }

  private func payload(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) } }

  @Test("a request becomes its reply, whatever its length", arguments: [0, 1, 2, 7, 8, 9, 55, 56, 1472])
  func answered(data: Int) {
    let answer = N.answer(frame(request(data: data)), by: N.port)
    #expect(answer == Built.ethernet(to: N.peerMAC, from: N.ownMAC, type: 0x0800, reply(data: data)))
  }

  @Test("a reply of zeros alone carries the checksum that says so: all ones")
  func zeros() throws {
    let message = Built.ipv4(from: N.peer, to: N.own, 1, [8, 0, 0xf7, 0xff] + [UInt8](repeating: 0, count: 12))
    let answer = try #require(N.answer(frame(message), by: N.port))
    #expect(answer.suffix(16) == [0, 0, 0xff, 0xff] + [UInt8](repeating: 0, count: 12))
  }

  @Test("options, padding and VLAN tags come back as they are")
  func wrapped() {
    let options: [UInt8] = [1, 1, 1, 0]
    let answer = N.answer(frame(request(options: options, data: 5), tags: [0x8100], padding: 3), by: N.port)
    #expect(
      answer
        == Built.ethernet(
          to: N.peerMAC, from: N.ownMAC, tags: [0x8100], type: 0x0800,
          reply(options: options, data: 5) + [0xaa, 0xaa, 0xaa]))
  }

  @Test("what is not for this port and address alone is not answered")
  func others() {
    #expect(N.answer(frame(request(to: [10, 0, 0, 9])), by: N.port) == nil)
    #expect(N.answer(frame(request(to: [255, 255, 255, 255]), to: N.broadcast), by: N.port) == nil)
    #expect(N.answer(frame(request(), to: N.broadcast), by: N.port) == nil)
    #expect(N.answer(frame(request(), to: N.peerMAC), by: N.port) == nil)
    #expect(N.answer(frame(request()), by: N.portV6) == nil)
  }

  @Test(
    "who cannot be answered is not",
    arguments: [[0, 0, 0, 0], [127, 0, 0, 1], [224, 0, 0, 1], [255, 255, 255, 255], N.own])
  func unanswerable(source: [UInt8]) {
    #expect(N.answer(frame(request(from: source)), by: N.port) == nil)
  }

  @Test("fragments are not answered", arguments: [0x2000, 0x0001, 0x2003] as [UInt16])
  func fragments(fragment: UInt16) {
    #expect(N.answer(frame(request(fragment: fragment)), by: N.port) == nil)
  }

  @Test("other messages and protocols are not answered")
  func otherMessages() {
    for type: UInt8 in [0, 3, 13] {
      #expect(N.answer(frame(Built.ipv4(from: N.peer, to: N.own, 1, Built.echo(type, []))), by: N.port) == nil)
    }
    #expect(N.answer(frame(Built.ipv4(from: N.peer, to: N.own, 17, Built.echo(8, []))), by: N.port) == nil)
  }

  @Test("one flipped bit in the packet, and it is not answered", arguments: 0..<84)
  func damaged(offset: Int) {
    var damaged = frame(request())
    damaged[14 + offset] ^= 0x04
    #expect(N.answer(damaged, by: N.port) == nil)
  }

  @Test("a frame that ends before the packet does is not answered, wherever it ends", arguments: 0..<98)
  func truncated(length: Int) {
    #expect(N.answer(Array(frame(request()).prefix(length)), by: N.port) == nil)
  }

  @Test("lengths that do not fit each other are not answered")
  func lengths() {
    for (words, total) in [(4, 84), (5, 27), (5, 19), (6, 31), (15, 84), (5, 85)] {
      var packet = request()
      packet[0] = 0x40 | UInt8(words)
      packet.replaceSubrange(2..<4, with: Built.word(UInt16(total)))
      packet.replaceSubrange(10..<12, with: [0, 0])
      let sum = Built.checksum(Array(packet.prefix(words * 4)))
      packet.replaceSubrange(10..<12, with: Built.word(sum))
      #expect(N.answer(frame(packet), by: N.port) == nil)
    }
  }
}

@Suite("Answers to ICMPv6 echo requests")
struct EchoAnswerV6Tests {
  private typealias N = Neighbourhood

  private func request(
    from: [UInt8] = N.peerV6, to: [UInt8] = N.ownV6, mac: [UInt8] = N.ownMAC, type: UInt8 = 128, data: Int = 56,
    tags: [UInt16] = []
  ) -> [UInt8] {
    let message = Built.icmpV6(type, [9, 9, 0, 1] + [UInt8](repeating: 0x5a, count: data), from: from, to: to)
    return Built.ethernet(
      to: mac, from: N.peerMAC, tags: tags, type: 0x86dd, Built.ipv6(from: from, to: to, 58, hops: 9, message))
  }

  @Test("a request becomes its reply, whatever its length", arguments: [0, 1, 2, 55, 56, 1452])
  func answered(data: Int) {
    let message = Built.icmpV6(
      129, [9, 9, 0, 1] + [UInt8](repeating: 0x5a, count: data), from: N.ownV6, to: N.peerV6)
    let packet = Built.ipv6(from: N.ownV6, to: N.peerV6, 58, hops: 64, message)
    for tags: [UInt16] in [[], [0x8100]] {
      #expect(
        N.answer(request(data: data, tags: tags), by: N.portV6)
          == Built.ethernet(to: N.peerMAC, from: N.ownMAC, tags: tags, type: 0x86dd, packet))
    }
  }

  @Test("what is not for this port and address alone, or from nobody, is not answered")
  func others() {
    #expect(N.answer(request(to: N.peerV6), by: N.portV6) == nil)
    #expect(N.answer(request(mac: N.peerMAC), by: N.portV6) == nil)
    #expect(N.answer(request(mac: [0x33, 0x33, 0, 0, 0, 1]), by: N.portV6) == nil)
    #expect(N.answer(request(from: [UInt8](repeating: 0, count: 16)), by: N.portV6) == nil)
    #expect(N.answer(request(from: [0xff, 2] + [UInt8](repeating: 0, count: 14)), by: N.portV6) == nil)
    #expect(N.answer(request(from: N.ownV6), by: N.portV6) == nil)
    #expect(N.answer(request(type: 129), by: N.portV6) == nil)
    #expect(N.answer(request(), by: N.port) == nil)
  }

  @Test("one flipped bit in length, protocol, addresses or message, and it is not answered", arguments: 4..<104)
  func damaged(offset: Int) {
    // Neither the hop limit nor what lies before the length is covered.
    guard offset != 7 else { return }
    var damaged = request()
    damaged[14 + offset] ^= 0x04
    #expect(N.answer(damaged, by: N.portV6) == nil)
  }

  @Test("a frame that ends before the packet does is not answered, wherever it ends", arguments: 0..<118)
  func truncated(length: Int) {
    #expect(N.answer(Array(request().prefix(length)), by: N.portV6) == nil)
  }
}
