import EngineMessages
import Testing

@testable import TrafficEngine

@Suite("Requests for a neighbour's MAC address")
struct NeighbourRequestTests {
  private typealias N = Neighbourhood

  private let request = NeighbourRequest(
    address: .v4(N.peer), mac: MACAddress(N.ownMAC), source: .v4(N.own), vlan: nil)
  private let requestV6 = NeighbourRequest(
    address: .v6(N.peerV6), mac: MACAddress(N.ownMAC), source: .v6(N.ownV6), vlan: nil)

  private func answer(to request: NeighbourRequest, in frame: [UInt8]) -> [UInt8]? {
    changed(frame) { $0.length > 0 ? request.answer(in: $0)?.bytes : nil }.0
  }

  @Test("an ARP request goes to all, in the port's own name, in 60 bytes")
  func arp() {
    let arp = Built.arp(1, from: N.ownMAC, N.own, N.peer) + [UInt8](repeating: 0, count: 18)
    #expect(request.frame == Built.ethernet(to: N.broadcast, from: N.ownMAC, type: 0x0806, arp))
  }

  @Test("one in nobody's name is a probe, one in a VLAN carries its tag")
  func arpProbe() {
    let probe = NeighbourRequest(address: .v4(N.peer), mac: MACAddress(N.ownMAC), source: .v6(N.ownV6), vlan: 5)
    let arp = Built.arp(1, from: N.ownMAC, [0, 0, 0, 0], N.peer) + [UInt8](repeating: 0, count: 14)
    #expect(
      probe.frame == N.broadcast + N.ownMAC + [0x81, 0, 0, 5, 0x08, 0x06] + arp)
  }

  @Test("a neighbour solicitation goes to the solicited-node multicast address, with the port's MAC address")
  func solicitation() {
    let node: [UInt8] = [0xff, 2] + [UInt8](repeating: 0, count: 9) + [1, 0xff, 0, 0, 2]
    let body: [UInt8] = [0, 0, 0, 0] + N.peerV6 + [1, 1] + N.ownMAC
    let message = Built.icmpV6(135, body, from: N.ownV6, to: node)
    let packet = Built.ipv6(from: N.ownV6, to: node, 58, hops: 255, message)
    #expect(
      requestV6.frame == Built.ethernet(to: [0x33, 0x33, 0xff, 0, 0, 2], from: N.ownMAC, type: 0x86dd, packet))
  }

  @Test("the engine answers its own requests, so that two of them find each other")
  func eachOther() throws {
    let peer = OwnAddress(mac: MACAddress(N.peerMAC), address: .v4(N.peer))
    let peerV6 = OwnAddress(mac: MACAddress(N.peerMAC), address: .v6(N.peerV6))
    for vlan in [nil, 7] {
      for source in [N.own, nil] {
        let asked = NeighbourRequest(
          address: .v4(N.peer), mac: MACAddress(N.ownMAC), source: source.map { .v4($0) }, vlan: vlan)
        let reply = try #require(N.answer(asked.frame, by: peer))
        #expect(answer(to: asked, in: reply) == N.peerMAC)
      }
      for source in [N.ownV6, nil] {
        let asked = NeighbourRequest(
          address: .v6(N.peerV6), mac: MACAddress(N.ownMAC), source: source.map { .v6($0) }, vlan: vlan)
        let reply = try #require(N.answer(asked.frame, by: peerV6))
        #expect(answer(to: asked, in: reply) == N.peerMAC)
      }
    }
  }

  @Test("what the neighbour itself asks tells its MAC address too")
  func learned() {
    let its = NeighbourRequest(address: .v4(N.own), mac: MACAddress(N.peerMAC), source: .v4(N.peer), vlan: nil)
    #expect(answer(to: request, in: its.frame) == N.peerMAC)
    let itsV6 = NeighbourRequest(address: .v6(N.ownV6), mac: MACAddress(N.peerMAC), source: .v6(N.peerV6), vlan: nil)
    #expect(answer(to: requestV6, in: itsV6.frame) == N.peerMAC)
    let probe = NeighbourRequest(address: .v4(N.own), mac: MACAddress(N.peerMAC), source: nil, vlan: nil)
    #expect(answer(to: request, in: probe.frame) == nil)
  }

  @Test("an answer in another VLAN tells nothing; a tag for its priority alone is none")
  func otherVLAN() {
    func reply(_ tag: [UInt8]) -> [UInt8] {
      let arp = Built.arp(2, from: N.peerMAC, N.peer, to: N.ownMAC, N.own)
      return N.ownMAC + N.peerMAC + tag + [0x08, 0x06] + arp
    }
    let tagged = NeighbourRequest(address: .v4(N.peer), mac: MACAddress(N.ownMAC), source: .v4(N.own), vlan: 7)
    #expect(answer(to: tagged, in: reply([0x81, 0, 0xe0, 7])) == N.peerMAC)
    #expect(answer(to: tagged, in: reply([0x81, 0, 0, 8])) == nil)
    #expect(answer(to: tagged, in: reply([])) == nil)
    #expect(answer(to: request, in: reply([0x81, 0, 0xe0, 0])) == N.peerMAC)
    #expect(answer(to: request, in: reply([0x81, 0, 0, 7])) == nil)
  }

  @Test("what others say, or what is no MAC address of one, tells nothing")
  func passedOver() {
    func reply(_ mac: [UInt8], _ address: [UInt8]) -> [UInt8] {
      Built.ethernet(to: N.ownMAC, from: N.peerMAC, type: 0x0806, Built.arp(2, from: mac, address, to: N.ownMAC, N.own))
    }
    #expect(answer(to: request, in: reply(N.peerMAC, N.peer)) == N.peerMAC)
    #expect(answer(to: request, in: reply(N.peerMAC, [10, 0, 0, 3])) == nil)
    #expect(answer(to: request, in: reply(N.broadcast, N.peer)) == nil)
    #expect(answer(to: request, in: reply([0, 0, 0, 0, 0, 0], N.peer)) == nil)
    #expect(answer(to: requestV6, in: reply(N.peerMAC, N.peer)) == nil)
    for length in 0..<42 { #expect(answer(to: request, in: Array(reply(N.peerMAC, N.peer).prefix(length))) == nil) }
  }

  @Test("an advertisement tells what its option says, and without one who sent it; one that passed a router nothing")
  func advertisement() {
    let told: [UInt8] = [2, 0, 0, 0, 0, 0xcc]
    func advertisement(_ options: [UInt8], target: [UInt8] = N.peerV6, hops: UInt8 = 255) -> [UInt8] {
      let message = Built.icmpV6(136, [0x60, 0, 0, 0] + target + options, from: N.peerV6, to: N.ownV6)
      return Built.ethernet(
        to: N.ownMAC, from: N.peerMAC, type: 0x86dd, Built.ipv6(from: N.peerV6, to: N.ownV6, 58, hops: hops, message))
    }
    #expect(answer(to: requestV6, in: advertisement([2, 1] + told)) == told)
    #expect(answer(to: requestV6, in: advertisement([])) == N.peerMAC)
    #expect(answer(to: requestV6, in: advertisement([2, 1] + told, hops: 64)) == nil)
    #expect(answer(to: requestV6, in: advertisement([2, 1] + told, target: N.ownV6)) == nil)
    #expect(answer(to: request, in: advertisement([2, 1] + told)) == nil)
    var damaged = advertisement([2, 1] + told)
    damaged[85] ^= 1
    #expect(answer(to: requestV6, in: damaged) == nil)
  }
}

@Suite("Which neighbours are asked for")
struct NeighbourQuestionTests {
  private static let ports = (0..<3).map {
    PortDescription(port: $0, name: "p\($0)", driver: "d", mac: "02:00:00:00:00:0\($0)", numaNode: nil)
  }

  private func asked(_ request: EngineRequest) throws -> [Int: IPAddress] {
    let questions = try request.neighbourQuestions(of: Self.ports)
    return Dictionary(uniqueKeysWithValues: questions.map { ($0.port, $0.request.address) })
  }

  @Test("in tx, forward with mac and route every port asks for its destination, where no MAC address is given")
  func modes() throws {
    let peer = FlowEndpoints(destinationAddress: "10.0.0.9")
    let all = [0: IPAddress.v4([10, 0, 0, 9]), 1: .v4([10, 0, 0, 9]), 2: .v4([10, 0, 0, 9])]
    #expect(try asked(EngineRequest(mode: .tx, endpoints: peer)) == all)
    #expect(try asked(EngineRequest(mode: .forward, forwarding: .mac, endpoints: peer)) == all)
    #expect(try asked(EngineRequest(mode: .forward, forwarding: .route, endpoints: peer)) == all)
    #expect(try asked(EngineRequest(mode: .forward, endpoints: peer)) == [:])
    #expect(try asked(EngineRequest(mode: .rx, endpoints: peer)) == [:])
    #expect(try asked(EngineRequest(mode: .reflect, endpoints: peer)) == [:])
    #expect(try asked(EngineRequest(mode: .tx)) == [:])
    #expect(
      try asked(
        EngineRequest(
          mode: .tx, endpoints: peer,
          portEndpoints: ["02:00:00:00:00:01": FlowEndpoints(destinationMAC: "02:00:00:00:00:09")]
        )) == [0: .v4([10, 0, 0, 9]), 2: .v4([10, 0, 0, 9])])
  }

  @Test("in loopback a pair of our own asks for nobody, a lone port for its peer, but not for itself")
  func loopback() throws {
    let peer = FlowEndpoints(sourceAddress: "fd00::1", destinationAddress: "fd00::9")
    let address = try #require(IPAddress(parsing: "fd00::9"))
    #expect(try asked(EngineRequest(mode: .loopback, endpoints: peer)) == [2: address])
    #expect(try asked(EngineRequest(mode: .rfc2544, endpoints: peer)) == [2: address])
    let own = FlowEndpoints(sourceAddress: "fd00::1", destinationAddress: "fd00:0::1")
    #expect(try asked(EngineRequest(mode: .loopback, endpoints: own)) == [:])
  }

  @Test("a port asks in its own name, from the MAC address that its packets come from")
  func ownName() throws {
    let endpoints = FlowEndpoints(
      sourceMAC: "02:00:00:00:00:77", sourceAddress: "10.0.0.1", destinationAddress: "10.0.0.9")
    let questions = try EngineRequest(mode: .tx, endpoints: endpoints, vlan: 12).neighbourQuestions(of: Self.ports)
    #expect(
      questions.first?.request
        == NeighbourRequest(
          address: .v4([10, 0, 0, 9]), mac: MACAddress([2, 0, 0, 0, 0, 0x77]), source: .v4([10, 0, 0, 1]), vlan: 12))
  }

  @Test("what is no address is refused in words")
  func refused() {
    #expect {
      try asked(EngineRequest(mode: .tx, endpoints: FlowEndpoints(destinationAddress: "10.0.0")))
    } throws: {
      ($0 as? EngineFailure)?.message == "'10.0.0' is not an IP address: write it as 198.18.0.1 or 2001:2::1"
    }
  }

  @Test("what is found out is told by the port's MAC address, however that was written")
  func resolved() throws {
    let request = EngineRequest(
      mode: .tx, endpoints: FlowEndpoints(destinationAddress: "10.0.0.9"),
      portEndpoints: ["02:00:00:00:00:0A": FlowEndpoints(sourcePort: 7)])
    var ports = Self.ports
    ports[0].mac = "02:00:00:00:00:0a"
    let mac = MACAddress([2, 0, 0, 0, 0, 9])
    let once = try request.resolving(ports[0], of: ports, to: mac)
    #expect(
      once.portEndpoints == [
        "02:00:00:00:00:0a": FlowEndpoints(
          destinationMAC: "02:00:00:00:00:09", destinationAddress: "10.0.0.9", sourcePort: 7)
      ])
    let twice = try once.resolving(ports[1], of: ports, to: mac)
    #expect(twice.portEndpoints.count == 2)
    #expect(try twice.neighbourQuestions(of: ports).map(\.port) == [2])
  }
}
