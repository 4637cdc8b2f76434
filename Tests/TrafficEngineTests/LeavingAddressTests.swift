import EngineMessages
import Testing

@testable import TrafficEngine

@Suite("Addresses of what leaves by a port")
struct LeavingAddressTests {
  private let port = PortDescription(port: 3, name: "p3", driver: "d", mac: "02:00:00:00:00:0c", numaNode: nil)

  private func addresses(_ source: String?, _ destination: String?, mac: String? = nil) throws -> LeavingAddresses {
    try LeavingAddresses(
      FlowEndpoints(destinationMAC: mac, sourceAddress: source, destinationAddress: destination), of: port, at: 18)
  }

  private func ip(_ text: String) -> IPAddress? { IPAddress(parsing: text) }

  @Test("what is left open is filled in, of the family of what is given")
  func filled() throws {
    let none = try addresses(nil, nil)
    #expect(none.source == ip("198.18.18.1") && none.destination == ip("198.18.18.2"))
    #expect(
      none.ethernet
        == EthernetAddresses(
          destination: MACAddress([2, 0, 0, 0, 0, 0x12]), source: MACAddress([2, 0, 0, 0, 0, 0x0c])))
    let source = try addresses("fd00::1", nil, mac: "02:00:00:00:00:99")
    #expect(source.source == ip("fd00::1") && source.destination == ip("2001:2:0:12::2"))
    #expect(
      source.ethernet
        == EthernetAddresses(
          destination: MACAddress([2, 0, 0, 0, 0, 0x99]), source: MACAddress([2, 0, 0, 0, 0, 0x0c])))
    let destination = try addresses(nil, "fd00::2")
    #expect(destination.source == ip("2001:2:0:12::1") && destination.destination == ip("fd00::2"))
  }

  @Test("the family chooses the treatment, and two families are refused")
  func families() throws {
    guard case .ipv4 = try addresses("10.0.0.1", nil).rewrite(.route),
      case .ipv6 = try addresses("fd00::1", nil).rewrite(.route), case .mac = try addresses(nil, nil).rewrite(.mac)
    else {
      Issue.record("another treatment")
      return
    }
    #expect(try addresses(nil, nil).rewrite(.io) == nil)
    #expect {
      try addresses("10.0.0.1", "fd00::2")
    } throws: {
      ($0 as? EngineFailure)?.message
        == "port 'p3' cannot route from '10.0.0.1' to 'fd00::2': an IPv4 and an IPv6 address"
    }
  }
}
