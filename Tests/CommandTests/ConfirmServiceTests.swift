import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

/// With programs of the tests in the place of `systemd-run` and `systemctl`: what the real ones make of the arguments is
/// not tried here.
extension ConfirmTests {
  static let hasSystemd = access("/usr/bin/systemd-run", X_OK) == 0 && access("/usr/bin/systemctl", X_OK) == 0

  @Test(
    "where systemd runs the watch is a service of its own from the first moment on, and undoes",
    .enabled(if: hasSystemd, "needs the programs of systemd"))
  func service() async throws {
    try await TestHost.with { host in
      try await host.runSystemd(startingServicesWith: Self.starts)
      let applied = try await host.apply(within: 2)
      #expect(applied.code == 0, "\(applied.errors)\(applied.output)")
      let watch = try await host.service()
      #expect(watch.isRunning)
      let words = try await host.systemdCalls()[0].split(separator: " ").map(String.init)
      #expect(words.count == 6)
      #expect(words[0...1] == ["systemd-run", "--quiet"])
      #expect(words[2].hasPrefix("--unit=dpdk-host-unconfirmed-"))
      #expect(Array(words[3...]) == [dpdkHost.string, "revert", "--unconfirmed"])
      try await watch.ended(within: 6)
      #expect(try Pools.pages() == host.before)
      try await host.endSystemd()
    }
  }

  @Test(
    "confirmed, the service is stopped; the next has another name",
    .enabled(if: hasSystemd, "needs the programs of systemd"))
  func serviceConfirmed() async throws {
    try await TestHost.with { host in
      try await host.runSystemd(startingServicesWith: Self.starts)
      #expect(try await host.apply(within: 30).code == 0)
      let first = try await host.service()
      #expect(try await host.confirm().code == 0)
      try await first.ended(within: 1)
      let more = try host.more()
      #expect(try await host.apply(within: 30, profile: more.path).code == 0)
      let second = try await host.service()
      try await host.revert()
      try await second.ended(within: 1)
      let calls = try await host.systemdCalls()
      let units = calls.filter { $0.hasPrefix("systemd-run") }.compactMap { call in
        call.split(separator: " ").first { $0.hasPrefix("--unit=") }?.dropFirst("--unit=".count)
      }
      #expect(Set(units).count == 2)
      #expect(
        calls.filter { $0.hasPrefix("systemctl") } == units.map { "systemctl --quiet --no-block stop \($0).service" })
      try await host.endSystemd()
    }
  }

  @Test(
    "where systemd does not start the service nothing is changed, and its reason is told",
    .enabled(if: hasSystemd, "needs the programs of systemd"))
  func serviceRefused() async throws {
    try await TestHost.with { host in
      try await host.runSystemd(startingServicesWith: "echo 'Failed to start transient service unit: no' >&2; exit 1")
      let refused = try await host.apply(within: 2)
      #expect(refused.code == 1)
      #expect(refused.words.contains("nothing was changed: systemd-run cannot start the watch"))
      #expect(refused.words.contains("transient service unit: no"))
      #expect(try Pools.pages() == host.before)
      #expect(try await host.confirm().output.contains("nothing waits to be confirmed"))
      try await host.endSystemd()
    }
  }

  @Test(
    "a service that does not report itself is no watch: nothing is changed, and it is stopped",
    .enabled(if: hasSystemd, "needs the programs of systemd"))
  func serviceSilent() async throws {
    try await TestHost.with { host in
      // As where SELinux denies systemd the program, which `systemd-run` does not hear of.
      try await host.runSystemd(startingServicesWith: "exit 0")
      let start = ContinuousClock.now
      let refused = try await host.apply(within: 2)
      #expect((.seconds(5) ..< .seconds(15)).contains(ContinuousClock.now - start))
      #expect(refused.code == 1)
      #expect(refused.words.contains("does not report itself"))
      #expect(refused.words.contains("see: journalctl -u dpdk-host-unconfirmed-"))
      #expect(try Pools.pages() == host.before)
      #expect(try await host.systemdCalls().last?.contains("stop dpdk-host-unconfirmed-") == true)
      try await host.endSystemd()
    }
  }

  @Test("a watch that somebody ended is told at the end of apply", .enabled(if: hasSystemd, "needs systemd's programs"))
  func serviceEnded() async throws {
    try await TestHost.with { host in
      try await host.runSystemd(startingServicesWith: Self.starts)
      async let stopped = host.stopApply()
      let applying = Task { try await host.apply(within: 30) }
      let apply = try await stopped
      let watch = try await host.service()
      kill(watch.pid, SIGKILL)
      try await watch.ended(within: 1)
      kill(apply, SIGCONT)
      let applied = try await applying.value
      #expect(applied.code == 1)
      #expect(applied.words.contains("somebody ended the watch"), "\(applied.output)")
      try await host.revert()
      try await host.endSystemd()
    }
  }

  /// Starts the program behind the options, away from whoever waits for the end of our output.
  private static let starts = """
    while case $1 in --*) true;; *) false;; esac; do shift; done
    setsid "$@" < /dev/null > /run/systemd/log 2>&1 &
    echo $! > /run/systemd/pid
    """
}

extension TestHost {
  /// Makes the namespace look as if systemd ran in it.
  fileprivate func runSystemd(startingServicesWith script: String) async throws {
    try await must("/bin/mkdir", "-p", "/run/systemd/system")
    for (name, body) in [("systemd-run", script), ("systemctl", "exit 0")] {
      let text = "#!/bin/sh\necho \(name) \"$@\" >> /run/systemd/calls\n\(body)\n"
      try await must(
        "/bin/sh", "-c", "printf %s \"$1\" > /run/systemd/$2 && chmod 755 /run/systemd/$2", "sh", text, name)
      try await must("/bin/mount", "--bind", "/run/systemd/\(name)", "/usr/bin/\(name)")
    }
  }

  /// What was asked of systemd, a line each.
  fileprivate func systemdCalls() async throws -> [String] {
    try await must("/bin/cat", "/run/systemd/calls").split(separator: "\n").map(String.init)
  }

  fileprivate func service() async throws -> Watch {
    let pid = try await must("/bin/cat", "/run/systemd/pid")
    guard let pid = Int32(pid.prefix { $0.isNumber }) else { throw Errno.noSuchProcess }
    return Watch(pid: pid)
  }

  fileprivate func endSystemd() async throws {
    try await must("/bin/umount", "/usr/bin/systemd-run", "/usr/bin/systemctl")
    // What a watch without systemd tells has its own file; that of a service is in the journal.
    _ = try await namespace.run("/bin/rmdir", "/run/dpdk-host")
    try await must("/bin/rm", "-r", "/run/systemd")
  }
}
