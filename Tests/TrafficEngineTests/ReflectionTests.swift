import Testing

@testable import TrafficEngine

@Suite("Reflection")
struct ReflectionTests {
  private func expectReflected(_ type: UInt16, tags: [UInt16] = [], _ came: [UInt8], _ leaves: [UInt8]) {
    #expect(
      Path.rewritten(Path.came(type, tags: tags, came), by: Reflection())
        == Built.ethernet(to: Path.oldMACs.from, from: Path.oldMACs.to, tags: tags, type: type, leaves))
  }

  @Test("MAC and IP addresses and UDP or TCP ports are swapped, and every checksum is right as it was")
  func swapped() {
    let data: [UInt8] = [1, 2, 3]
    let options: [UInt8] = [1, 1, 1, 1]
    for (from, to) in [(Path.sender, Path.us), (Path.senderV6, Path.usV6)] {
      func packet(_ from: [UInt8], _ to: [UInt8], _ number: UInt8, _ payload: [UInt8]) -> [UInt8] {
        from.count == 4
          ? Built.ipv4(from: from, to: to, number, options: options, payload)
          : Built.ipv6(from: from, to: to, number, payload)
      }
      for tags: [UInt16] in [[], [0x8100], [0x88a8, 0x8100]] {
        let type: UInt16 = from.count == 4 ? 0x0800 : 0x86dd
        expectReflected(
          type, tags: tags, packet(from, to, 17, Built.udp(from: from, to: to, ports: (7, 4_000), data)),
          packet(to, from, 17, Built.udp(from: to, to: from, ports: (4_000, 7), data)))
        expectReflected(
          type, tags: tags, packet(from, to, 6, Built.tcp(from: from, to: to, ports: (7, 4_000), data)),
          packet(to, from, 6, Built.tcp(from: to, to: from, ports: (4_000, 7), data)))
        expectReflected(type, tags: tags, packet(from, to, 47, data), packet(to, from, 47, data))
      }
    }
  }

  @Test("a later fragment has no ports, the first one has")
  func fragments() {
    let data: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
    for fragment: UInt16 in [0x2001, 0x0009] {
      expectReflected(
        0x0800, Built.ipv4(from: Path.sender, to: Path.us, 17, fragment: fragment, data),
        Built.ipv4(from: Path.us, to: Path.sender, 17, fragment: fragment, data))
    }
    expectReflected(
      0x0800, Built.ipv4(from: Path.sender, to: Path.us, 17, fragment: 0x2000, data),
      Built.ipv4(from: Path.us, to: Path.sender, 17, fragment: 0x2000, [3, 4, 1, 2, 5, 6, 7, 8]))
    expectReflected(
      0x86dd, Built.ipv6(from: Path.senderV6, to: Path.usV6, 44, [17, 0, 0, 1, 0, 0, 0, 1] + data),
      Built.ipv6(from: Path.usV6, to: Path.senderV6, 44, [17, 0, 0, 1, 0, 0, 0, 1, 3, 4, 1, 2, 5, 6, 7, 8]))
    expectReflected(
      0x86dd, Built.ipv6(from: Path.senderV6, to: Path.usV6, 44, [17, 0, 0, 9, 0, 0, 0, 1] + data),
      Built.ipv6(from: Path.usV6, to: Path.senderV6, 44, [17, 0, 0, 9, 0, 0, 0, 1] + data))
  }

  @Test("of what is not IP, or not whole, the MAC addresses are swapped")
  func others() {
    let packet = Built.ipv4(from: Path.sender, to: Path.us, 17, [])
    expectReflected(0x88cc, packet, packet)
    expectReflected(0x86dd, packet, packet)
    expectReflected(0x0800, Array(packet.prefix(19)), Array(packet.prefix(19)))
    expectReflected(0x0800, [], [])
    // Three bytes of ports are none.
    expectReflected(
      0x0800, Built.ipv4(from: Path.sender, to: Path.us, 17, [1, 2, 3]),
      Built.ipv4(from: Path.us, to: Path.sender, 17, [1, 2, 3]))
  }

  @Test("a frame without a whole Ethernet header comes back as it is", arguments: 1..<14)
  func short(length: Int) {
    let frame = Array(Path.came(0x0800, []).prefix(length))
    #expect(Path.rewritten(frame, by: Reflection()) == frame)
  }
}
