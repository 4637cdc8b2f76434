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
    ({ $0.benchmark.tests = [] }, "no test"),
    ({ $0.benchmark.resolution = 0 }, "resolution '0.0'"),
    ({ $0.benchmark.resolution = .nan }, "resolution 'nan'"),
    ({ $0.benchmark.resolution = 0.6 }, "resolution '0.6'"),
    ({ $0.benchmark.allowedLoss = 1 }, "allowed loss '1.0'"),
    ({ $0.benchmark.allowedLoss = -0.1 }, "allowed loss '-0.1'"),
    ({ $0.benchmark.trials = 0 }, "trials '0'"),
    ({ $0.benchmark.wait = 61 }, "wait '61.0'"),
    ({ $0.benchmark.settle = -1 }, "rest '-1.0'"),
    ({ $0.packets = 5 }, "packets cannot be limited in rfc2544"),
  ]

  @Test("A benchmark out of bounds is objected to, in its own mode alone", arguments: benchmarkObjections)
  func benchmarkObjection(change: @Sendable (inout EngineRequest) -> Void, expected: String) throws {
    var request = EngineRequest(mode: .rfc2544)
    #expect(request.objection == nil)
    change(&request)
    #expect(try #require(request.objection).hasPrefix(expected))
    request.mode = .loopback
    #expect(request.objection == nil)
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
    "Anything else is no rate", arguments: ["", "0", "-1", "fast", "Mpps", "1Tbps", "nan", "inf", "1 Mpps", "1.5.2"])
  func refused(text: String) {
    #expect(TrafficRate(text) == nil)
  }
}
