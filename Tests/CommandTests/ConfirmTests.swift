import Foundation
import Glibc
import Provisioning
import SystemPackage
import TestSupport
import Testing

@Suite(
  "Changes that must be confirmed", .timeLimit(.minutes(5)), .serialized,
  .enabled(if: isRoot && hasHugepages, "needs root and hugepages of 2M on node 0"))
struct ConfirmTests {
  @Test("not confirmed in time, everything is undone, and what undid it says so")
  func undone() async throws {
    try await TestHost.with { host in
      let applied = try await host.apply(within: 2)
      #expect(applied.code == 0, "\(applied.errors)")
      #expect(applied.output.contains("confirm within 2 s, or everything is undone"))
      #expect(applied.output.contains("the serial console"))
      #expect(applied.output.contains("type: sudo dpdk-host confirm"))
      #expect(try Pools.pages() == host.pages)
      let watch = try await host.watch()
      #expect(getsid(watch.pid) == watch.pid, "in the session of the terminal it would end with that")
      kill(watch.pid, SIGHUP)
      try await watch.ended(within: 6)
      #expect(try Pools.pages() == host.before)
      let mounts = try await host.mounts()
      #expect(mounts.isEmpty)
      let log = try await host.namespace.run("/bin/cat", "/run/dpdk-host/unconfirmed.log")
      #expect(log.output.contains("reverted"), "\(log.output)")
      let late = try await host.confirm()
      #expect(late.code == 1)
      #expect(late.output.contains("nothing waits to be confirmed"))
      #expect(late.output.contains("journalctl"), "a timer's watch writes no log of its own")
      try await host.removeLog()
    }
  }

  @Test("confirmed, everything stays, the watch ends, and a second confirm fails")
  func kept() async throws {
    try await TestHost.with { host in
      #expect(try await host.apply(within: 3).code == 0)
      let watch = try await host.watch()
      let waiting = try await host.report("plan")
      #expect(waiting.report.ids.contains("apply.unconfirmed"))
      let confirmed = try await host.confirm()
      let settled = try await host.report("plan")
      #expect(!settled.report.ids.contains("apply.unconfirmed"))
      #expect(confirmed.code == 0, "\(confirmed.output)")
      #expect(confirmed.output.contains("confirmed"))
      try await watch.ended(within: 2)
      #expect(try await host.confirm().code == 1)
      let again = try await host.apply(within: 3)
      #expect(again.code == 0)
      #expect(again.errors.contains("nothing to confirm"))
      try await Task.sleep(for: .seconds(3))
      #expect(try Pools.pages() == host.pages)
      try await host.revert()
    }
  }

  @Test("the deadline counts from the end of apply, however long it took")
  func fromTheEnd() async throws {
    try await TestHost.with { host in
      // Stopped in its work for longer than the deadline, with the lock: the watch waits, and reads the deadline again.
      async let stopped = host.stopApply()
      let applying = Task { try await host.apply(within: 2) }
      let apply = try await stopped
      try await Task.sleep(for: .seconds(3))
      let watch = try await host.watch()
      #expect(watch.isRunning)
      kill(apply, SIGCONT)
      #expect(try await applying.value.code == 0)
      try await Task.sleep(for: .seconds(1))
      #expect(try Pools.pages() == host.pages, "a second after its end")
      #expect(try await host.confirm().code == 0)
      try await watch.ended(within: 2)
      try await host.revert()
    }
  }

  @Test("an apply that is killed in the middle of its work is undone")
  func killed() async throws {
    try await TestHost.with { host in
      async let stopped = host.stopApply()
      let applying = Task { try await host.apply(within: 2) }
      let apply = try await stopped
      let watch = try await host.watch()
      kill(apply, SIGKILL)
      #expect(try await applying.value.code != 0)
      try await watch.ended(within: 6)
      #expect(try Pools.pages() == host.before)
      try await host.removeLog()
    }
  }

  @Test("an apply that hangs is ended in the end, and undone")
  func hung() async throws {
    try await TestHost.with { host in
      async let stopped = host.stopApply()
      let applying = Task { try await host.apply(within: 1) }
      let apply = try await stopped
      let watch = try await host.watch()
      // Two minutes are long for a test.
      let file = "/run/dpdk-host/unconfirmed.json"
      let edited = try await host.namespace.run("/bin/sed", "-i", "s/\"hungAfter\":[0-9.]*/\"hungAfter\":1/", file)
      #expect(edited.code == 0)
      try await Watch(pid: apply).ended(within: 6)
      // Where the watch does not do it, the test must: a stopped process would never end.
      kill(apply, SIGKILL)
      #expect(try await applying.value.code != 0)
      try await watch.ended(within: 6)
      #expect(try Pools.pages() == host.before)
      try await host.removeLog()
    }
  }

  @Test("what an earlier apply did, and was kept, is not undone with the later one")
  func earlier() async throws {
    try await TestHost.with { host in
      try await host.succeed("apply")
      let more = try host.more()
      let applied = try await host.apply(within: 1, profile: more.path)
      #expect(applied.code == 0, "\(applied.errors)\(applied.output)")
      #expect(try Pools.pages() == host.pages + 32)
      try await host.watch().ended(within: 6)
      #expect(try Pools.pages() == host.pages)
      #expect(try await host.mounts().count == 1)
      try await host.removeLog()
      try await host.revert()
    }
  }

  @Test("while one waits another is refused, and revert undoes it at once and for good")
  func pending() async throws {
    try await TestHost.with { host in
      #expect(try await host.apply(within: 30).code == 0)
      let watch = try await host.watch()
      let refused = try await host.apply(within: 30)
      #expect(refused.code == 1)
      #expect(refused.output.contains("waits to be confirmed"))
      let plain = try await host.report("apply")
      #expect(plain.code == 1)
      try await host.revert()
      try await watch.ended(within: 2)
    }
  }

  @Test("what changes nothing need not be confirmed, whether it had nothing to do or was blocked")
  func nothingToDo() async throws {
    try await TestHost.with { host in
      try await host.succeed("apply")
      let again = try await host.apply(within: 1)
      #expect(again.code == 0)
      #expect(!again.output.contains("confirm within"))
      #expect(try await host.confirm().code == 1)
      try await host.revert()
    }
    try await TestHost.with(extra: 900_000) { host in
      let blocked = try await host.apply(within: 1)
      #expect(blocked.code == 4)
      #expect(try await host.confirm().code == 1)
    }
  }

  @Test("what a process keeps from being undone is tried again until it is gone")
  func inUse() async throws {
    try await TestHost.with { host in
      #expect(try await host.apply(within: 3).code == 0)
      let watch = try await host.watch()
      let mapper = Task {
        try await host.holdPage(seconds: 7)
      }
      try await Task.sleep(for: .seconds(5))
      #expect(try Pools.pages() == host.pages)
      let late = try await host.confirm()
      #expect(late.code == 1)
      #expect(late.output.contains("too late"))
      _ = try await mapper.value
      try await watch.ended(within: 12)
      #expect(try Pools.pages() == host.before)
      try await host.removeLog()
    }
  }
}
