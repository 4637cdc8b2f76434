import Foundation
import Glibc
import Provisioning
import SystemPackage
import TestSupport
import Testing

/// A profile in a file of its own, gone with the test.
struct ProfileFile: ~Copyable {
  let path: String

  init(_ yaml: String) throws {
    path = "/tmp/dpdk-host-test-\(UUID().uuidString).yml"
    try yaml.write(toFile: path, atomically: true, encoding: .utf8)
  }

  deinit { unlink(path) }
}

/// The parts of a report that scripts branch on.
struct ReportFields: Decodable {
  struct Entry: Decodable {
    var id: String?
    var kind: String?
    var severity: String?
  }

  struct Traffic: Decodable {
    struct Port: Decodable {
      var driver: String
      var rxPps: Double
    }
    var ports: [Port]
  }

  var schema: String
  var verdict: Verdict
  var findings: [Entry]
  var actions: [Entry]
  var traffic: Traffic?
  var failure: String?

  init(_ json: String) throws { self = try JSONDecoder().decode(Self.self, from: Data(json.utf8)) }
}

extension MountNamespace {
  /// Runs a program inside, which must end with 0.
  func succeed(_ program: FilePath, _ arguments: String...) async throws {
    let result = try await run(program, arguments: arguments)
    #expect(result.code == 0, "\(program) \(arguments): \(result.errors)\(result.output)")
  }
}

@Suite(
  "A host provisioned for real", .timeLimit(.minutes(1)),
  .serialized,
  .enabled(if: isRoot && hasHugepages, "needs root and hugepages of 2M on node 0"))
struct ProvisionTests {
  let yaml = """
    name: test
    hugepages:
      - {size: 2M, perNode: 160, mount: {path: /mnt/dpdk-host-test, mode: 0750}}
    modules: []
    interfaces: {data: none, pmd: failsafe}
    verification: {method: loopback, duration: 1, minimum: {packetsPerSecond: 1000}}
    """

  /// Nothing of a run may be left: neither pages nor files.
  func expectUntouched(pages: Int) throws {
    #expect(try Pools.pages() == pages)
    for path in ["/var/lib/dpdk-host", "/run/dpdk-host.lock", "/mnt/dpdk-host-test"] {
      #expect(access(path, F_OK) != 0, "'\(path)' was left behind")
    }
  }

  @Test("apply converges, a second plan is empty, revert leaves everything as it was")
  func applyAndRevert() async throws {
    try await Pools.exclusively {
      let before = try Pools.pages()
      let profile = try ProfileFile(yaml)
      let path = profile.path
      try await MountNamespace.with { host in
        let applied = try await host.run(dpdkHost, "apply", "--profile", path, "--format", "json")
        #expect(applied.code == 0, "\(applied.errors)")
        let report = try ReportFields(applied.output)
        #expect(report.schema == "dpdk-host/apply/1")
        #expect(report.verdict == .ready)
        #expect(report.actions.map(\.kind) == ["reserveHugepages", "mountHugetlbfs"])
        #expect(try Pools.pages() == 160)
        let mounts = try await host.mounts()
        #expect(mounts.contains("hugetlbfs /mnt/dpdk-host-test hugetlbfs rw,relatime,mode=750,pagesize=2M"))

        let plan = try await host.run(dpdkHost, "plan", "--profile", path, "--format", "json")
        #expect(plan.code == 0)
        #expect(try ReportFields(plan.output).actions.isEmpty)

        let again = try await host.run(dpdkHost, "apply", "--profile", path, "--format", "json")
        #expect(try ReportFields(again.output).actions.isEmpty)

        let reverted = try await host.run(dpdkHost, "revert")
        #expect(reverted.code == 0, "\(reverted.errors)")
        let left = try await host.mounts()
        #expect(!left.contains("dpdk-host-test"))
        let twice = try await host.run(dpdkHost, "revert")
        #expect(twice.code == 0)
        #expect(twice.errors.contains("nothing to revert"))
      }
      withExtendedLifetime(profile) {}
      try expectUntouched(pages: before)
    }
  }

  @Test("pages that were there before an apply are there after its revert")
  func keepsWhatWasThere() async throws {
    try await Pools.exclusively {
      try Pools.setPages(8)
      let profile = try ProfileFile(yaml)
      let path = profile.path
      try await MountNamespace.with { host in
        try await host.succeed(dpdkHost, "apply", "--profile", path)
        #expect(try Pools.pages() == 160)
        try await host.succeed(dpdkHost, "revert")
      }
      withExtendedLifetime(profile) {}
      try expectUntouched(pages: 8)
    }
  }

  @Test("an apply that was interrupted after the journal is finished by the next, and undone to the first original")
  func interrupted() async throws {
    try await Pools.exclusively {
      let before = try Pools.pages()
      let profile = try ProfileFile(yaml)
      let path = profile.path
      try await MountNamespace.with { host in
        try await host.succeed(dpdkHost, "apply", "--profile", path)
        // As if the machine had died in the middle: the mount never came, the last line is cut short, pages are half.
        try await host.succeed("/bin/umount", "/mnt/dpdk-host-test")
        try Pools.setPages(80)
        let journal = try FileDescriptor.open("/var/lib/dpdk-host/journal.jsonl", .writeOnly, options: .append)
        _ = try journal.closeAfter { try journal.writeAll("{\"boot\":\"c2c9".utf8) }

        let applied = try await host.run(dpdkHost, "apply", "--profile", path)
        #expect(applied.code == 0, "\(applied.errors)\(applied.output)")
        #expect(try Pools.pages() == 160)
        let reverted = try await host.run(dpdkHost, "revert")
        #expect(reverted.code == 0, "\(reverted.errors)")
      }
      withExtendedLifetime(profile) {}
      try expectUntouched(pages: before)
    }
  }

  @Test("a request that would starve the node is refused and nothing is written")
  func unsafe() async throws {
    try await Pools.exclusively {
      let before = try Pools.pages()
      let profile = try ProfileFile("name: greedy\nhugepages:\n  - {size: 2M, perNode: 900000}\n")
      let path = profile.path
      try await MountNamespace.with { host in
        let applied = try await host.run(dpdkHost, "apply", "--profile", path, "--format", "json")
        #expect(applied.code == 4)
        let report = try ReportFields(applied.output)
        #expect(report.verdict == .blocked)
        #expect(report.findings.map(\.id).contains("hugepages.unsafe"))
      }
      withExtendedLifetime(profile) {}
      try expectUntouched(pages: before)
    }
  }

  @Test("a pool that stays short is told, and given back to the size of before")
  func short() async throws {
    try await Pools.exclusively {
      // The fault: a hundred pages that do not count, as if they were surplus, so that no write is ever enough.
      try Pools.setPages(200)
      let profile = try ProfileFile(yaml)
      let path = profile.path
      let surplus = Pools.twoMegabytesOfNode0.replacing("nr_hugepages", with: "surplus_hugepages")
      let fault = "/tmp/dpdk-host-test-surplus-\(UUID().uuidString)"
      try "100\n".write(toFile: fault, atomically: false, encoding: .utf8)
      defer { unlink(fault) }
      try await MountNamespace.with { host in
        try await host.succeed("/bin/mount", "--bind", fault, surplus)
        let applied = try await host.run(dpdkHost, "apply", "--profile", path, "--format", "json")
        #expect(applied.code == 4, "\(applied.errors)")
        let report = try ReportFields(applied.output)
        #expect(report.findings.map(\.id) == ["hugepages.short"])
        #expect(applied.output.contains("requires 160 pages of 2M, got 60; all given back"))
        #expect(try Pools.pages() == 100)
        let mounts = try await host.mounts()
        #expect(!mounts.contains("dpdk-host-test"), "nothing is mounted when the pages are not there")
        try await host.succeed("/bin/umount", surplus)
        try await host.succeed(dpdkHost, "revert")
      }
      withExtendedLifetime(profile) {}
    }
  }

  @Test("two at a time are refused: the second names the first")
  func locked() async throws {
    try await Pools.exclusively {
      let profile = try ProfileFile(yaml)
      let lock = try FileDescriptor.open(
        "/run/dpdk-host.lock", .readWrite, options: .create, permissions: .ownerReadWrite)
      defer {
        unlink("/run/dpdk-host.lock")
        try? lock.close()
      }
      try #require(flock(lock.rawValue, LOCK_EX) == 0)
      try lock.writeAll("4242\n".utf8)
      let applied = try await run(dpdkHost, ["apply", "--profile", profile.path, "--format", "json"])
      #expect(applied.code == 1)
      #expect(try ReportFields(applied.output).failure?.contains("another dpdk-host (pid 4242)") == true)
    }
  }

  @Test("a stale map file is found, and deleted by apply")
  func staleMapFile() async throws {
    try await Pools.exclusively {
      let profile = try ProfileFile(yaml)
      let path = profile.path
      try await MountNamespace.with { host in
        try await host.succeed(dpdkHost, "apply", "--profile", path)
        // A file of one page, allocated and mapped by nobody, as a killed engine leaves it.
        let allocate = try await host.run("/usr/bin/fallocate", "-l", "2M", "/mnt/dpdk-host-test/rtemap_0")
        #expect(allocate.code == 0, "\(allocate.errors)")
        let plan = try ReportFields(
          try await host.run(dpdkHost, "plan", "--profile", path, "--format", "json").output)
        #expect(plan.actions.map(\.kind) == ["removeStaleMapFiles"])
        try await host.succeed(dpdkHost, "apply", "--profile", path)
        let files = try await host.run("/bin/ls", "/mnt/dpdk-host-test").output
        #expect(files.isEmpty)
        try await host.succeed(dpdkHost, "revert")
      }
      withExtendedLifetime(profile) {}
    }
  }

  @Test("nothing is taken from under a process that uses the mount: it is named")
  func inUse() async throws {
    try await Pools.exclusively {
      let profile = try ProfileFile(yaml)
      let path = profile.path
      try await MountNamespace.with { host in
        try await host.succeed(dpdkHost, "apply", "--profile", path)
        let mapper = Task {
          try await host.run(
            "/usr/bin/python3", "-c",
            """
            import mmap, os, sys, time
            f = os.open("/mnt/dpdk-host-test/rtemap_0", os.O_CREAT | os.O_RDWR)
            os.ftruncate(f, 2 << 20)
            m = mmap.mmap(f, 2 << 20); m[0] = 1
            open("/mnt/dpdk-host-test.ready", "w").close()
            time.sleep(3)
            """)
        }
        for _ in 1...200 where access("/mnt/dpdk-host-test.ready", F_OK) != 0 {
          try await Task.sleep(for: .milliseconds(20))
        }
        #expect(unlink("/mnt/dpdk-host-test.ready") == 0, "the process did not come up")
        let refused = try await host.run(dpdkHost, "revert", "--format", "json")
        #expect(refused.code == 4)
        #expect(try ReportFields(refused.output).findings.map(\.id).contains("dpdk.inUse"))
        #expect(refused.output.contains("python3"))
        #expect(try Pools.pages() == 160)
        _ = try await mapper.value
        try await host.succeed(dpdkHost, "revert")
      }
      withExtendedLifetime(profile) {}
    }
  }

  @Test(
    "provision goes from nothing reserved to a measured rate over failsafe, on the profile's own mount",
    .enabled(if: hasEngine, "the packet engine is not built: libdpdk-dev is missing"))
  func provision() async throws {
    try await Pools.exclusively {
      let before = try Pools.pages()
      let profile = try ProfileFile(yaml)
      let path = profile.path
      try await MountNamespace.with { host in
        // Seen from outside while it runs: pages in use, and the engine's map files on the profile's mount.
        let watch = Task {
          for _ in 1...200 {
            let files = try await host.run("/bin/ls", "/mnt/dpdk-host-test").output
            if files.contains("map_") { return true }
            try await Task.sleep(for: .milliseconds(20))
          }
          return false
        }
        let provisioned = try await host.run(dpdkHost, "provision", "--profile", path, "--format", "json")
        #expect(provisioned.code == 0, "\(provisioned.errors)\(provisioned.output)")
        let report = try ReportFields(provisioned.output)
        #expect(report.verdict == .ready)
        #expect(report.traffic?.ports.map(\.driver) == ["net_failsafe", "net_failsafe"])
        #expect(report.traffic?.ports.contains { $0.rxPps > 1000 } == true)
        let seen = try await watch.value
        #expect(seen, "the engine had no map files on the mount of the profile")
        let left = try await host.run("/bin/ls", "/mnt/dpdk-host-test").output
        #expect(left.isEmpty, "map files were left")
        try await host.succeed(dpdkHost, "revert")
      }
      withExtendedLifetime(profile) {}
      try expectUntouched(pages: before)
    }
  }

  @Test(
    "a rate below the profile's minimum ends with exit code 5",
    .enabled(if: hasEngine, "the packet engine is not built: libdpdk-dev is missing"))
  func belowRate() async throws {
    try await Pools.exclusively {
      let profile = try ProfileFile(yaml.replacing("packetsPerSecond: 1000", with: "packetsPerSecond: 2000000000"))
      let path = profile.path
      try await MountNamespace.with { host in
        let provisioned = try await host.run(dpdkHost, "provision", "--profile", path, "--format", "json")
        #expect(provisioned.code == 5, "\(provisioned.errors)")
        #expect(try ReportFields(provisioned.output).findings.map(\.id).contains("engine.belowRate"))
        try await host.succeed(dpdkHost, "revert")
      }
      withExtendedLifetime(profile) {}
    }
  }

  @Test("verify on a host that is not prepared is blocked, and starts no engine")
  func notPrepared() async throws {
    try await Pools.exclusively {
      let profile = try ProfileFile(yaml)
      let result = try await run(dpdkHost, ["verify", "--profile", profile.path, "--format", "json"])
      #expect(result.code == 4)
      #expect(try ReportFields(result.output).findings.map(\.id).contains("host.notPrepared"))
    }
  }
}
