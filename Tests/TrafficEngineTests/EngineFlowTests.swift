import EngineMessages
import Foundation
import Testing

@testable import TrafficEngine

extension EngineProgram {
  @Suite("Flows between real addresses")
  struct FlowTests {
    private func run(_ request: EngineRequest) throws -> EngineProcess.Ended {
      var request = request
      request.duration = 0.3
      request.memory = .ordinaryPages(mebibytes: 128)
      let text = String(decoding: try JSONEncoder().encode(request), as: UTF8.self)
      return try EngineProcess(["--request", "-"], input: text).finish()
    }

    @Test("ports that are not wanted stay out of the run, and a run without any is refused")
    func used() throws {
      // A net_pcap's MAC address ends in the number of those before it.
      let devices = (0..<3).map { "net_pcap\($0),tx_pcap=/dev/null" }
      func request(_ macs: String...) -> EngineRequest {
        EngineRequest(mode: .tx, virtualDevices: devices, usedPorts: macs, rate: .packetsPerSecond(1000))
      }
      #expect(try run(request("02:70:63:61:70:01")).result().ports.map(\.name) == ["net_pcap1"])
      #expect(try run(request()).result().ports.count == 3)
      let refused = try run(request("02:00:00:00:00:09"))
      let failure = try refused.failure()
      #expect(failure.message.contains("no port has one of the MAC addresses 02:00:00:00:00:09"))
    }

    @Test("every frame of a port carries the addresses of the port's own MAC address, or else those of all")
    func onTheWire() throws {
      let directory = FileManager.default.temporaryDirectory.appendingPathComponent(EngineProcess.newPrefix())
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: directory) }
      let files = (0..<3).map { directory.appendingPathComponent("\($0).pcap") }
      // Out of order, as a net_pcap's MAC address ends in the number of those before it.
      let request = EngineRequest(
        mode: .tx, virtualDevices: [1, 0, 2].map { "net_pcap\($0),tx_pcap=\(files[$0].path)" },
        endpoints: FlowEndpoints(destinationMAC: "12:34:56:78:9a:bc", destinationPort: 4000),
        portEndpoints: [
          "02:70:63:61:70:00": FlowEndpoints(sourceAddress: "10.0.1.4", destinationAddress: "10.0.1.5"),
          "02:70:63:61:70:01": FlowEndpoints(sourceAddress: "10.0.1.5", destinationAddress: "10.0.1.4"),
        ], rate: .packetsPerSecond(1000))
      let ended = try run(request)
      guard case .started(let start) = try ended.events().first else { throw EngineProcess.NoResult(ended: ended) }
      _ = try ended.result()
      let own: [String: [UInt8]] = [
        "02:70:63:61:70:00": [10, 0, 1, 4, 10, 0, 1, 5], "02:70:63:61:70:01": [10, 0, 1, 5, 10, 0, 1, 4],
      ]
      for (index, file) in files.enumerated() {
        let port = try #require(start.ports.first { $0.name == "net_pcap\(index)" })
        let mac = try #require(MACAddress(parsing: port.mac)).bytes
        let sent = try capturedFrames(file)
        #expect(sent.count > 100)
        #expect(Set(sent.map { Array($0[0..<12]) }) == [[0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc] + mac])
        #expect(Set(sent.map { Array($0[26..<34]) }) == [own[port.mac] ?? [198, 18, 2, 1, 198, 18, 2, 2]])
        #expect(Set(sent.map { Array($0[36..<38]) }) == [[0x0f, 0xa0]])
      }
    }

    @Test("ports that send to each other are a loopback's pair, whatever their numbers")
    func pairs() throws {
      let socket = "/tmp/\(EngineProcess.newPrefix()).sock"
      // Interfaces 0 and 2 face each other, and 1 and 3: pairs by number would lose every packet.
      let devices = (0..<4).map { index in
        "net_memif\(index),role=\(index < 2 ? "server" : "client"),id=\(index % 2),mac=02:00:00:00:00:0\(index),"
          + "socket=\(socket)"
      }
      let addresses = ["10.0.0.1", "10.0.9.1", "10.0.0.2", "10.0.9.2"]
      let endpoints = (0..<4).map { index in
        (
          "02:00:00:00:00:0\(index)",
          FlowEndpoints(sourceAddress: addresses[index], destinationAddress: addresses[(index + 2) % 4])
        )
      }
      let result = try run(
        EngineRequest(
          mode: .loopback, virtualDevices: devices, portEndpoints: Dictionary(uniqueKeysWithValues: endpoints))
      ).result()
      #expect(result.ports.map(\.port) == [0, 2, 1, 3])
      let loss = try #require(result.loss)
      #expect(loss.sent > 0 && loss.lost == 0 && loss.foreign == 0)
    }

    @Test("a lone port takes back what it sent to an address that is none of its own, as a reflecting peer returns it")
    func peer() throws {
      let result = try run(
        EngineRequest(
          mode: .loopback, virtualDevices: ["net_ring0"],
          portEndpoints: [
            "00:00:00:00:00:00": FlowEndpoints(
              sourceMAC: "02:00:00:00:00:01", destinationMAC: "12:34:56:78:9a:bc", sourceAddress: "10.0.1.4",
              destinationAddress: "10.0.1.5", destinationPort: 5000)
          ], rate: .packetsPerSecond(100_000))
      ).result()
      let loss = try #require(result.loss)
      #expect(loss.sent > 0 && loss.received == loss.sent && loss.lost == 0 && loss.foreign == 0)
    }

    @Test("ports that would send frames of both families are refused by name; one that only receives may be of another")
    func families() throws {
      let v6 = FlowEndpoints(sourceAddress: "2001:2::1", destinationAddress: "2001:2::2")
      func request(_ mode: TrafficMode, _ endpoints: [String: FlowEndpoints]) -> EngineRequest {
        EngineRequest(
          mode: mode, virtualDevices: (0..<2).map { "net_pcap\($0),tx_pcap=/dev/null" }, frameSizes: [84],
          portEndpoints: endpoints.mapValues {
            var endpoints = $0
            endpoints.destinationMAC = "02:00:00:00:00:99"
            return endpoints
          }, rate: .packetsPerSecond(1000))
      }
      let (first, second) = ("02:70:63:61:70:00", "02:70:63:61:70:01")
      let failure = try run(request(.tx, [second: v6])).failure()
      #expect(
        failure.message == "port 'net_pcap0' sends IPv4 and port 'net_pcap1' IPv6: give endpoints and portEndpoints "
          + "addresses of one family")
      #expect(try run(request(.tx, [first: v6, second: v6])).result().ports.allSatisfy { $0.txPackets > 0 })
      #expect(try run(request(.loopback, [first: v6])).result().ports[0].txPackets > 0)
    }

    @Test("addresses for a port that is not there fail the run, with those that are")
    func noSuchPort() throws {
      let ended = try run(
        EngineRequest(
          mode: .tx, virtualDevices: ["net_ring0"], portEndpoints: ["02:00:00:00:00:01": FlowEndpoints()]))
      #expect(ended.code == 1)
      #expect(
        try ended.failure().message == "no port has MAC address '02:00:00:00:00:01', to send flows of its own: "
          + "there are 'net_ring0' 00:00:00:00:00:00")
    }
  }
}
