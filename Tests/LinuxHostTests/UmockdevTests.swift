import Foundation
import Provisioning
import SystemPackage
import TestSupport
import Testing

/// libudev looks at `/sys` alone, so `umockdev-run` puts a machine there, under which the program runs; the namespace
/// keeps the links of the host that runs the tests out of it.
@Suite("A modelled machine")
struct UmockdevTests {
  private static let program = "/usr/bin/umockdev-run"
  private static let isInstalled = FileManager.default.isExecutableFile(atPath: program)

  @Test(
    "is read by libudev as it is, and from its files below another root in the same way",
    .enabled(if: isInstalled, "needs umockdev-run"),
    .enabled("needs network namespaces") { await NetworkNamespace.isAvailable() }, arguments: Machine.all)
  func gathered(machine: Machine) async throws {
    let fake = try FakeRoot(["machine.umockdev": .text(machine.umockdevDescription)])
    let script = """
      "$1" facts --format json && "$1" facts --format json --root "$UMOCKDEV_DIR"
      """
    let file = fake.path("machine.umockdev")
    let result = try await NetworkNamespace.with { namespace in
      try await namespace.run(
        "/usr/bin/umockdev-run",
        ["-d", file, "--", "/bin/sh", "-c", script, "sh", dpdkHost.string])
    }
    withExtendedLifetime(fake) {}
    try #require(result.code == 0, "\(result.errors)")
    // Two objects, one behind the other.
    let parts = result.output.components(separatedBy: "\n}\n").filter { !$0.isEmpty }
    let facts = try parts.map { try JSONDecoder().decode(HostFacts.self, from: Data(($0 + "\n}").utf8)) }
    try #require(facts.count == 2, "\(result.output)")
    for found in facts {
      #expect(found.devices.map(\.inSysfs) == machine.devices.map(\.inSysfs))
      #expect(found.busDevices == machine.busDevices)
    }
    #expect(facts[1].routing == Routing())
  }
}
