import Testing

@testable import TrafficEngine

@Suite("Routing IPv6")
struct IPv6RewriteTests {
  private func both(
    _ number: UInt8, hops: UInt8 = 64, _ payload: (_ from: [UInt8], _ to: [UInt8]) -> [UInt8]
  ) -> (came: [UInt8], leaves: [UInt8]) {
    func packet(_ from: [UInt8], _ to: [UInt8], _ hops: UInt8) -> [UInt8] {
      Built.ipv6(from: from, to: to, number, hops: hops, payload(from, to))
    }
    return (packet(Path.senderV6, Path.usV6, hops), packet(Path.leavingV6, Path.receiverV6, hops - 1))
  }

  private func expectRouted(_ packets: (came: [UInt8], leaves: [UInt8]), tags: [UInt16] = []) {
    #expect(
      Path.rewritten(Path.came(0x86dd, tags: tags, packets.came), by: Path.routeV6)
        == Path.leaves(0x86dd, tags: tags, packets.leaves))
  }

  @Test("UDP, TCP and ICMPv6 arrive with the checksums that their new addresses ask for", arguments: [0, 1, 22, 1400])
  func protocols(size: Int) {
    let data = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    expectRouted(both(17) { Built.udp(from: $0, to: $1, data) })
    expectRouted(both(17) { Built.udp(from: $0, to: $1, data) }, tags: [0x8100])
    expectRouted(both(6) { Built.tcp(from: $0, to: $1, data) })
    expectRouted(both(58) { Built.icmpV6(128, [0, 1, 0, 2] + data, from: $0, to: $1) })
    expectRouted(both(47) { _, _ in data })
  }

  @Test("the checksum is found behind extension headers")
  func extensions() {
    func udp(_ from: [UInt8], _ to: [UInt8]) -> [UInt8] { Built.udp(from: from, to: to, [1, 2, 3]) }
    let options = [UInt8](repeating: 0, count: 6)
    expectRouted(both(0) { [17, 0] + options + udp($0, $1) })
    expectRouted(
      both(0) {
        [60, 1] + options + [UInt8](repeating: 0, count: 8) + [43, 0] + options + [17, 0] + options + udp($0, $1)
      })
    expectRouted(both(44) { [17, 0, 0, 1, 0, 0, 0, 7] + udp($0, $1) })
    expectRouted(both(51) { [17, 4] + [UInt8](repeating: 9, count: 22) + udp($0, $1) })
  }

  @Test("a later fragment's data is left alone, and what lies behind headers without end too")
  func leftAlone() {
    let data = [UInt8](repeating: 0x42, count: 24)
    expectRouted(both(44) { _, _ in [17, 0, 0, 0x09, 0, 0, 0, 7] + data })
    expectRouted(both(0) { _, _ in [17, 200] + data })
    expectRouted(both(0) { _, _ in [0, 0, 0] })
    expectRouted(both(0) { _, _ in (0..<20).flatMap { _ in [60, 0, 0, 0, 0, 0, 0, 0] } + data })
  }

  @Test("what has no hop left, is not IPv6, or ends before its header does, does not go on")
  func refused() {
    for hops: UInt8 in [0, 1] {
      #expect(
        Path.rewritten(
          Path.came(0x86dd, Built.ipv6(from: Path.senderV6, to: Path.usV6, 59, hops: hops, [])), by: Path.routeV6)
          == nil)
    }
    let whole = both(59) { _, _ in [] }.came
    #expect(Path.rewritten(Path.came(0x0800, whole), by: Path.routeV6) == nil)
    #expect(Path.rewritten(Path.came(0x86dd, [0x45] + whole.dropFirst()), by: Path.routeV6) == nil)
    for length in 0..<54 {
      #expect(Path.rewritten(Array(Path.came(0x86dd, whole).prefix(length)), by: Path.routeV6) == nil)
    }
    expectRouted(both(59) { _, _ in [] })
  }
}
