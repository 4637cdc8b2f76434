import Foundation
import TestSupport
import Testing

/// What comes between, and what is left after it.
@Suite("install, disturbed", .enabled(if: isRoot))
struct InstallTroubleTests {
  private static let asked: Set<String> = ["dpdk", "dpdk-dev", "rdma-core", "ibverbs-providers"]

  @Test("what others install while a lock is waited for is theirs", arguments: [0, 1])
  func theirsWhileLocked(installationsBefore: Int) async throws {
    try await StandInPackages.with { host in
      try await host.sh("echo \(installationsBefore) > /mnt/p/well")
      try await host.trouble("E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 4711 (apt)")
      try await host.install("theirs", into: "others")
      let done = try await host.dpdkHost(
        "install", "--build-packages", "--wait-for-lock", "60", "--format", "json")
      #expect(done.code == 0, "\(done)")
      #expect(try await host.installed().contains("theirs"))
      #expect(!done.output.contains("\"theirs\""))
      _ = try await host.dpdkHost("revert", "--packages")
      #expect(try await host.installed() == ["dpkg", "theirs"])
      #expect(try await host.journal().isEmpty)
    }
  }

  @Test("what others install between a run that failed and the next is theirs")
  func theirsAfterFailure() async throws {
    try await StandInPackages.with { host in
      try await host.trouble("dpkg: half: No space left on device")
      #expect(try await host.dpdkHost("install").code == 1)
      try await host.install("theirs")
      let done = try await host.dpdkHost("install")
      #expect(done.code == 0, "\(done)")
      _ = try await host.dpdkHost("revert", "--packages")
      #expect(try await host.installed() == ["dpkg", "theirs"])
    }
  }

  @Test("nothing is taken away while an 'apply' waits to be confirmed")
  func unconfirmed() async throws {
    try await StandInPackages.with { host in
      _ = try await host.dpdkHost("install")
      let journal = try await host.journal()
      try await host.sh(
        """
        mkdir -p /run/dpdk-host && cat > /run/dpdk-host/unconfirmed.json <<END
        {"id": "1", "boot": "$(cat /proc/sys/kernel/random/boot_id)", "entriesBefore": 1, "seconds": 600, "deadline": 9e9}
        END
        """)
      let back = try await host.dpdkHost("revert", "--packages")
      #expect(back.code == 1)
      #expect(back.output.contains("waits to be confirmed"))
      #expect(try await host.journal() == journal)
      #expect(try await host.installed().isSuperset(of: Self.asked))
    }
  }

  @Test("what was killed while it was unpacked is taken away")
  func reinstall() async throws {
    try await StandInPackages.with { host in
      try await host.trouble("dpkg: reinstall: No space left on device")
      #expect(try await host.dpdkHost("install").code == 1)
      #expect(try await host.installed() == ["dpkg", "libdep:amd64"])
      let back = try await host.dpdkHost("revert", "--packages")
      #expect(back.code == 0, "\(back)")
      #expect(try await host.installed() == ["dpkg"])
      #expect(try await host.log().last == "dpkg --force-remove-reinstreq --purge libdep:amd64")
    }
  }

  @Test("the configuration that a removal left which was cut short is taken away by the next")
  func leftConfiguration() async throws {
    try await StandInPackages.with { host in
      _ = try await host.dpdkHost("install")
      try await host.sh("sed -i '/^libdep/s/ii /rc /' /mnt/p/installed")
      let back = try await host.dpdkHost("revert", "--packages")
      #expect(back.code == 0, "\(back)")
      #expect(try await host.installed() == ["dpkg"])
      #expect(try await host.journal().isEmpty)
    }
  }

  @Test("a name that the package manager passed over is an error that says so")
  func passedOver() async throws {
    try await StandInPackages.with { host in
      try await host.sh("echo dpdk-dev > /mnt/p/unknown")
      let done = try await host.dpdkHost("install")
      #expect(done.code == 1)
      #expect(done.output.contains("no repository of this host has 'dpdk-dev'"))
      try await host.sh("printf 'dev2\\tdev2\\tall\\tii \\tdpdk-dev (= 1), x\\n' >> /mnt/p/installed")
      #expect(try await host.dpdkHost("install").code == 0)
      try await host.sh("sed -i /^dev2/d /mnt/p/installed")
      _ = try await host.dpdkHost("revert", "--packages")
      #expect(try await host.installed() == ["dpkg"])
    }
  }

  @Test("^C lets the command that runs come to its end, begins no other, and the next run does the rest")
  func interrupted() async throws {
    try await StandInPackages.with { host in
      try await host.sh("touch /mnt/p/interrupt")
      let stopped = try await host.dpdkHostInForeground("install", "--build-packages")
      #expect(stopped.code == 1, "\(stopped)")
      #expect(stopped.errors.components(separatedBy: "which runs to its end").count == 2)
      #expect(stopped.output.contains("interrupted, and not begun: '/usr/bin/apt-get install -y …'"))
      #expect(try await host.installed() == Self.asked.union(["dpkg", "libdep:amd64"]))
      #expect(try await host.log().count == 2)
      let done = try await host.dpdkHost("install", "--build-packages")
      #expect(done.code == 0, "\(done)")
      #expect(try await host.installed().contains("meson"))
      _ = try await host.dpdkHost("revert", "--packages")
      #expect(try await host.installed() == ["dpkg"])
    }
  }

  @Test("^C while a lock is waited for ends the wait, and leaves nothing")
  func interruptedWait() async throws {
    try await StandInPackages.with { host in
      try await host.trouble("E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 4711 (apt)")
      try await host.sh("touch /mnt/p/interrupt")
      let stopped = try await host.dpdkHostInForeground("install", "--wait-for-lock", "60")
      #expect(stopped.code == 1, "\(stopped)")
      #expect(stopped.output.contains("interrupted, and not begun"), "\(stopped)")
      #expect(try await host.log().count == 2)
      #expect(try await host.installed() == ["dpkg"])
      #expect(try await host.journal().isEmpty)
    }
  }

  @Test("who holds the lock is told also where what was cut short is mended")
  func lockedMending() async throws {
    try await StandInPackages.with { host in
      try await host.trouble("dpkg: half: No space left on device")
      _ = try await host.dpdkHost("install")
      try await host.sh("touch /mnt/p/held")
      let late = try await host.dpdkHost("install", "--wait-for-lock", "1")
      #expect(late.code == 1)
      #expect(late.output.contains("4711 (wait until it has ended"))
      #expect(late.errors.contains("[failed]"))
      try await host.sh("rm /mnt/p/held")
      #expect(try await host.dpdkHost("install").code == 0)
    }
  }

  @Test("a repository that stays is told, kept in the journal, and in the way of no package")
  func repository() async throws {
    try await StandInPackages.with { host in
      _ = try await host.dpdkHost("install")
      try await host.sh(
        "sed -i 's|\"repositories\":\\[\\]|\"repositories\":[[\"/bin/false\"]]|' /var/lib/dpdk-host/journal.jsonl")
      let back = try await host.dpdkHost("revert", "--packages")
      #expect(back.code == 1)
      #expect(back.output.contains("'/bin/false' failed"))
      #expect(try await host.installed() == ["dpkg"])
      #expect(try await host.journal().contains("/bin/false"))
    }
  }

  @Test("a daemon that a maintainer script starts is not waited for")
  func daemon() async throws {
    try await StandInPackages.with { host in
      try await host.sh("touch /mnt/p/daemon")
      let start = ContinuousClock.now
      let done = try await host.dpdkHost("install")
      #expect(done.code == 0, "\(done)")
      #expect(ContinuousClock.now - start < .seconds(60))
    }
  }

  @Test("one source that is gone is a warning where another was read")
  func sourceUnread() async throws {
    try await StandInPackages.with { host in
      let gone = "E: The repository 'http://theirs x Release' no longer has a Release file."
      try await host.sh("printf '%s\\n' 'Hit:1 http://ours y InRelease' \"\(gone)\" > /mnt/p/update")
      let done = try await host.dpdkHost("install")
      #expect(done.code == 0, "\(done)")
      #expect(done.output.contains("packages.sourceUnread"))
      #expect(done.output.contains("'http://theirs x Release' no longer"))
      #expect(try await host.installed().isSuperset(of: Self.asked))
    }
  }

  @Test("what failed is not said to be done")
  func failed() async throws {
    try await StandInPackages.with { host in
      try await host.trouble("E: Sub-process x returned an error")
      let failed = try await host.dpdkHost("install")
      #expect(failed.code == 1)
      let lines = failed.output.split(separator: "\n")
      #expect(lines.contains("ran"))
      #expect(!lines.contains("done"))
      #expect(lines.filter { $0.hasSuffix("# failed") }.count == 1)
      #expect(lines.contains { $0.contains("/usr/bin/apt-get install") && $0.hasSuffix("# failed") })
    }
  }

  @Test("what a run of ours left half done of somebody else's is ours to finish, also after revert --packages")
  func halfOfOthers() async throws {
    try await StandInPackages.with { host in
      try await host.install("theirs")
      try await host.trouble("dpkg: half: No space left on device")
      #expect(try await host.dpdkHost("install").code == 1)
      // It was brought up to date, too.
      try await host.sh("sed -i 's/^theirs\\(.*\\)ii /theirs\\1iU /' /mnt/p/installed")
      #expect(try await host.dpdkHost("revert", "--packages").code == 0)
      #expect(try await host.installed() == ["dpkg", "theirs"])
      let done = try await host.dpdkHost("install")
      #expect(done.code == 0, "\(done)")
    }
  }

  @Test("a kernel that came is told also where a later command failed")
  func kernelBefore() async throws {
    try await StandInPackages.with { host in
      try await host.happens(at: "apt-get", "[ $1 = update ] || mount --bind /mnt/lib/modules /usr/lib/modules")
      try await host.placeInLibraries("modules/9.9.9-fake/modules.dep")
      try await host.sh("mkdir /mnt/none && mount --bind /mnt/none /usr/lib/modules")
      try await host.sh("echo 1 > /mnt/p/well")
      try await host.trouble("E: Unable to locate package meson", count: 9)
      let failed = try await host.dpdkHost("install", "--build-packages")
      #expect(failed.code == 1, "\(failed)")
      #expect(failed.output.contains("9.9.9-fake was installed, and"), "\(failed)")
    }
  }
}
