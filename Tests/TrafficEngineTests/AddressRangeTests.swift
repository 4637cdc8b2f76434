import Testing

@testable import dpdk_host_engine

@Suite("Ranges on the command line")
struct AddressRangeTests {
  @Test(
    "An address, or two with a hyphen, are a first one and a count",
    arguments: [
      ("198.18.0.1", "198.18.0.1", nil), ("198.18.0.1-198.18.0.16", "198.18.0.1", 16),
      ("10.0.0.255-10.0.1.0", "10.0.0.255", 2), ("10.0.0.1-10.0.0.1", "10.0.0.1", 1), ("2001:2::1", "2001:2::1", nil),
      ("2001:2::1-2001:2::10", "2001:2::1", 16), ("2001:2::ffff-2001:2::1:0", "2001:2::ffff", 2),
      ("0.0.0.0-0.0.63.255", "0.0.0.0", 16_384),
    ] as [(String, String, Int?)])
  func addresses(text: String, first: String, count: Int?) throws {
    #expect(try AddressRange(parsing: text) == AddressRange(first: first, count: count))
  }

  @Test(
    "What is no range of addresses is refused with the reason",
    arguments: [
      ("", "'' is not an IP address"), ("198.18.0", "'198.18.0' is not an IP address"),
      ("198.18.0.1-", "'' is not an IP address"), ("-198.18.0.1", "'' is not an IP address"),
      ("198.18.0.1-16", "'16' is not an IP address"), ("198.18.0.1-198.18.0.2-3", "'198.18.0.2-3' is not an IP"),
      ("198.18.0.16-198.18.0.1", "range '198.18.0.16-198.18.0.1' runs backwards"),
      ("198.18.0.1-2001:2::1", "range '198.18.0.1-2001:2::1' mixes IPv4 and IPv6"),
      ("0.0.0.0-0.0.64.0", "range '0.0.0.0-0.0.64.0' is of more than 16384 addresses"),
      ("::-ffff::", "range '::-ffff::' is of more than 16384 addresses"),
    ])
  func noAddresses(text: String, reason: String) {
    #expect {
      try AddressRange(parsing: text)
    } throws: { error in
      "\(error)".hasPrefix(reason)
    }
  }

  @Test(
    "A port, or two with a hyphen, are a first one and a count",
    arguments: [("9", 9, nil), ("9-24", 9, 16), ("0-0", 0, 1), ("65535", 65_535, nil)] as [(String, Int, Int?)])
  func ports(text: String, first: Int, count: Int?) throws {
    #expect(try PortRange(parsing: text) == PortRange(first: first, count: count))
  }

  @Test(
    "What is no range of ports is refused with the reason",
    arguments: [
      ("", "'' is not a UDP port"), ("65536", "'65536' is not"), ("-1", "'' is not"), ("9-", "'' is not"),
      ("9-x", "'x' is not"), ("+9", "'+9' is not"), ("24-9", "range '24-9' runs backwards"),
      ("1-16385", "range '1-16385' is of more than 16384 ports"),
    ])
  func noPorts(text: String, reason: String) {
    #expect {
      try PortRange(parsing: text)
    } throws: { error in
      "\(error)".hasPrefix(reason)
    }
  }
}
