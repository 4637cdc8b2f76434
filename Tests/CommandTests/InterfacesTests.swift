import Foundation
import Provisioning
import SystemPackage
import TestSupport
import Testing

/// The program on models of real machines: umockdev has their devices, a namespace their routes.
@Suite("The interfaces of a machine")
struct InterfacesTests {
  private static let umockdev = "/usr/bin/umockdev-run"
  private static let isInstalled = FileManager.default.isExecutableFile(atPath: umockdev)
  private static let azure = [
    Machine.connectX4Lx, .connectX5, .connectX3FirstBoot, .connectX3SecondBoot, .mana,
  ]

  private struct Fields: Decodable {
    struct Entry: Decodable {
      var name: String
      var role: String
      var kind: String
      var virtualFunction: Function?
      var ealArguments: [String]
    }
    struct Function: Decodable { var name: String }
    var interfaces: [Entry]
    var ealArguments: [String]
  }

  /// Runs `dpdk-host` with the machine's devices and addresses, and a default route by `eth0` alone, or by more.
  private func dpdkHost(
    _ arguments: [String], on machine: Machine, locale: String = "C.UTF-8",
    routes: [String] = ["route add default dev eth0 metric 100"]
  ) async throws -> ProgramResult {
    let file = "/tmp/dpdk-host-test-\(UUID().uuidString).umockdev"
    try machine.umockdevDescription.write(toFile: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: file) }
    // Bridges: they have no other half that would be a link too many.
    let links = machine.devices.filter { $0.name != "lo" }.flatMap { device in
      let mac = device.mac.map { " address \($0)" } ?? ""
      let addresses = device.addresses.map { "addr add \($0) dev \(device.name)" }
      return ["link add \(device.name) index \(device.index)\(mac) type bridge"] + addresses + [
        "link set \(device.name) up"
      ]
    }
    let commands = (links + routes).joined(separator: "\n")
    return try await NetworkNamespace.with { namespace in
      try await namespace.ip(commands)
      return try await namespace.run(
        FilePath(Self.umockdev),
        ["-d", file, "--", "/usr/bin/env", "LC_ALL=\(locale)", TestSupport.dpdkHost.string] + arguments)
    }
  }

  @Test(
    "every VF stands by its synthetic interface, management is kept out, and all others are for DPDK",
    .enabled(if: isInstalled, "needs umockdev-run"),
    .enabled("needs network namespaces") { await NetworkNamespace.isAvailable() }, arguments: azure)
  func pairs(machine: Machine) async throws {
    let result = try await dpdkHost(["interfaces", "--profile", "azure-netvsc", "--format", "json"], on: machine)
    try #require(result.code == 0, "\(result.errors)")
    let fields = try JSONDecoder().decode(Fields.self, from: Data(result.output.utf8))
    for interface in fields.interfaces where interface.kind == "synthetic" {
      let own = machine.devices.first { $0.uppers == [interface.name] }
      #expect(interface.virtualFunction?.name == own?.name)
      #expect(interface.role == (interface.name == "eth0" ? "management" : "data"))
    }
    // None stands alone: the loopback is all that is left.
    #expect(fields.interfaces.filter { $0.kind != "synthetic" }.map(\.name) == ["lo"])
    let all = fields.ealArguments.joined(separator: " ")
    for device in machine.devices where device.name == "eth0" || device.uppers == ["eth0"] {
      #expect(!all.contains(device.mac ?? "none"))
      // MANA's function is shared, and named with the others' addresses.
      if machine.name != Machine.mana.name { #expect(!all.contains(device.busAddress ?? "none")) }
    }
  }

  @Test(
    "every hop of a default route is management, and all is in doubt where sysfs shows another namespace's links",
    .enabled(if: isInstalled, "needs umockdev-run"),
    .enabled("needs network namespaces") { await NetworkNamespace.isAvailable() })
  func doubt() async throws {
    func roles(_ routes: String...) async throws -> [String: String] {
      let result = try await dpdkHost(
        ["interfaces", "--profile", "azure", "--format", "json"], on: .connectX4Lx, routes: routes)
      let fields = try JSONDecoder().decode(Fields.self, from: Data(result.output.utf8))
      return Dictionary(fields.interfaces.map { ($0.name, $0.role) }, uniquingKeysWith: { first, _ in first })
    }
    let hops = try await roles("route add default metric 100 nexthop dev eth0 nexthop dev eth1")
    #expect(hops == ["lo": "other", "eth0": "management", "eth1": "management"])
    let one = try await roles("route add default dev eth1 metric 100")
    #expect(one == ["lo": "other", "eth0": "data", "eth1": "management"])
    let other = try await roles(
      "link del eth1", "link add eth1 index 77 type bridge", "link set eth1 up", "route add default dev eth1")
    #expect(other == ["lo": "other", "eth0": "management", "eth1": "management"])
  }

  @Test(
    "the screen fits 80 columns but for what is to be copied, and has no sign beyond ASCII where the locale has none",
    .enabled(if: isInstalled, "needs umockdev-run"),
    .enabled("needs network namespaces") { await NetworkNamespace.isAvailable() }, arguments: ["C", "C.UTF-8"])
  func screen(locale: String) async throws {
    let result = try await dpdkHost(["interfaces", "--profile", "azure"], on: .connectX3FirstBoot, locale: locale)
    try #require(result.code == 0, "\(result.errors)")
    let lines = result.output.split(separator: "\n")
    for line in lines where !line.contains("--vdev") { #expect(line.count <= 80, "\(line)") }
    #expect(result.output.contains("eth8"))
    #expect(result.output.contains("EAL  -a 3588:00:02.0"))
    #expect(result.output.allSatisfy(\.isASCII) == (locale == "C"))
  }

  @Test(
    "testpmd is given the data ports of the machine",
    .enabled(if: isInstalled, "needs umockdev-run"),
    .enabled("needs network namespaces") { await NetworkNamespace.isAvailable() })
  func testpmd() async throws {
    let result = try await dpdkHost(["testpmd", "single", "--profile", "azure", "--lcores", "0,1"], on: .connectX4Lx)
    #expect(result.code == 0, "\(result.errors)")
    #expect(
      result.output
        == "dpdk-testpmd -l 0,1 -a a3f0:00:02.0 --vdev=net_vdev_netvsc0,iface=eth1 --huge-dir /mnt/huge -- -i "
        + "--port-topology=chained --nb-cores=1\n")
    let away = try await dpdkHost(["testpmd", "single", "--profile", "azure"], on: .vfAway)
    #expect(away.code == 4)
    #expect(away.output.isEmpty)
    #expect(away.errors.contains("blocker  interface.noVirtualFunction"))
  }
}
