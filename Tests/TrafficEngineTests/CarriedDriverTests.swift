import EngineMessages
import Foundation
import Testing

@testable import TrafficEngine

@Suite("Drivers that a bundle carries")
struct CarriedDriverTests {
  @Test(
    "A bundle's drivers are beside the loader that it carries, and nowhere else",
    arguments: [
      ("/opt/dpdk-host/lib/loader/dpdk-host-engine", "/opt/dpdk-host/lib/dpdk/pmds-23.0"),
      ("/lib/loader/dpdk-host-engine", "/lib/dpdk/pmds-23.0"), ("/usr/bin/dpdk-host-engine", nil),
      ("/usr/lib/dpdk-host-engine", nil), ("/home/loader/dpdk-host-engine", nil), ("lib/loader/x", nil), ("", nil),
    ] as [(String, String?)])
  func carried(executable: String, expected: String?) {
    #expect(pluginDirectory(besideLoader: executable, builtIn: "/usr/lib/dpdk/pmds-23.0") == expected)
  }

  @Test("What is not a driver is refused by its name, and other files are nobody's concern")
  func broken() throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: "drivers-\(getpid())")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    try Data().write(to: directory.appending(path: "README"))
    try loadDrivers(in: directory.path)
    try Data("no ELF".utf8).write(to: directory.appending(path: "librte_net_null.so.23.0"))
    let failure = #expect(throws: EngineFailure.self) { try loadDrivers(in: directory.path) }
    #expect(failure?.message.contains("'librte_net_null.so.23.0'") == true)
  }

  @Test("A bundle without its drivers is not whole")
  func absent() {
    #expect(throws: EngineFailure.self) { try loadDrivers(in: "/nonexistent") }
  }

  @Test("Without a bundle nothing is loaded")
  func none() throws { try loadDrivers(in: nil) }
}
