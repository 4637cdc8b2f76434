import Foundation
import Glibc
import Provisioning
import SystemPackage
import TestSupport
import Testing

extension ConfirmTests {
  @Test("a mount that is hidden keeps neither a device nor the pages from being given back")
  func blockedStep() async throws {
    try await TestHost.with { host in
      #expect(try await host.apply(within: 2).code == 0)
      let watch = try await host.watch()
      try await host.addBindingToJournal()
      try await host.must("/bin/mount", "-t", "tmpfs", "over", "/mnt")
      try await Task.sleep(for: .seconds(4))
      #expect(try Pools.pages() == host.before)
      #expect(watch.isRunning, "the mount is left to do")
      let log = try await host.watchLog()
      let device = try #require(log.range(of: "0000:00:1f.9"), "\(log)")
      let pages = try #require(log.range(of: "node 0"), "\(log)")
      #expect(device.lowerBound < pages.lowerBound, "the device is first: \(log)")
      try await host.must("/bin/umount", "/mnt")
      try await watch.ended(within: 8)
      #expect(try await host.mounts() == [])
      try await host.removeLog()
    }
  }

  @Test("a file that cannot be read for a while, or for good, does not end the watch")
  func unreadable() async throws {
    try await TestHost.with { host in
      #expect(try await host.apply(within: 2).code == 0)
      let watch = try await host.watch()
      try await host.must("/usr/bin/truncate", "--size=9", "/run/dpdk-host/unconfirmed.json")
      try await Task.sleep(for: .seconds(1))
      #expect(watch.isRunning)
      try await watch.ended(within: 6)
      #expect(try Pools.pages() == host.before)
      let log = try await host.watchLog()
      #expect(log.contains("'/run/dpdk-host/unconfirmed.json' is damaged"), "\(log)")
      try await host.removeLog()
    }
  }

  @Test("a revert that fails half-way leaves the watch, which undoes the rest, and what earlier applies did")
  func halfWay() async throws {
    try await TestHost.with { host in
      try await host.succeed("apply")
      let more = try host.more()
      #expect(try await host.apply(within: 3, profile: more.path).code == 0)
      let watch = try await host.watch()
      // A mount is busy while a process works in it.
      let worker = Task {
        try await host.namespace.run("/bin/sh", "-c", "cd /mnt/test-huge && exec sleep 4")
      }
      try await Task.sleep(for: .milliseconds(300))
      let reverted = try await host.namespace.run(dpdkHost, "revert")
      #expect(reverted.code == 1, "\(reverted.output)")
      #expect(try Pools.pages() == host.before)
      #expect(watch.isRunning)
      _ = try await worker.value
      try await watch.ended(within: 10)
      #expect(try await host.mounts() == [])
      try await host.removeLog()
    }
  }

  @Test("with a full /var all is undone once, and the journal is mended when there is room")
  func fullDisk() async throws {
    try await TestHost.with { host in
      try await host.succeed("apply")
      let more = try host.more()
      #expect(try await host.apply(within: 2, profile: more.path).code == 0)
      let watch = try await host.watch()
      try await host.must("/bin/mount", "-o", "remount,size=4k", "/var/lib")
      try await Task.sleep(for: .seconds(3))
      #expect(try Pools.pages() == host.pages)
      // Somebody's own pages, which came after the undo.
      try Pools.setPages(host.pages + 40)
      try await Task.sleep(for: .seconds(6))
      #expect(watch.isRunning)
      #expect(try Pools.pages() == host.pages + 40)
      let lines = try await host.watchLog().split(separator: "\n")
      #expect(lines.count < 8, "\(lines)")
      try await host.must("/bin/mount", "-o", "remount,size=1m", "/var/lib")
      try await watch.ended(within: 8)
      #expect(try Pools.pages() == host.pages + 40)
      try Pools.setPages(host.pages)
      try await host.removeLog()
      try await host.revert()
    }
  }

  @Test("in a container whose first process may end with the session it is refused, and nothing is changed")
  func container() async throws {
    try await TestHost.with { host in
      for command in [[], ["/bin/sh", "-c", "\"$@\"; exit $?", "sh"]] {
        let refused = try await host.namespace.run(
          "/usr/bin/unshare",
          arguments: ["--pid", "--fork", "--mount-proc"] + command + [
            dpdkHost.string, "apply", "--profile", host.profile, "--confirm-within", "5",
          ])
        #expect(refused.code == 1)
        #expect(refused.words.contains("in this container the watch that would undo it ends with this session"))
        #expect(try Pools.pages() == host.before)
      }
    }
  }
}

extension TestHost {
  /// As if the `apply` before had bound a device, which was pulled out since: to give that back is to do nothing.
  fileprivate func addBindingToJournal() async throws {
    let boot = try String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
    let entry = JournalEntry(
      time: "2026-01-01T00:00:00Z", boot: String(boot.prefix { $0 != "\n" }), machine: nil,
      effect: .binding(
        Binding(bus: "pci", address: "0000:00:1f.9", driver: "vfio-pci", formerDriver: "e1000e", device: nil)))
    let line = String(decoding: try JSONEncoder().encode(entry), as: UTF8.self)
    try await must("/bin/sh", "-c", "echo \"$1\" >> /var/lib/dpdk-host/journal.jsonl", "sh", line)
  }
}
