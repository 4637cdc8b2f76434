import Testing

@testable import EngineMessages

@Suite("Addresses in a request")
struct AddressTextTests {
  @Test(
    "An IP address has its bytes, and what is none has nothing",
    arguments: [
      ("198.18.0.1", [198, 18, 0, 1]), ("255.255.255.255", [255, 255, 255, 255]),
      ("2001:2::1", [0x20, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]), ("::", [UInt8](repeating: 0, count: 16)),
      ("256.0.0.1", nil), ("1.2.3", nil), ("", nil), (" 1.2.3.4", nil), ("fe80::1%eth0", nil), (":1", nil),
      ("1.2.3.4\0", nil), ("1.2.3.4\u{301}", nil), ("١.2.3.4", nil),
    ])
  func ip(text: String, expected: [UInt8]?) {
    #expect(addressBytes(text) == expected)
  }

  @Test(
    "A MAC address is six pairs of hexadecimal digits",
    arguments: [
      ("02:00:00:aB:Cd:01", [2, 0, 0, 0xab, 0xcd, 1]), ("2:0:0:0:0:1", nil), ("02:00:00:00:00", nil),
      ("02:00:00:00:00:01:02", nil), ("02-00-00-00-00-01", nil), ("0g:00:00:00:00:01", nil), ("", nil),
      ("０２:00:00:00:00:01", nil), (":::::", nil), ("+2:00:00:00:00:01", nil),
    ])
  func mac(text: String, expected: [UInt8]?) {
    #expect(macAddressBytes(text) == expected)
  }
}
