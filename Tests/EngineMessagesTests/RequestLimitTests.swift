import EngineMessages
import Testing

@Suite("Limits of a request")
struct RequestLimitTests {
  static let mac = "02:00:00:00:00:01"

  static let flows: [(@Sendable (inout EngineRequest) -> Void, String)] = [
    ({ $0.vlan = 0 }, "VLAN '0' is not between 1 and 4094: change --vlan"),
    ({ $0.vlan = 4095 }, "VLAN '4095'"),
    ({ $0.packets = 0 }, "packets '0' are not a positive number: change --packets"),
    ({ $0.endpoints.sourceMAC = "02:00" }, "source MAC '02:00' is not a MAC address: write --source-mac as"),
    ({ $0.endpoints.destinationMAC = "" }, "destination MAC ''"),
    (
      { $0.endpoints.sourceAddress = "198.18.0.256" },
      "source address '198.18.0.256' is no IP address: write --source-address"
    ),
    ({ $0.endpoints.destinationAddress = "2001::2::1" }, "destination address '2001::2::1' is no IP address"),
    (
      {
        $0.endpoints.sourceAddress = "198.18.0.1"
        $0.endpoints.destinationAddress = "2001:2::1"
      }, "source address '198.18.0.1' and destination address '2001:2::1' are not of one family"
    ),
    ({ $0.endpoints.sourceAddresses = 0 }, "source addresses '0' are not between 1 and 16384"),
    ({ $0.endpoints.destinationAddresses = 16_385 }, "destination addresses '16385' are not between 1 and 16384"),
    (
      {
        $0.endpoints.sourceAddress = "255.255.255.250"
        $0.endpoints.sourceAddresses = 7
      }, "source addresses '7' go beyond the last one from '255.255.255.250' on"
    ),
    ({ $0.endpoints.sourcePort = -1 }, "source port '-1' is not between 0 and 65535: change --source-port"),
    ({ $0.endpoints.destinationPort = 65_536 }, "destination port '65536'"),
    ({ $0.endpoints.destinationPorts = 0 }, "destination ports '0'"),
    ({ $0.endpoints.destinationPorts = 16_385 }, "destination ports '16385' are not between 1 and 16384"),
    ({ $0.portEndpoints = ["first": FlowEndpoints()] }, "port endpoints 'first' are not those of a MAC address"),
    (
      { $0.portEndpoints = [mac: FlowEndpoints(sourcePort: 65_536)] },
      "port endpoints '02:00:00:00:00:01': source port '65536'"
    ),
    (
      {
        $0.endpoints.sourceAddress = "198.18.0.1"
        $0.portEndpoints = [mac: FlowEndpoints(destinationAddress: "::1")]
      }, "port endpoints '02:00:00:00:00:01': source address '198.18.0.1' and destination address '::1'"
    ),
    ({ $0.usedPorts = [mac, "net_null0"] }, "used port 'net_null0' is not a MAC address"),
  ]

  static let runs: [(@Sendable (inout EngineRequest) -> Void, String)] = [
    (
      { $0.rate = .packetsPerSecond(1e19) },
      "rate '1e+19pps' is not between 0.001 and 1000000000000.0 a second: change --rate"
    ),
    ({ $0.rate = .packetsPerSecond(1e-21) }, "rate '1e-21pps' is not between"),
    ({ $0.rate = .bitsPerSecond(1.1e12) }, "rate '1100000000000.0bps' is not between"),
    ({ $0.rate = .bitsPerSecond(.infinity) }, "rate 'infbps' is not between"),
    ({ $0.rate = .packetsPerSecond(.nan) }, "rate 'nanpps' is not between"),
    ({ $0.frameSizes = [Int](repeating: 64, count: 65) }, "frame sizes '65' are more than 64: change --frame-size"),
    ({ $0.frameSizes = [9_217] }, "frame size '9217' is not between 64 and 9216 bytes: change --frame-size"),
    ({ $0.hashes = [.ip, .udp] }, "RSS hash 'ip,udp' has one queue to choose from: raise --queues"),
    ({ $0.drill = Drill(kind: .revoke, after: -1) }, "drill after '-1.0' is not a number of seconds"),
    ({ $0.drill = Drill(kind: .revoke, after: .nan) }, "drill after 'nan'"),
    (
      {
        $0.duration = 2
        $0.drill = Drill(kind: .watch, after: 2)
      }, "drill after '2.0' is not within the 2.0 seconds measured: change --drill or --duration"
    ),
    ({ $0.benchmark.tests = [] }, "benchmark tests are empty"),
    ({ $0.benchmark.resolution = 0 }, "benchmark resolution '0.0'"),
    ({ $0.benchmark.resolution = 0.51 }, "benchmark resolution '0.51'"),
    ({ $0.benchmark.allowedLoss = 1.01 }, "benchmark allowed loss '1.01'"),
    ({ $0.benchmark.allowedLoss = -0.1 }, "benchmark allowed loss '-0.1'"),
    ({ $0.benchmark.trials = 0 }, "benchmark trials '0'"),
    ({ $0.benchmark.trials = 1001 }, "benchmark trials '1001'"),
    ({ $0.capture = Capture(path: "", packets: 1) }, "capture path '' is empty: change --capture"),
    ({ $0.capture = Capture(path: "a\0b", packets: 1) }, "capture path 'a?b' has a control character"),
    ({ $0.capture = Capture(path: "f", packets: 0) }, "capture packets '0' are not between 1 and 65536"),
    ({ $0.capture = Capture(path: "f", packets: .max) }, "capture packets '9223372036854775807'"),
    ({ $0.virtualDevices = ["net_null0", ""] }, "virtual device '' is empty: change --vdev"),
    ({ $0.virtualDevices = ["net_null0\0,size=64"] }, "virtual device 'net_null0?,size=64' has a control character"),
    ({ $0.allowedDevices = ["00:02.0\n"] }, "device '00:02.0?' has a control character: change --allow"),
    ({ $0.lcores = "" }, "lcores '' is empty: change --lcores"),
    ({ $0.memory = .hugetlbfs(directory: "") }, "directory '' is empty: change --huge-dir"),
    ({ $0.memory = .ordinaryPages(mebibytes: .max) }, "memory '9223372036854775807'"),
    ({ $0.filePrefix = ".." }, "file prefix '..' is not a file name"),
    ({ $0.filePrefix = String(repeating: "a", count: 201) }, "file prefix 'aaaaaaaaaa"),
    ({ $0.ealArguments = [String(repeating: "a", count: 4_001)] }, "EAL argument 'aaaaaaaaaa"),
    ({ $0.ealArguments = ["-n", "--help"] }, "EAL argument '--help' makes no run: leave --eal=--help out"),
    ({ $0.ealArguments = ["-h"] }, "EAL argument '-h'"),
  ]

  @Test("What is out of bounds is objected to with its value and its option", arguments: flows + runs)
  func objection(change: @Sendable (inout EngineRequest) -> Void, expected: String) throws {
    var request = EngineRequest(mode: .tx)
    #expect(request.objection == nil)
    change(&request)
    let objection = try #require(request.objection)
    #expect(objection.hasPrefix(expected), "\(objection)")
  }

  @Test("What is just within bounds is not")
  func within() {
    let request = EngineRequest(
      mode: .loopback, virtualDevices: ["net_null0"], queues: 2, frameSizes: [68],
      endpoints: FlowEndpoints(
        sourceMAC: Self.mac, sourceAddress: "255.255.255.250", destinationAddress: "0.0.0.0", sourceAddresses: 6,
        destinationAddresses: 16_384, sourcePort: 0, destinationPort: 65_535, destinationPorts: 1),
      portEndpoints: ["0A:00:00:00:00:0b": FlowEndpoints(sourceAddress: "10.0.0.1")], usedPorts: [Self.mac],
      packets: 1, duration: 1e9, warmUp: 0, statisticsPeriod: 0.01, vlan: 4094, hashes: [.tcp],
      benchmark: BenchmarkPlan(tests: [.latency], resolution: 0.5, allowedLoss: 0.9, trials: 1_000),
      drill: Drill(kind: .watch, after: 0), capture: Capture(path: "/tmp/f", packets: 65_536),
      memory: .ordinaryPages(mebibytes: 1_048_576), filePrefix: String(repeating: "a", count: 200),
      ealArguments: ["--huge-unlink"])
    #expect(request.objection == nil)
    for rate: TrafficRate in [.packetsPerSecond(0.001), .packetsPerSecond(1e12), .bitsPerSecond(0.001), .maximum] {
      let sizes = [64, 9_216] + [Int](repeating: 1518, count: 62)
      #expect(EngineRequest(mode: .tx, frameSizes: sizes, rate: rate).objection == nil)
    }
  }
}
