import EngineMessages
import Testing

@testable import TrafficEngine

@Suite("Flows of single ports")
struct PortEndpointsTests {
  private static let ports = ["0a", "0b", "0c", "0d"].enumerated().map { index, end in
    PortDescription(port: index, name: "p\(index)", driver: "d", mac: "02:00:00:00:00:\(end)", numaNode: nil)
  }

  private func endpoints(_ single: [String: FlowEndpoints]) throws -> PortEndpoints {
    try PortEndpoints(
      of: EngineRequest(
        mode: .tx, endpoints: FlowEndpoints(destinationMAC: "common", sourcePort: 7), portEndpoints: single),
      for: Self.ports)
  }

  private func flow(_ source: String?, to destination: String?) -> FlowEndpoints {
    FlowEndpoints(sourceAddress: source, destinationAddress: destination)
  }

  @Test("a port's own addresses are found by its MAC address, and filled up with those of all")
  func merged() throws {
    let found = try endpoints(["02:00:00:00:00:0B": FlowEndpoints(sourceAddress: "10.0.0.2", sourcePort: 8)])
    #expect(
      found[Self.ports[1]] == FlowEndpoints(destinationMAC: "common", sourceAddress: "10.0.0.2", sourcePort: 8))
    #expect(found[Self.ports[0]] == FlowEndpoints(destinationMAC: "common", sourcePort: 7))
  }

  @Test(
    "a key that is no MAC address, comes twice or is no port's is refused",
    arguments: [
      (["eth1"], "'eth1' is not a MAC address: write it as 02:00:00:00:00:01"),
      (["02:00:00:00:00:0a", "02:00:00:00:00:0A"], "MAC address '02:00:00:00:00:0a' has flows of its own twice"),
      (
        ["02:00:00:00:00:0e"],
        "no port has MAC address '02:00:00:00:00:0e', to send flows of its own: there are 'p0' 02:"
      ),
    ])
  func refused(keys: [String], message: String) throws {
    #expect {
      try endpoints(Dictionary(uniqueKeysWithValues: keys.map { ($0, FlowEndpoints()) }))
    } throws: { error in
      (error as? EngineFailure)?.message.hasPrefix(message) == true
    }
  }

  @Test("ports that send to each other are neighbours, whatever their numbers, the others come behind")
  func pairs() throws {
    func order(_ single: [String: FlowEndpoints]) throws -> [Int] {
      try endpoints(single).paired(Self.ports).map(\.port)
    }
    #expect(try order([:]) == [0, 1, 2, 3])
    #expect(
      try order(["02:00:00:00:00:0a": flow("1.1.1.1", to: "1.1.1.9"), "02:00:00:00:00:0d": flow("1.1.1.4", to: nil)])
        == [0, 1, 2, 3])
    let across = [
      "02:00:00:00:00:0b": flow("1.1.1.2", to: "1.1.1.4"), "02:00:00:00:00:0d": flow("1.1.1.4", to: "1.1.1.2"),
    ]
    #expect(try order(across) == [1, 3, 0, 2])
    let ring = [
      "02:00:00:00:00:0a": flow("1.1.1.1", to: "1.1.1.3"), "02:00:00:00:00:0b": flow("1.1.1.2", to: "1.1.1.4"),
      "02:00:00:00:00:0c": flow("1.1.1.3", to: "1.1.1.1"), "02:00:00:00:00:0d": flow("1.1.1.4", to: "1.1.1.2"),
    ]
    #expect(try order(ring) == [0, 2, 1, 3])
    #expect(try order(["02:00:00:00:00:0a": flow("1.1.1.1", to: "1.1.1.1")]) == [0, 1, 2, 3])
  }
}
