import Foundation
import Provisioning
import SystemPackage
import TestSupport
import Testing

@Suite(
  "First boot", .timeLimit(.minutes(5)), .serialized,
  .enabled(if: isRoot && hasHugepages, "needs root and hugepages of 2M on node 0"))
struct FirstBootTests {
  static let unit = "/etc/systemd/system/dpdk-host-provision.service"
  static let link = "/etc/systemd/system/multi-user.target.wants/dpdk-host-provision.service"

  @Test("--only hugepages reserves, and mounts nothing")
  func onlyHugepages() async throws {
    try await TestHost.with { host in
      let result = try await host.namespace.run(
        dpdkHost, "apply", "--only", "hugepages", "--profile", host.profile, "--format", "json")
      #expect(result.code == 0, "\(result.errors)")
      #expect(try ReportFields(result.output).kinds == ["reserveHugepages"])
      #expect(try Pools.pages() == host.pages)
      #expect(try await host.mounts().isEmpty)
      let wrong = try await host.namespace.run(dpdkHost, "apply", "--only", "modules", "--profile", host.profile)
      #expect(wrong.code == 64)
      try await host.revert()
    }
  }

  @Test("another dpdk-host is waited for as long as is said, and by itself not at all")
  func waitsForLock() async throws {
    try await TestHost.with { host in
      let holder = Task {
        try await host.namespace.run("/usr/bin/flock", "/run/dpdk-host.lock", "/bin/sleep", "2")
      }
      while try await host.namespace.run("/usr/bin/flock", "-n", "/run/dpdk-host.lock", "/bin/true").code == 0 {
        try await Task.sleep(for: .milliseconds(10))
      }
      let impatient = try await host.namespace.run(dpdkHost, "apply", "--profile", host.profile)
      #expect(impatient.code == 1)
      #expect(impatient.output.contains("is changing this host"))
      let patient = try await host.namespace.run(
        dpdkHost, "apply", "--profile", host.profile, "--wait-for-lock", "30")
      #expect(patient.code == 0, "\(patient.errors)\(patient.output)")
      _ = try await holder.value
      try await host.revert()
    }
  }

  @Test(
    "what goes on after the reboot measures, leaves its result, and takes itself away",
    .enabled(if: hasEngine, "the engine was not built"))
  func continues() async throws {
    try await TestHost.with { host in
      try await Self.placeUnit(host)
      let result = try await host.namespace.run(
        dpdkHost, "provision", "--continued", "--profile", host.profile, "--result", "/run/result.json")
      #expect(result.code == 0, "\(result.errors)\(result.output)")
      let left = try ReportFields(try await host.namespace.run("/bin/cat", "/run/result.json").output)
      #expect(left.schema == "dpdk-host/provision/1")
      #expect(left.verdict == .ready)
      #expect(left.traffic != nil)
      #expect(try await Self.unitIsThere(host) == false)
      _ = try await host.namespace.run("/bin/rm", "/run/result.json")
      try await host.revert()
    }
  }

  @Test("a proof that never came to its end is not begun a third time")
  func neverForEver() async throws {
    try await TestHost.with { host in
      try await Self.placeUnit(host)
      let record = #"{"boot":"b","cause":["x"],"continuations":2,"reboots":1}"#
      _ = try await host.namespace.run(
        "/bin/sh", "-c", "mkdir -p /var/lib/dpdk-host; printf '%s' '\(record)' > /var/lib/dpdk-host/reboots.json")
      let result = try await host.namespace.run(dpdkHost, "provision", "--continued", "--profile", host.profile)
      #expect(result.code == 1)
      #expect(result.output.contains("never came to its"))
      #expect(try await Self.unitIsThere(host) == false)
      #expect(try Pools.pages() == host.before)
      try await host.revert()
    }
  }

  @Test("revert takes what would go on after the reboot, and our part of the notice alone")
  func revertForgets() async throws {
    try await TestHost.with { host in
      try await Self.placeUnit(host)
      _ = try await host.namespace.run(
        "/bin/sh", "-c", "printf 'libc6\\ndpdk-host\\n' > /run/reboot-required.pkgs; touch /run/reboot-required")
      try await host.revert()
      #expect(try await Self.unitIsThere(host) == false)
      #expect(try await host.namespace.run("/bin/cat", "/run/reboot-required.pkgs").output == "libc6\n")
      _ = try await host.namespace.run("/bin/rm", "/run/reboot-required", "/run/reboot-required.pkgs")
    }
  }

  @Test("with a profile that cannot be read, it is gone as well")
  func badProfile() async throws {
    try await TestHost.with { host in
      try await Self.placeUnit(host)
      let result = try await host.namespace.run(dpdkHost, "provision", "--continued", "--profile", "/run/no.yml")
      #expect(result.code == 64)
      #expect(try await Self.unitIsThere(host) == false)
    }
  }

  @Test(
    "what cannot be meant is refused",
    arguments: [
      ["apply", "--reboot", "--confirm-within", "60"], ["apply", "--wait-for-lock", "-1"],
      ["provision", "--wait-for-lock", "99999"], ["provision", "--reboot", "--result", "/tmp/a b"],
    ])
  func refused(arguments: [String]) async throws {
    #expect(try await run(dpdkHost, arguments).code == 64)
  }

  /// A unit and its link in a folder that is the namespace's own.
  private static func placeUnit(_ host: TestHost) async throws {
    let placed = try await host.namespace.run(
      "/bin/sh", "-ec",
      """
      mount -t tmpfs tmpfs /etc/systemd/system
      mkdir /etc/systemd/system/multi-user.target.wants
      touch \(unit)
      ln -s \(unit) \(link)
      """)
    try #require(placed.code == 0, "\(placed.errors)")
  }

  private static func unitIsThere(_ host: TestHost) async throws -> Bool {
    try await host.namespace.run("/usr/bin/find", unit, link).output.isEmpty == false
  }
}
