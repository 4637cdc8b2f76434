import Testing

@testable import TrafficEngine

@Suite("Routing IPv4")
struct IPv4RewriteTests {
  /// A packet before and after the route, its checksums made anew.
  private func both(
    _ number: UInt8, hops: UInt8 = 64, options: [UInt8] = [], fragment: UInt16 = 0x4000,
    _ payload: (_ from: [UInt8], _ to: [UInt8]) -> [UInt8]
  ) -> (came: [UInt8], leaves: [UInt8]) {
    func packet(_ from: [UInt8], _ to: [UInt8], _ hops: UInt8) -> [UInt8] {
      Built.ipv4(from: from, to: to, number, hops: hops, options: options, fragment: fragment, payload(from, to))
    }
    return (packet(Path.sender, Path.us, hops), packet(Path.leaving, Path.receiver, hops - 1))
  }

  private func expectRouted(_ packets: (came: [UInt8], leaves: [UInt8]), tags: [UInt16] = []) {
    #expect(
      Path.rewritten(Path.came(0x0800, tags: tags, packets.came), by: Path.route)
        == Path.leaves(0x0800, tags: tags, packets.leaves))
  }

  @Test("UDP, TCP and ICMP arrive with the checksums that their new addresses ask for", arguments: [0, 1, 22, 1400])
  func protocols(size: Int) {
    let data = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    expectRouted(both(17) { Built.udp(from: $0, to: $1, data) })
    expectRouted(both(6) { Built.tcp(from: $0, to: $1, data) })
    expectRouted(both(1) { _, _ in Built.echo(8, data) })
    expectRouted(both(47) { _, _ in data })
  }

  @Test("options, VLAN tags, and every number of hops")
  func headers() {
    let options: [UInt8] = [1, 1, 1, 1, 1, 1, 1, 0]
    expectRouted(both(17, options: options) { Built.udp(from: $0, to: $1, [1, 2, 3]) })
    expectRouted(both(17) { Built.udp(from: $0, to: $1, [1, 2, 3]) }, tags: [0x8100])
    expectRouted(both(17) { Built.udp(from: $0, to: $1, [1, 2, 3]) }, tags: [0x88a8, 0x8100])
    for hops in UInt8(2)...255 { expectRouted(both(17, hops: hops) { Built.udp(from: $0, to: $1, [hops]) }) }
  }

  @Test("a UDP checksum of zero stays zero, and one that becomes zero is written as 0xffff")
  func zeroChecksum() throws {
    var none = both(17) { Built.udp(from: $0, to: $1, [5, 6]) }
    none.came.replaceSubrange(26..<28, with: [0, 0])
    none.leaves.replaceSubrange(26..<28, with: [0, 0])
    expectRouted(none)
    var found = 0
    for value in UInt16.min...UInt16.max {
      let datagram = Built.udp(from: Path.leaving, to: Path.receiver, [UInt8(value >> 8), UInt8(value & 0xff)])
      guard datagram[6...7] == [0xff, 0xff] else { continue }
      found += 1
      expectRouted(both(17) { Built.udp(from: $0, to: $1, [UInt8(value >> 8), UInt8(value & 0xff)]) })
    }
    #expect(found > 0)
  }

  @Test("thousands of addresses and data: the checksums are those made anew")
  func random() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<2_000 {
      let bytes = (0..<18).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let (from, to) = (Array(bytes[0..<4]), Array(bytes[4..<8]))
      let route = IPv4Rewrite(ethernet: Path.ethernet, source: Array(bytes[8..<12]), destination: Array(bytes[12..<16]))
      let data = Array(bytes[16...])
      let came = Built.ipv4(from: from, to: to, 17, hops: 9, Built.udp(from: from, to: to, data))
      let (newFrom, newTo) = (Array(bytes[8..<12]), Array(bytes[12..<16]))
      let leaves = Built.ipv4(
        from: newFrom, to: newTo, 17, hops: 8, Built.udp(from: newFrom, to: newTo, data))
      #expect(Path.rewritten(Path.came(0x0800, came), by: route) == Path.leaves(0x0800, leaves), "\(bytes)")
    }
  }

  @Test("of fragments the first alone carries a checksum; the others' data is left alone")
  func fragments() {
    let data = [UInt8](repeating: 0x42, count: 24)
    // The checksum is that of the whole datagram, of which this is a part.
    var first = both(17, fragment: 0x2000) { Built.udp(from: $0, to: $1, length: 1_000, data) }
    expectRouted(first)
    first = both(17, fragment: 0x2001) { _, _ in data }
    expectRouted(first)
    expectRouted(both(6, fragment: 0x0040) { _, _ in data })
  }

  @Test("a wrong checksum stays wrong")
  func wrong() throws {
    var packets = both(17) { Built.udp(from: $0, to: $1, [1, 2]) }
    packets.came[10] ^= 0x01
    packets.came[26] ^= 0x01
    let frame = try #require(Path.rewritten(Path.came(0x0800, packets.came), by: Path.route))
    let packet = Array(frame[14...])
    #expect(Built.checksum(Array(packet[..<20])) != 0)
    #expect(
      Built.checksum(Array(packet[20...]) + Built.pseudoHeader(Path.leaving, Path.receiver, 17, packet.count - 20)) != 0
    )
  }

  @Test("what has no hop left does not go on", arguments: [0, 1] as [UInt8])
  func expired(hops: UInt8) {
    let packet = Built.ipv4(
      from: Path.sender, to: Path.us, 17, hops: hops, Built.udp(from: Path.sender, to: Path.us, []))
    #expect(Path.rewritten(Path.came(0x0800, packet), by: Path.route) == nil)
  }

  @Test("what is not IPv4, or ends before its header does, does not go on")
  func refused() {
    let whole = both(17) { Built.udp(from: $0, to: $1, []) }.came
    #expect(Path.rewritten(Path.came(0x0806, whole), by: Path.route) == nil)
    #expect(Path.rewritten(Path.came(0x86dd, whole), by: Path.route) == nil)
    for length in 0..<34 {
      #expect(Path.rewritten(Array(Path.came(0x0800, whole).prefix(length)), by: Path.route) == nil)
      #expect(Path.rewritten(Array(Path.came(0x0800, tags: [0x8100], whole).prefix(length)), by: Path.route) == nil)
    }
    for first: UInt8 in [0x44, 0x55, 0x65, 0x4f] {
      #expect(Path.rewritten(Path.came(0x0800, [first] + whole.dropFirst()), by: Path.route) == nil)
    }
  }

  @Test("a datagram cut off before its checksum goes on, and nothing is written behind it", arguments: 34..<42)
  func cutOff(length: Int) {
    let packets = both(17) { Built.udp(from: $0, to: $1, []) }
    var leaves = Array(Path.leaves(0x0800, packets.leaves).prefix(length))
    if length == 41 {
      // Half of the checksum is there: it is as it came.
      leaves[40] = packets.came[26]
    }
    #expect(Path.rewritten(Array(Path.came(0x0800, packets.came).prefix(length)), by: Path.route) == leaves)
  }
}
