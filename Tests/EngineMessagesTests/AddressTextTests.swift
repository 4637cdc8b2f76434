import Glibc
import Testing

@testable import EngineMessages

@Suite("Addresses in a request")
struct AddressTextTests {
  /// What `inet_pton` makes of a text.
  private func bytes(_ text: String) -> [UInt8]? {
    var sixteen = [UInt8](repeating: 0, count: 16)
    if inet_pton(AF_INET, text, &sixteen) == 1 { return Array(sixteen[..<4]) }
    return inet_pton(AF_INET6, text, &sixteen) == 1 ? sixteen : nil
  }

  @Test(
    "An address is what inet_pton takes for one, and has its bytes",
    arguments: [
      "198.18.0.1", "0.0.0.0", "255.255.255.255", "256.0.0.1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.", ".1.2.3", "",
      " 1.2.3.4", "1.2.3.4 ", "::", "::1", "1::", "2001:2::1", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8",
      "1:2:3:4:5:6:7:8:9", "1::2::3", ":::", ":1", "1:", "1:2:3:4:5:6:7", "12345::", "g::", "::ffff:198.18.0.1",
      "::198.18.0.1:1", "1:2:3:4:5:6:198.18.0.1", "1:2:3:4:5:6:7:198.18.0.1", "fe80::1%eth0", "::1.2.3", "::١", "１::",
      "2001:DB8::A", "1.2.3.4\u{301}",
    ])
  func known(text: String) {
    #expect(addressBytes(text) == bytes(text))
  }

  @Test("Ten thousand texts of the letters of addresses are taken and refused as inet_pton does")
  func random() {
    var generator = LinearGenerator(state: 2544)
    let pieces = ["::", ":", ".", "0", "1", "25", "255", "256", "f", "ffff", "10000", "1.2.3.4", "00", "g", "2001"]
    for _ in 0..<10_000 {
      let text = (0..<Int.random(in: 1...16, using: &generator))
        .map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
      #expect(addressBytes(text) == bytes(text), "'\(text)'")
    }
  }

  @Test(
    "A MAC address is six pairs of hexadecimal digits",
    arguments: [
      ("02:00:00:00:00:01", true), ("02:00:00:aB:Cd:01", true), ("2:0:0:0:0:1", false), ("02:00:00:00:00", false),
      ("02:00:00:00:00:01:02", false), ("02-00-00-00-00-01", false), ("0g:00:00:00:00:01", false), ("", false),
      ("０２:00:00:00:00:01", false), (":::::", false),
    ])
  func mac(text: String, expected: Bool) {
    #expect(isMACAddress(text) == expected)
  }
}

/// Numbers that a seed repeats (Knuth's MMIX generator, its upper half twice).
private struct LinearGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    func half() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 32
    }
    return half() << 32 | half()
  }
}
