import Foundation
import Glibc
import Provisioning
import SystemPackage
import TestSupport
import Testing

@Suite(
  "A host provisioned for real", .timeLimit(.minutes(5)), .serialized,
  .enabled(if: isRoot && hasHugepages, "needs root and hugepages of 2M on node 0"))
struct ProvisionTests {
  @Test("apply converges, a second plan is empty, revert leaves everything as it was")
  func applyAndRevert() async throws {
    try await TestHost.with { host in
      let applied = try await host.report("apply")
      #expect(applied.code == 0, "\(applied.errors)")
      #expect(applied.report.schema == "dpdk-host/apply/1")
      #expect(applied.report.verdict == .ready)
      #expect(applied.report.kinds == ["reserveHugepages", "mountHugetlbfs"])
      #expect(try Pools.pages() == host.pages)
      let mounts = try await host.mounts()
      #expect(mounts == ["dpdk-host /mnt/test-huge hugetlbfs rw,nosuid,nodev,relatime,mode=750,pagesize=2M 0 0"])

      let plan = try await host.report("plan")
      #expect(plan.code == 0)
      #expect(plan.report.actions.isEmpty)
      let again = try await host.report("apply")
      #expect(again.report.actions.isEmpty)

      try await host.revert()
      let left = try await host.mounts()
      #expect(left.isEmpty)
      let twice = try await host.namespace.run(dpdkHost, "revert")
      #expect(twice.code == 0)
      #expect(twice.output == "verdict  nothing to revert\n")
    }
  }

  @Test("pages that were there before an apply are there after its revert")
  func keepsWhatWasThere() async throws {
    try await TestHost.with { host in
      try Pools.setPages(host.before + 8)
      try await host.succeed("apply")
      #expect(try Pools.pages() == host.pages)
      try await host.revert()
      #expect(try Pools.pages() == host.before + 8)
      try Pools.setPages(host.before)
    }
  }

  @Test("an apply that was interrupted after the journal is finished by the next, and undone to the first original")
  func interrupted() async throws {
    try await TestHost.with { host in
      try await host.succeed("apply")
      // As if the machine had died in the middle: the mount never came, the last line is cut short, pages are half.
      let unmounted = try await host.namespace.run("/bin/umount", "/mnt/test-huge")
      #expect(unmounted.code == 0)
      try Pools.setPages(host.before + 80)
      let cut = try await host.namespace.run(
        "/bin/sh", "-c", "printf '{\"boot\":\"c2c9' >> /var/lib/dpdk-host/journal.jsonl")
      #expect(cut.code == 0)

      try await host.succeed("apply")
      #expect(try Pools.pages() == host.pages)
      try await host.revert()
    }
  }

  @Test("killed at any moment, apply and revert are made good by the next")
  func killed() async throws {
    try await TestHost.with { host in
      for milliseconds in stride(from: 4, through: 60, by: 4) {
        for command in [["apply", "--profile", host.profile], ["revert"]] {
          let delay = "0.\(String(1000 + milliseconds).dropFirst())"
          // In the foreground `timeout` waits for what it killed: in the kernel, that may take a moment.
          _ = try await host.namespace.run(
            "/usr/bin/timeout", arguments: ["--foreground", "-s", "KILL", delay, dpdkHost.string] + command)
        }
        try await host.succeed("apply")
        #expect(try Pools.pages() == host.pages)
        try await host.revert()
        #expect(try Pools.pages() == host.before)
      }
    }
  }

  @Test("a request that would starve the node is refused and nothing is written")
  func starving() async throws {
    try await TestHost.with(extra: 900_000) { host in
      let applied = try await host.report("apply")
      #expect(applied.code == 4)
      #expect(applied.report.verdict == .blocked)
      #expect(applied.report.ids.contains("hugepages.unsafe"))
    }
  }

  @Test("a pool that stays short is told, and given back to the size of before")
  func short() async throws {
    try await TestHost.with { host in
      // The fault: a hundred pages that do not count, as if they were surplus, so that no write is ever enough.
      try Pools.setPages(host.before + 200)
      let fault = try FileDescriptor.open(
        "/tmp/dpdk-host-test-surplus", .readWrite, options: [.create, .truncate], permissions: .ownerReadWrite)
      defer {
        try? fault.close()
        unlink("/tmp/dpdk-host-test-surplus")
      }
      try fault.writeAll("100\n".utf8)
      let surplus = Pools.twoMegabytesOfNode0.replacing("nr_hugepages", with: "surplus_hugepages")
      let bound = try await host.namespace.run("/bin/mount", "--bind", "/tmp/dpdk-host-test-surplus", surplus)
      try #require(bound.code == 0)

      let applied = try await host.report("apply")
      #expect(applied.code == 4, "\(applied.errors)")
      #expect(applied.report.ids == ["hugepages.short"])
      #expect(try Pools.pages() == host.before + 100)
      let mounts = try await host.mounts()
      #expect(mounts.isEmpty, "nothing is mounted when the pages are not there")

      let unbound = try await host.namespace.run("/bin/umount", surplus)
      #expect(unbound.code == 0)
      try await host.revert()
      try Pools.setPages(host.before)
    }
  }

  @Test("two at a time are refused: the second names the first")
  func locked() async throws {
    try await TestHost.with { host in
      let script = "echo 4242 > /run/dpdk-host.lock; exec flock /run/dpdk-host.lock \"$@\""
      let applied = try await host.namespace.run(
        "/bin/sh", "-c", script, "sh", dpdkHost.string, "apply", "--profile", host.profile, "--format", "json")
      #expect(applied.code == 1)
      #expect(try ReportFields(applied.output).failure?.contains("another dpdk-host (pid 4242)") == true)
      let removed = try await host.namespace.run("/bin/rm", "/run/dpdk-host.lock")
      #expect(removed.code == 0)
    }
  }

  @Test("a stale map file is found, and deleted by apply")
  func staleMapFile() async throws {
    try await TestHost.with { host in
      try await host.succeed("apply")
      // A file of one page, allocated and mapped by nobody, as a killed engine leaves it.
      let allocated = try await host.namespace.run("/usr/bin/fallocate", "-l", "2M", "/mnt/test-huge/rtemap_0")
      #expect(allocated.code == 0, "\(allocated.errors)")
      let plan = try await host.report("plan")
      #expect(plan.report.kinds == ["removeStaleMapFiles"])
      try await host.succeed("apply")
      let files = try await host.mapFiles()
      #expect(files.isEmpty)
      try await host.revert()
    }
  }

  @Test("a revert that could not do all keeps in the journal only what is left to do")
  func partlyReverted() async throws {
    try await TestHost.with { host in
      try await host.succeed("apply")
      // A shell that stands in the mount keeps it busy, without a page of it.
      let visitor = Task {
        try await host.namespace.run(
          "/bin/sh", "-c", "cd /mnt/test-huge && touch /run/mount-visited && exec sleep 2")
      }
      for _ in 1...100 {
        if try await host.namespace.run("/usr/bin/test", "-e", "/run/mount-visited").code == 0 { break }
        try await Task.sleep(for: .milliseconds(10))
      }
      let partly = try await host.namespace.run(dpdkHost, "revert")
      #expect(partly.code == 1, "\(partly.errors)")
      #expect(try Pools.pages() == host.before)

      // Pages that an administrator reserves now are none of ours.
      try Pools.setPages(host.before + 64)
      _ = try await visitor.value
      try await host.revert()
      #expect(try Pools.pages() == host.before + 64)
      try Pools.setPages(host.before)
    }
  }

  @Test("nothing is taken from under a process that uses the mount: it is named")
  func inUse() async throws {
    try await TestHost.with { host in
      try await host.succeed("apply")
      let mapper = Task {
        try await host.holdPage(seconds: 3)
      }
      for _ in 1...100 where try await host.mapFiles().isEmpty { try await Task.sleep(for: .milliseconds(20)) }
      try await Task.sleep(for: .milliseconds(200))
      let refused = try await host.namespace.run(dpdkHost, "revert", "--format", "json")
      #expect(refused.code == 4)
      #expect(try ReportFields(refused.output).ids.contains("dpdk.inUse"))
      #expect(refused.output.contains("'python3'"))
      #expect(try Pools.pages() == host.pages)
      let ended = try await mapper.value
      #expect(ended.code == 0, "\(ended.errors)")
      try await host.revert()
    }
  }

  @Test(
    "provision goes from nothing reserved to a measured rate over failsafe, on the profile's own mount",
    .enabled(if: hasEngine, "the packet engine is not built: libdpdk-dev is missing"))
  func provision() async throws {
    try await TestHost.with { host in
      // Seen from outside while it runs: the engine's map files on the profile's mount.
      let watch = Task {
        for _ in 1...300 {
          if try await host.mapFiles().contains(where: { $0.contains("map_") }) {
            return try Pools.freePages() < Pools.pages()
          }
          try await Task.sleep(for: .milliseconds(10))
        }
        return false
      }
      let provisioned = try await host.report("provision")
      #expect(provisioned.code == 0, "\(provisioned.errors)")
      #expect(provisioned.report.verdict == .ready)
      #expect(provisioned.report.traffic?.ports.map(\.driver) == ["net_failsafe", "net_failsafe"])
      #expect(provisioned.report.traffic?.ports.contains { $0.rxPps > 1000 } == true)
      let seen = try await watch.value
      #expect(seen, "the engine had no map files on the mount of the profile, or took no pages")
      let left = try await host.mapFiles()
      #expect(left.isEmpty, "map files were left")
      try await host.revert()
    }
  }

  @Test(
    "a rate below the profile's minimum ends with exit code 5",
    .enabled(if: hasEngine, "the packet engine is not built: libdpdk-dev is missing"))
  func belowRate() async throws {
    try await TestHost.with(minimum: 2_000_000_000) { host in
      let provisioned = try await host.report("provision")
      #expect(provisioned.code == 5, "\(provisioned.errors)")
      #expect(provisioned.report.ids.contains("engine.belowRate"))
      try await host.revert()
    }
  }

  @Test("verify on a host that is not prepared is blocked, and starts no engine")
  func notPrepared() async throws {
    try await TestHost.with { host in
      let verified = try await host.report("verify")
      #expect(verified.code == 4)
      #expect(verified.report.ids.contains("host.notPrepared"))
    }
  }
}
