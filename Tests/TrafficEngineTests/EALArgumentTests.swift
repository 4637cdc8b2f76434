import EngineMessages
import Testing

@testable import TrafficEngine

@Suite("EAL arguments")
struct EALArgumentTests {
  private static let common = ["--file-prefix", "p", "--no-telemetry"]

  static let table: [(EngineRequest, [String])] = [
    (
      EngineRequest(mode: .rx, virtualDevices: ["net_null0", "net_null1,size=64"]),
      ["--lcores", "2,3"] + common
        + ["--no-shconf", "--huge-unlink", "--no-pci", "--vdev=net_null0", "--vdev=net_null1,size=64"]
    ),
    (
      EngineRequest(mode: .rx, lcores: "0-2", allowedDevices: ["acf1:00:02.0,mac=02:00:00:00:00:01"]),
      ["--lcores", "0,1,2"] + common
        + ["--no-shconf", "--huge-unlink", "-a", "acf1:00:02.0,mac=02:00:00:00:00:01"]
    ),
    (
      EngineRequest(mode: .rx, lcores: "5", memory: .hugetlbfs(directory: "/mnt/huge")),
      ["--lcores", "0@5,1@5"] + common + ["--no-shconf", "--huge-dir", "/mnt/huge", "--no-pci"]
    ),
    (
      EngineRequest(mode: .rx, lcores: "0@1,(1-2)@(2-3)", memory: .anonymousHugepages),
      ["--lcores", "0@1,(1-2)@(2-3)"] + common + ["--in-memory", "--no-pci"]
    ),
    (
      EngineRequest(mode: .rx, memory: .ordinaryPages(mebibytes: 64), filePrefix: "mine", ealArguments: ["-n", "4"]),
      [
        "--lcores", "2,3", "--file-prefix", "mine", "--no-telemetry", "--no-shconf", "--no-huge", "-m", "64",
        "--no-pci",
        "-n", "4",
      ]
    ),
  ]

  @Test("A request becomes these arguments", arguments: table)
  func arguments(request: EngineRequest, expected: [String]) {
    let arguments = ealArguments(
      for: request, affinity: [2, 3], filePrefix: request.filePrefix ?? "p", telemetry: false,
      netvscStartsByItself: false)
    #expect(arguments == ["dpdk-host-engine"] + expected)
  }

  @Test("Telemetry is what EAL does unless it is told otherwise")
  func telemetry() {
    let request = EngineRequest(mode: .rx, memory: .anonymousHugepages)
    let arguments = ealArguments(
      for: request, affinity: [2, 3], filePrefix: "p", telemetry: true, netvscStartsByItself: false)
    #expect(arguments == ["dpdk-host-engine", "--lcores", "2,3", "--file-prefix", "p", "--in-memory", "--no-pci"])
  }

  @Test(
    "Plain CPU lists are read, EAL's mappings and nonsense are not",
    arguments: [
      ("0", [0]), ("0-3", [0, 1, 2, 3]), ("0,2,4-5", [0, 2, 4, 5]), ("0@1", nil), ("(0-1)", nil), ("", nil),
      ("3-1", nil),
      ("1-", nil), ("a", nil), ("-1", nil), ("1-2-3", nil), ("0,,1", nil), ("0-99999999999", nil),
    ] as [(String, [Int]?)])
  func cpuLists(text: String, expected: [Int]?) {
    #expect(plainCPUList(text) == expected)
  }

  @Test("The first CPU of a list is the main lcore's, EAL's lowest, whatever its number")
  func order() {
    #expect(lcoreMap(for: [1, 0]) == "0@1,1@0")
    #expect(lcoreMap(for: [0, 3, 2]) == "0@0,1@3,2@2")
    #expect(lcoreMap(for: [2, 2, 3]) == "2,3" && lcoreMap(for: [2, 2]) == "0@2,1@2")
  }

  @Test("A main lcore that must not be on the first CPU gets a place beside a worker")
  func mainCPU() {
    #expect(lcoreMap(for: [0, 1], mainCPU: 1) == "0@1,1@0,2@1")
  }

  @Test("CPUs that are not there are told before EAL would print its usage; its own mappings are left to it")
  func absentCPUs() {
    #expect(
      lcoreObjection(to: "0,7", allowed: [0, 1, 3])
        == "cpu '7' is not there, or not allowed: requires one of 0-1,3: change --lcores")
    for lcores in [nil, "0,1", "3", "0@7", "(0-1)@7"] {
      #expect(lcoreObjection(to: lcores, allowed: [0, 1, 3]) == nil)
    }
    #expect(lcoreObjection(to: "7", allowed: []) == nil, "nobody knows")
    #expect(cpuListText([0, 1, 2, 5, 7, 8]) == "0-2,5,7-8" && cpuListText([4]) == "4")
  }

  @Test("CPUs beyond EAL's lcores are mapped onto lower ones")
  func highCPUs() {
    #expect(lcoreMap(for: [4, 200]) == "0@4,1@200")
    #expect(lcoreMap(for: [200]) == "0@200,1@200")
  }
}
