import Provisioning
import SystemPackage
import Testing

@testable import LinuxHost

@Suite("A netlink message")
struct NetlinkMessageTests {
  private typealias Bytes = NetlinkBytes

  @Test("comes with others in one datagram, each with its attributes, known or not")
  func several() throws {
    let first = Bytes.link(3, Bytes.attribute(3, Array("eth0\0".utf8)), Bytes.attribute(0x3fff, [1, 2, 3]))
    let second = Bytes.link(4, Bytes.attribute(3, Array("eth1\0".utf8)))
    let messages = try NetlinkMessage.messages(in: first + second)
    #expect(try messages.map { try Link($0)?.name } == ["eth0", "eth1"])
    #expect(try messages.map { try Link($0)?.index } == [3, 4])
  }

  @Test("is refused wherever it is cut")
  func cut() {
    let whole = Bytes.link(
      3, Bytes.attribute(3, Array("eth0\0".utf8)), Bytes.attribute(0x8034, Bytes.attribute(53, Array("other\0".utf8))))
    for length in 1..<whole.count {
      #expect(throws: Errno.badMessage, "cut after \(length)") {
        try NetlinkMessage.messages(in: Array(whole[..<length]))
      }
    }
  }

  @Test("is refused for a length that lies, be it its own or an attribute's", arguments: [0, 1, 3, 15, 200, 0xffff])
  func lyingLengths(length: Int) throws {
    var message = Bytes.link(3, Bytes.attribute(3, Array("eth0\0".utf8)))
    message.replaceSubrange(32..<34, with: Bytes.number(UInt16(length)))
    let read = try NetlinkMessage.messages(in: message)
    #expect(throws: Errno.badMessage) { try Link(read[0]) }
    message = Bytes.link(3)
    message.replaceSubrange(0..<4, with: Bytes.number(UInt32(length)))
    #expect(throws: Errno.badMessage) { try NetlinkMessage.messages(in: message) }
  }

  @Test("is refused for a nested attribute, or a next hop, that leads out of its list")
  func lyingNests() throws {
    let names = Bytes.attribute(52, Bytes.number(UInt16(40)) + Bytes.number(UInt16(53)) + [0x61, 0, 0, 0])
    let link = try NetlinkMessage.messages(in: Bytes.link(3, Bytes.attribute(3, [0x61, 0]), names))
    #expect(throws: Errno.badMessage) { try Link(link[0]) }
    for length in [0, 7, 24] {
      let hop = Bytes.number(UInt16(length)) + [0, 0] + Bytes.number(UInt32(2))
      let route = try NetlinkMessage.messages(in: Bytes.route(Bytes.attribute(9, hop)))
      #expect(throws: Errno.badMessage, "length \(length)") { try DefaultRouteMessage(route[0]) }
    }
  }

  @Test("is refused without room for its fixed part")
  func withoutHeader() throws {
    for type in [16, 20, 24] as [UInt16] {
      let message = try NetlinkMessage.messages(in: Bytes.message(type, [2, 0, 0, 0]))[0]
      #expect(throws: Errno.badMessage) { try Link(message) }
      #expect(throws: Errno.badMessage) { try LinkAddress(message) }
      #expect(throws: Errno.badMessage) { try DefaultRouteMessage(message) }
    }
  }

  @Test("never makes a parser stumble, whatever its bytes are")
  func anyBytes() {
    var random = SystemRandomNumberGenerator()
    let seeds = [
      Bytes.link(3, Bytes.attribute(3, Array("eth0\0".utf8)), Bytes.attribute(52, Bytes.attribute(53, [0x61, 0]))),
      Bytes.address(3, family: 2, length: 24, Bytes.attribute(1, [10, 0, 0, 4])),
      Bytes.route(Bytes.attribute(9, Bytes.number(UInt16(8)) + [0, 0] + Bytes.number(UInt32(2)))),
    ]
    for round in 0..<3000 {
      var bytes = seeds[round % seeds.count]
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
      }
      for message in (try? NetlinkMessage.messages(in: bytes)) ?? [] {
        _ = try? Link(message)
        _ = try? LinkAddress(message)
        _ = try? DefaultRouteMessage(message)
      }
    }
  }

  @Test("of a link has its other names, its hardware's address and its kind")
  func link() throws {
    let names = Bytes.attribute(53, Array("enP1s1\0".utf8)) + Bytes.attribute(53, Array("enP1p0s2\0".utf8))
    let bytes = Bytes.link(
      5, Bytes.attribute(3, Array("eth8\0".utf8)), Bytes.attribute(0x8034, names),
      Bytes.attribute(54, [0x7c, 0xed, 0x8d, 0x05, 0xe1, 0x28]),
      Bytes.attribute(18, Bytes.attribute(1, Array("veth\0".utf8))))
    let link = try #require(try Link(NetlinkMessage.messages(in: bytes)[0]))
    #expect(link.alternativeNames == ["enP1s1", "enP1p0s2"])
    #expect(link.permanentMAC == "7c:ed:8d:05:e1:28")
    #expect(link.kind == "veth")
    #expect(try Link(NetlinkMessage.messages(in: Bytes.link(5))[0]) == nil)
  }

  @Test("of an address has this end of a point-to-point link, and IPv6 in its shortest form")
  func address() throws {
    let ends = Bytes.address(
      4, family: 2, length: 32, Bytes.attribute(1, [10, 9, 9, 9]), Bytes.attribute(2, [10, 0, 0, 4]))
    let six = Bytes.address(
      4, family: 10, length: 64, Bytes.attribute(1, [0xfe, 0x80] + [UInt8](repeating: 0, count: 13) + [1]))
    let other = Bytes.address(4, family: 10, length: 64, Bytes.attribute(1, [1, 2, 3]))
    let read = try NetlinkMessage.messages(in: ends + six + other).map { try LinkAddress($0)?.text }
    #expect(read == ["10.0.0.4/32", "fe80::1/64", nil])
  }
}

@Suite("An answer of rtnetlink")
struct NetlinkAnswerTests {
  private typealias Bytes = NetlinkBytes

  private static func part(_ index: Int32, flags: UInt16 = 2, sequence: UInt32 = 7) -> [UInt8] {
    var bytes = Bytes.link(index, Bytes.attribute(3, [0x61, 0]))
    bytes.replaceSubrange(6..<8, with: Bytes.number(flags))
    bytes.replaceSubrange(8..<12, with: Bytes.number(sequence))
    return bytes
  }

  @Test("in several datagrams is complete with the end mark, and not before")
  func parts() throws {
    var answer = NetlinkAnswer(sequence: 7)
    try answer.take(Self.part(1) + Self.part(2))
    #expect(!answer.isComplete)
    try answer.take(Bytes.message(1, []) + Self.part(3))
    #expect(!answer.isComplete)
    try answer.take(Bytes.done() + Self.part(4))
    #expect(answer.isComplete)
    #expect(answer.messages.count == 3)
    #expect(!answer.isInterrupted)
  }

  @Test("in one message is complete at once")
  func single() throws {
    var answer = NetlinkAnswer(sequence: 7)
    try answer.take(Self.part(1, flags: 0))
    #expect(answer.isComplete)
  }

  @Test("is known to be interrupted by any of its messages, the end mark too")
  func interrupted() throws {
    var answer = NetlinkAnswer(sequence: 7)
    try answer.take(Self.part(1, flags: 0x12) + Bytes.done())
    #expect(answer.isInterrupted)
    answer = NetlinkAnswer(sequence: 7)
    try answer.take(Self.part(1) + Bytes.done(flags: 0x12))
    #expect(answer.isInterrupted)
  }

  @Test("leaves out what answers an earlier question")
  func stale() throws {
    var answer = NetlinkAnswer(sequence: 7)
    try answer.take(Self.part(1, sequence: 6) + Bytes.done(sequence: 6) + Self.part(2))
    #expect(!answer.isComplete)
    #expect(answer.messages.count == 1)
  }

  @Test("throws the kernel's error, be it in an error or in the end mark, and takes code 0 for an acknowledgement")
  func errors() throws {
    var answer = NetlinkAnswer(sequence: 7)
    #expect(throws: Errno.networkUnreachable) { try answer.take(Bytes.message(2, Bytes.number(Int32(-101)))) }
    #expect(throws: Errno.permissionDenied) { try answer.take(Bytes.done(-13)) }
    #expect(throws: Errno.noBufferSpace) { try answer.take(Bytes.message(4, [])) }
    #expect(throws: Errno.badMessage) { try answer.take(Bytes.message(2, [1])) }
    #expect(!answer.isComplete)
    try answer.take(Bytes.message(2, Bytes.number(Int32(0))))
    #expect(answer.isComplete)
  }
}

extension NetlinkAnswerTests {
  private static func answer(interrupted: Bool, _ index: Int32) throws(Errno) -> NetlinkAnswer {
    var answer = NetlinkAnswer(sequence: 7)
    try answer.take(part(index, flags: interrupted ? 0x12 : 2) + Bytes.done())
    return answer
  }

  @Test("that was disturbed is asked for again, a bounded number of times")
  func again() throws {
    var attempts: Int32 = 0
    let messages = try NetlinkAnswer.whole { () throws(Errno) in
      attempts += 1
      if attempts == 1 { throw .noBufferSpace }
      return try Self.answer(interrupted: attempts < 4, attempts)
    }
    #expect(try messages.map { try Link($0)?.index } == [4])
    attempts = 0
    #expect(throws: Errno.resourceTemporarilyUnavailable) {
      try NetlinkAnswer.whole { () throws(Errno) in
        attempts += 1
        return try Self.answer(interrupted: true, 1)
      }
    }
    #expect(attempts == 8)
    attempts = 0
    #expect(throws: Errno.timedOut) {
      try NetlinkAnswer.whole { () throws(Errno) in
        attempts += 1
        throw .timedOut
      }
    }
    #expect(attempts == 1)
  }
}

@Suite("A route of rtnetlink")
struct RouteMessageTests {
  private typealias Bytes = NetlinkBytes

  private static func read(_ bytes: [UInt8]) throws -> DefaultRouteMessage? {
    try DefaultRouteMessage(NetlinkMessage.messages(in: bytes)[0])
  }

  private static let out = Bytes.attribute(4, UInt32(2))

  @Test("by default has interface, metric and gateway, of its own family or the other")
  func plain() throws {
    let route = try #require(
      try Self.read(Bytes.route(Self.out, Bytes.attribute(6, UInt32(100)), Bytes.attribute(5, [10, 0, 0, 1]))))
    #expect(route.family == .ipv4)
    #expect(route.metric == 100)
    #expect(route.nextHops == [.init(index: 2, gateway: "10.0.0.1")])
    let via = Bytes.number(UInt16(10)) + [0xfe, 0x80] + [UInt8](repeating: 0, count: 13) + [1]
    #expect(try Self.read(Bytes.route(Self.out, Bytes.attribute(18, via)))?.nextHops.first?.gateway == "fe80::1")
    #expect(try Self.read(Bytes.route(family: 10, Self.out))?.family == .ipv6)
    #expect(try Self.read(Bytes.route(Self.out))?.nextHops == [.init(index: 2, gateway: nil)])
  }

  @Test("by default has every next hop of a multipath route")
  func multipath() throws {
    let gateway = Bytes.attribute(5, [10, 0, 0, 1])
    let hops =
      Bytes.number(UInt16(8 + gateway.count)) + [0, 0] + Bytes.number(UInt32(2)) + gateway
      + Bytes.number(UInt16(8)) + [0, 0] + Bytes.number(UInt32(3))
    let route = try #require(try Self.read(Bytes.route(Bytes.attribute(9, hops))))
    #expect(route.nextHops == [.init(index: 2, gateway: "10.0.0.1"), .init(index: 3, gateway: nil)])
  }

  @Test("of another table, to a net, of another type, cached, or of another family is none")
  func others() throws {
    #expect(try Self.read(Bytes.route(table: 100, Self.out)) == nil)
    #expect(try Self.read(Bytes.route(table: 252, Self.out, Bytes.attribute(15, UInt32(1000)))) == nil)
    // Table 1278 is 254 in the byte of the header.
    #expect(try Self.read(Bytes.route(table: 254, Self.out, Bytes.attribute(15, UInt32(1278)))) == nil)
    #expect(try Self.read(Bytes.route(table: 0, Self.out, Bytes.attribute(15, UInt32(254)))) != nil)
    #expect(try Self.read(Bytes.route(destinationLength: 1, Self.out)) == nil)
    for type in [2, 3, 6, 7, 8, 9] as [UInt8] { #expect(try Self.read(Bytes.route(type: type, Self.out)) == nil) }
    #expect(try Self.read(Bytes.route(flags: 0x200, Self.out)) == nil)
    #expect(try Self.read(Bytes.route(family: 28, Self.out)) == nil)
    #expect(try Self.read(Bytes.route()) == nil)
  }

  @Test("by a next-hop object alone is kept without next hops, to be told of")
  func object() throws {
    #expect(try Self.read(Bytes.route(Bytes.attribute(30, UInt32(5))))?.nextHops == [])
    #expect(try Self.read(Bytes.route(Bytes.attribute(30, UInt32(5)), Self.out))?.nextHops.count == 1)
  }

  @Test("to one address gives its link, unless it drops what it gets")
  func answer() throws {
    func link(_ bytes: [UInt8]) throws -> Int? {
      try NetlinkSocket.link(inAnswer: NetlinkMessage.messages(in: bytes)[0])
    }
    #expect(try link(Bytes.route(destinationLength: 32, Self.out)) == 2)
    #expect(try link(Bytes.route(destinationLength: 32, type: 2, Self.out)) == 2)
    for type in [6, 7, 8, 9] as [UInt8] {
      #expect(try link(Bytes.route(destinationLength: 128, type: type, Self.out)) == nil)
    }
    #expect(try link(Bytes.route(destinationLength: 32)) == nil)
    #expect(try link(Bytes.link(3)) == nil)
    #expect(throws: Errno.badMessage) { try link(Bytes.message(24, [2])) }
  }
}
