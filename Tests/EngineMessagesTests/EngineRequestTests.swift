import EngineMessages
import Foundation
import Testing

@Suite("Engine requests")
struct EngineRequestTests {
  private func decode(_ text: String) throws -> EngineRequest {
    try JSONDecoder().decode(EngineRequest.self, from: Data(text.utf8))
  }

  @Test("A request reads back as it was")
  func roundTrip() throws {
    let request = EngineRequest(
      mode: .loopback, forwarding: .io, lcores: "0-1", virtualDevices: ["net_ring0"], allowedDevices: ["acf1:00:02.0"],
      queues: 2, burst: 64, frameSizes: [64, 1518], flows: 16,
      endpoints: FlowEndpoints(destinationMAC: "02:00:00:00:00:01", destinationPort: 53),
      portEndpoints: ["02:00:00:00:00:02": FlowEndpoints(sourceAddress: "10.0.0.4")], sendFirst: 2, duration: 10,
      warmUp: 1, statisticsPeriod: 0, rate: .bitsPerSecond(2e9), memory: .ordinaryPages(mebibytes: 64),
      filePrefix: "p", ealArguments: ["--iova-mode=va"])
    #expect(try JSONDecoder().decode(EngineRequest.self, from: JSONEncoder().encode(request)) == request)
  }

  @Test("A mode alone is a request with the defaults")
  func modeAlone() throws {
    #expect(try decode(#"{"mode":"rx"}"#) == EngineRequest(mode: .rx))
  }

  @Test(
    "What is no request is refused",
    arguments: [
      "", "[]", "{}", #"{"mode":"dance"}"#, #"{"mode":"rx","burts":3}"#, #"{"mode":"rx","burst":"3"}"#,
      #"{"mode":"rx","rate":"fast"}"#, #"{"mode":"forward","forwarding":"nat"}"#,
    ])
  func refused(text: String) {
    #expect(throws: DecodingError.self) { try decode(text) }
  }

  @Test("An unknown key is named")
  func unknownKey() {
    #expect {
      try decode(#"{"mode":"rx","burts":3}"#)
    } throws: { error in
      "\(error)".contains("unknown key 'burts'")
    }
  }

  static let objections: [(@Sendable (inout EngineRequest) -> Void, String)] = [
    ({ $0.frameSizes = [63] }, "frame size '63'"),
    ({ $0.frameSizes = [64, 10_000] }, "frame size '10000'"),
    ({ $0.frameSizes = [] }, "no frame size"),
    ({ $0.burst = 0 }, "burst '0'"),
    ({ $0.burst = 513 }, "burst '513'"),
    ({ $0.queues = 0 }, "queues '0'"),
    ({ $0.flows = 0 }, "flows '0'"),
    ({ $0.sendFirst = 17 }, "first bursts '17'"),
    ({ $0.duration = 0 }, "duration '0.0'"),
    ({ $0.duration = .nan }, "duration 'nan'"),
    ({ $0.warmUp = -1 }, "warm-up '-1.0'"),
    ({ $0.statisticsPeriod = 0.001 }, "period '0.001'"),
    ({ $0.memory = .ordinaryPages(mebibytes: 0) }, "memory '0'"),
    ({ $0.filePrefix = "a/b" }, "file prefix 'a/b'"),
  ]

  static let benchmarkObjections: [(@Sendable (inout EngineRequest) -> Void, String)] = [
    ({ $0.benchmark.tests = [] }, "benchmark tests are empty"),
    ({ $0.benchmark.resolution = 0 }, "benchmark resolution '0.0'"),
    ({ $0.benchmark.resolution = .nan }, "benchmark resolution 'nan'"),
    ({ $0.benchmark.resolution = 0.6 }, "benchmark resolution '0.6'"),
    ({ $0.benchmark.allowedLoss = 1 }, "benchmark allowed loss '1.0'"),
    ({ $0.benchmark.allowedLoss = -0.1 }, "benchmark allowed loss '-0.1'"),
    ({ $0.benchmark.trials = 0 }, "benchmark trials '0'"),
    ({ $0.benchmark.wait = 61 }, "benchmark wait '61.0'"),
    ({ $0.benchmark.settle = -1 }, "benchmark settle '-1.0'"),
    ({ $0.packets = 5 }, "packets cannot be limited in rfc2544"),
  ]

  @Test("A benchmark out of bounds is objected to", arguments: benchmarkObjections)
  func benchmarkObjection(change: @Sendable (inout EngineRequest) -> Void, expected: String) throws {
    var request = EngineRequest(mode: .rfc2544)
    #expect(request.objection == nil)
    change(&request)
    #expect(try #require(request.objection).hasPrefix(expected))
  }

  @Test("A benchmark that names no frame sizes takes those of the RFC, and sends no samples")
  func benchmarkDefaults() throws {
    let request = try decode(#"{"mode":"rfc2544"}"#)
    #expect(request.frameSizes == [64, 128, 256, 512, 1024, 1280, 1518] && request.statisticsPeriod == 0)
    let named = try decode(#"{"mode":"rfc2544","frameSizes":[64],"statisticsPeriod":2,"benchmark":{"settle":0}}"#)
    #expect(named.frameSizes == [64] && named.statisticsPeriod == 2 && named.benchmark == BenchmarkPlan(settle: 0))
    let other = try decode(#"{"mode":"tx"}"#)
    #expect(other.frameSizes == [64] && other.statisticsPeriod == 1)
    #expect(throws: DecodingError.self) { try decode(#"{"mode":"rfc2544","benchmark":{"speed":1}}"#) }
  }

  @Test("A request out of bounds is objected to with its value", arguments: objections)
  func objection(change: @Sendable (inout EngineRequest) -> Void, expected: String) throws {
    var request = EngineRequest(mode: .tx)
    #expect(request.objection == nil)
    change(&request)
    #expect(try #require(request.objection).hasPrefix(expected))
  }
}

@Suite("Flows of a request")
struct FlowLimitTests {
  static let objections: [(@Sendable (inout EngineRequest) -> Void, String)] = [
    ({ $0.vlan = 0 }, "VLAN '0' is not between 1 and 4094"),
    ({ $0.vlan = 4095 }, "VLAN '4095'"),
    ({ $0.packets = 0 }, "packets '0' are not a positive number"),
    ({ $0.endpoints.sourceAddresses = 0 }, "source addresses '0' are not between 1 and 16384"),
    ({ $0.endpoints.destinationAddresses = 16_385 }, "destination addresses '16385'"),
    ({ $0.endpoints.destinationPorts = -1 }, "destination ports '-1'"),
    ({ $0.endpoints.sourcePort = 65_536 }, "source port '65536' is not between 0 and 65535"),
    ({ $0.endpoints.destinationPort = -1 }, "destination port '-1'"),
    (
      {
        $0.endpoints.destinationPort = 65_530
        $0.endpoints.destinationPorts = 7
      }, "destination ports '7' go beyond 65535 from '65530' on"
    ),
    (
      {
        $0.endpoints.sourceAddress = "198.18.0.1"
        $0.endpoints.destinationAddress = "2001:2::1"
      }, "source address '198.18.0.1' and destination address '2001:2::1' are not of one family"
    ),
    (
      { $0.portEndpoints = ["02:00:00:00:00:01": FlowEndpoints(destinationPort: 65_535, destinationPorts: 2)] },
      "port endpoints '02:00:00:00:00:01': destination ports '2' go beyond 65535"
    ),
    (
      {
        $0.frameSizes = [1518, 67]
        $0.vlan = 7
      }, "frame size '67' has no room for the engine's mark: IPv4 with a VLAN tag takes 68 bytes at least"
    ),
    (
      {
        $0.frameSizes = [83]
        $0.endpoints.destinationAddress = "2001:2::1"
      }, "frame size '83' has no room for the engine's mark: IPv6 takes 84 bytes at least: change --frame-size"
    ),
    (
      {
        $0.frameSizes = [84]
        $0.vlan = 7
        $0.portEndpoints = ["02:00:00:00:00:01": FlowEndpoints(sourceAddress: "2001:2::1")]
      },
      "port endpoints '02:00:00:00:00:01': frame size '84' has no room for the engine's mark: IPv6 with a VLAN tag takes 88 bytes at least"
    ),
  ]

  @Test("Flows that cannot be built are objected to with the field and the option", arguments: objections)
  func objection(change: @Sendable (inout EngineRequest) -> Void, expected: String) throws {
    var request = EngineRequest(mode: .tx)
    change(&request)
    #expect(try #require(request.objection).hasPrefix(expected))
  }

  @Test("What builds no frames is not held to their smallest size")
  func received() {
    var request = EngineRequest(
      mode: .forward, frameSizes: [64], endpoints: FlowEndpoints(sourceAddress: "2001:2::1"), vlan: 5)
    #expect(request.objection == nil && !request.buildsFrames)
    request.sendFirst = 1
    #expect(request.objection?.hasPrefix("frame size '64'") == true)
  }

  @Test("The smallest sizes, and the ends of every range, are right")
  func bounds() {
    var request = EngineRequest(
      mode: .loopback, frameSizes: [88], flows: 16_384,
      endpoints: FlowEndpoints(
        sourceAddress: "2001:2::1", destinationAddress: "2001:2::2", sourceAddresses: 16_384, destinationPort: 65_535,
        destinationPorts: 1), packets: 1, vlan: 4094)
    #expect(request.objection == nil && request.largestUntaggedFrame == 84)
    request = EngineRequest(mode: .tx, frameSizes: [68], vlan: 1)
    #expect(request.objection == nil)
  }
}

@Suite("Rates")
struct TrafficRateTests {
  @Test(
    "A rate is max, packets or bits a second",
    arguments: [
      ("max", TrafficRate.maximum), ("1500000", .packetsPerSecond(1_500_000)), ("1.5Mpps", .packetsPerSecond(1.5e6)),
      ("10kpps", .packetsPerSecond(1e4)), ("10K", .packetsPerSecond(1e4)), ("2Gbps", .bitsPerSecond(2e9)),
      ("7bps", .bitsPerSecond(7)), ("0.5pps", .packetsPerSecond(0.5)),
    ])
  func parsed(text: String, expected: TrafficRate) {
    #expect(TrafficRate(text) == expected)
    #expect(TrafficRate(expected.text) == expected)
  }

  @Test(
    "Anything else is no rate",
    arguments: ["", "0", "-1", "fast", "Mpps", "1Tbps", "nan", "inf", "1 Mpps", "1.5.2", "1e308Gpps", "-1e308Gbps"])
  func refused(text: String) {
    #expect(TrafficRate(text) == nil)
  }
}
