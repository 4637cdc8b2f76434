import Foundation
import SystemPackage
import TestSupport
import Testing

@Suite("install --from-source", .enabled(if: isRoot))
struct InstallSourceTests {
  private let cache = "/var/cache/dpdk-host"

  @Test("builds, looks, installs and journals, and revert --packages takes away just that")
  func wayAndBack() async throws {
    try await StandInMake.with { make in
      let done = try await make.install(StandInMake.tarball, "--jobs", "3")
      #expect(done.code == 0, "\(done)")
      #expect(done.output.contains("done  DPDK 19.11.14 into '/usr/local', \(StandInMake.drivers.count + 1) files"))
      #expect(done.errors.contains("[finished] /usr/bin/make"))
      #expect(
        try await make.host.log().map { $0.split(separator: " ").dropFirst(4).joined(separator: " ") } == [
          "config T=\(try await make.lines("uname -m")[0])-native-linux-gcc", "-j 3",
          "install DESTDIR=/var/cache/dpdk-host/source/stage prefix=/usr/local", "install DESTDIR= prefix=/usr/local",
          "", "",
        ])
      #expect(try await make.lines("ls /usr/local/lib").count == StandInMake.drivers.count + 1)
      #expect(try await make.lines("ls /var/cache/dpdk-host/source") == ["build.log"])

      // Its own, of the run before, is not in the way; somebody else's beside it is left alone.
      try await make.host.sh("touch /usr/local/lib/theirs")
      #expect(try await make.install(StandInMake.tarball).code == 0)
      let plain = try await make.host.dpdkHost("revert")
      #expect(plain.output.contains("source.left  DPDK 19.11.14"))
      #expect(try await make.lines("ls /usr/local/lib").count == StandInMake.drivers.count + 2)

      let back = try await make.host.dpdkHost("revert", "--packages")
      #expect(back.code == 0, "\(back)")
      #expect(try await make.lines("find /usr/local/lib -type f") == ["/usr/local/lib/theirs"])
      #expect(try await make.host.journal().isEmpty)
      #expect(try await make.lines("ls /var/cache").isEmpty)
      #expect(try await make.host.dpdkHost("revert", "--packages").output.contains("nothing to revert"))
    }
  }

  @Test("into a directory of its own, nothing of this host is changed, and nothing journalled")
  func destination() async throws {
    try await StandInMake.with { make in
      let done = try await make.install("/mnt/tree/dpdk", "--destdir", "/mnt/out")
      #expect(done.code == 0, "\(done)")
      #expect(try await make.lines("ls /mnt/out/usr/local/lib").contains("librte_pmd_mlx5.so.20.0"))
      #expect(try await make.lines("ls /usr/local") == ["bin"])
      #expect(try await !make.host.log().contains { $0.hasPrefix("ldconfig") })
      #expect(try await make.host.journal().isEmpty)
    }
  }

  @Test("a driver that did not come out is a blocker, nothing is installed, and a waiver installs the rest")
  func driverMissing() async throws {
    try await StandInMake.with { make in
      try await make.makes(StandInMake.drivers.filter { $0 != "net/mlx5" })
      let blocked = try await make.install(StandInMake.tarball)
      #expect(blocked.code == 4)
      #expect(blocked.output.contains("dpdk.driverMissing  net/mlx5"))
      #expect(try await make.lines("ls /usr/local") == ["bin"])
      #expect(try await make.host.journal().isEmpty)
      let waived = try await make.install(StandInMake.tarball, "--waive", "dpdk.driverMissing")
      #expect(waived.code == 0, "\(waived)")
      #expect(waived.output.contains("net/mlx4 net/netvsc"))
      #expect(try await make.lines("ls /usr/local/lib").count == StandInMake.drivers.count)
    }
  }

  @Test("installing that was cut short is undone, or finished by the next run")
  func cutShort() async throws {
    try await StandInMake.with { make in
      for isFinished in [false, true] {
        try await make.host.sh("touch /mnt/p/cut")
        let failed = try await make.install(StandInMake.tarball)
        #expect(failed.code == 1)
        #expect(failed.output.replacing("\n", with: " ").contains("the disk is full"), "\(failed)")
        #expect(try await make.lines("ls /usr/local/lib") == ["librte_eal.so.20.0"])
        #expect(try await make.host.journal().contains("librte_eal.so.20.0"))
        #expect(failed.output.replacing("\n", with: " ").contains("a part of it may be in '/usr/local'"), "\(failed)")
        if isFinished {
          try await make.host.sh("rm /mnt/p/cut")
          #expect(try await make.install(StandInMake.tarball).code == 0)
          #expect(try await make.lines("ls /usr/local/lib").count == StandInMake.drivers.count + 1)
        }
        #expect(try await make.host.dpdkHost("revert", "--packages").code == 0)
        #expect(try await make.lines("ls /usr/local") == ["bin"])
        #expect(try await make.host.journal().isEmpty)
      }
    }
  }

  @Test("a name in an archive is never taken for an option of tar's, not even in a dry run")
  func option() async throws {
    try await StandInMake.with { make in
      let top = "--use-compress-program=sh -c \"touch pwned; cat\" x"
      try await make.host.sh(
        "mkdir '/mnt/tree/\(top)'; cp -r /mnt/tree/dpdk/. '/mnt/tree/\(top)/'; "
          + "tar -cf /mnt/evil.tar -C /mnt/tree -- '\(top)'")
      for dry in [["--dry-run"], []] {
        let refused = try await make.host.namespace.run(
          TestSupport.dpdkHost, arguments: ["install", "--from-source", "/mnt/evil.tar"] + dry)
        #expect(refused.code == 4, "\(refused)")
      }
      #expect(try await make.lines("find / -xdev -name pwned -not -path '/proc/*'").isEmpty)
    }
  }

  @Test("what somebody put in the place of ours is kept, and not written over")
  func replaced() async throws {
    try await StandInMake.with { make in
      #expect(try await make.install(StandInMake.tarball).code == 0)
      try await make.host.sh("echo theirs > /usr/local/lib/librte_eal.so.20.0")
      let blocked = try await make.install(StandInMake.tarball, "--waive", "source.occupied")
      #expect(blocked.code == 4, "\(blocked)")
      #expect(blocked.output.contains("source.occupied  /usr/local/lib/librte_eal.so.20.0"))
      let back = try await make.host.dpdkHost("revert", "--packages")
      #expect(back.code == 0, "\(back)")
      #expect(back.output.contains("source.replaced  /usr/local/lib/librte_eal.so.20.0"))
      #expect(try await make.lines("ls /usr/local/lib") == ["librte_eal.so.20.0"])
      #expect(try await make.host.journal().isEmpty)
    }
  }

  @Test("a build takes the place of the one before as a whole")
  func again() async throws {
    try await StandInMake.with { make in
      try await make.makes(StandInMake.drivers + ["net/virtio"])
      #expect(try await make.install(StandInMake.tarball).code == 0)
      try await make.makes(StandInMake.drivers)
      #expect(try await make.install(StandInMake.tarball).code == 0)
      #expect(try await make.lines("ls /usr/local/lib").count == StandInMake.drivers.count + 1)
      #expect(try await !make.lines("ls /usr/local/lib").contains { $0.contains("virtio") })
      #expect(try await make.host.dpdkHost("revert", "--packages").code == 0)
      #expect(try await make.lines("ls /usr/local") == ["bin"])
    }
  }

  @Test("a build that is interrupted ends all that it started, and clears it away", arguments: ["INT", "TERM", "HUP"])
  func interrupted(signal: String) async throws {
    try await StandInMake.with { make in
      let ended = try await make.installDisturbed(by: "kill -\(signal) $$")
      #expect(ended.code == 1, "\(ended)")
      #expect(ended.output.contains("interrupted by a signal"), "\(ended)")
      #expect(try await make.lines("ls /var/cache/dpdk-host/source") == ["build.log"])
      // A zombie has ended, and waits for whoever inherited it.
      #expect(try await make.lines("ps -o stat= -p $(cat /mnt/p/hanging) | grep -v Z || true").isEmpty)
      #expect(try await make.host.journal().isEmpty)
    }
  }

  @Test("a signal that is ignored, as under nohup, stays so")
  func ignored() async throws {
    try await StandInMake.with { make in
      let ended = try await make.installDisturbed(
        after: "trap '' HUP", by: "kill -HUP $$; sleep 1; kill -0 $$ && touch /mnt/p/alive; kill -TERM $$")
      #expect(ended.code == 1, "\(ended)")
      #expect(try await make.lines("ls /mnt/p/alive") == ["/mnt/p/alive"])
    }
  }

  @Test("what a killed build left goes with the next revert --packages", arguments: [false, true])
  func killed(withPackages: Bool) async throws {
    try await StandInMake.with { make in
      if withPackages { #expect(try await make.host.dpdkHost("install").code == 0) }
      try await make.host.sh("mkdir -p /var/cache/dpdk-host/source/build; touch /var/cache/dpdk-host/source/old")
      #expect(try await make.host.dpdkHost("revert", "--packages").code == 0)
      #expect(try await make.lines("ls /var/cache").isEmpty)
    }
  }

  @Test("nothing is taken from under a build, and where nothing is to be taken it goes on")
  func building() async throws {
    try await StandInMake.with { make in
      let revert = [
        "-c", "exec 9<\(cache); flock 9; exec \(TestSupport.dpdkHost) revert --packages",
      ]
      try await make.host.sh("mkdir -p \(cache)/source")
      #expect(try await make.host.namespace.run("/bin/sh", arguments: revert).code == 0)
      #expect(try await make.lines("ls \(cache)") == ["source"])
      #expect(try await make.host.dpdkHost("install").code == 0)
      let refused = try await make.host.namespace.run("/bin/sh", arguments: revert)
      #expect(refused.code == 1)
      #expect(refused.output.contains("another dpdk-host is building DPDK"), "\(refused)")
      #expect(try await make.host.installed().contains("dpdk"))
    }
  }

  @Test("what came from source is taken away also where nothing can be written to /var/cache")
  func readOnlyCache() async throws {
    try await StandInMake.with { make in
      #expect(try await make.install(StandInMake.tarball).code == 0)
      try await make.host.sh("rm -r \(cache); mount -o remount,ro /var/cache")
      let back = try await make.host.dpdkHost("revert", "--packages")
      #expect(back.code == 0, "\(back)")
      #expect(try await make.lines("ls /usr/local") == ["bin"])
    }
  }

  @Test("what is installed can be read by all, whatever the umask")
  func modes() async throws {
    try await StandInMake.with { make in
      let done = try await make.host.namespace.run(
        "/bin/sh", "-c", "umask 077; exec \(TestSupport.dpdkHost) install --from-source \(StandInMake.tarball)")
      #expect(done.code == 0, "\(done)")
      #expect(try await make.lines("stat -c %a /usr/local/lib /usr/local/lib/* | sort -u") == ["644", "755"])
    }
  }

  @Test("what was removed is told also where the place of the build cannot be")
  func cacheStays() async throws {
    try await StandInMake.with { make in
      #expect(try await make.install(StandInMake.tarball).code == 0)
      try await make.host.sh("mount -o remount,ro /var/cache")
      let back = try await make.host.dpdkHost("revert", "--packages", "--format", "json")
      #expect(back.code == 1)
      #expect(back.output.contains("remove DPDK 19.11.14 from"), "\(back)")
      #expect(back.output.contains("cannot remove '\(cache)/source'"), "\(back)")
    }
  }

  @Test("^C while the loader is told of what is gone is waited for, and no package goes then")
  func interruptedRemoval() async throws {
    try await StandInMake.with { make in
      #expect(try await make.host.dpdkHost("install").code == 0)
      #expect(try await make.install(StandInMake.tarball).code == 0)
      try await make.host.sh("touch /mnt/p/interrupt")
      let ended = try await make.host.dpdkHost("revert", "--packages")
      #expect(ended.code == 1, "\(ended)")
      #expect(ended.output.contains("interrupted, and not begun"), "\(ended)")
      #expect(try await make.lines("ls /usr/local") == ["bin"])
      #expect(try await !make.host.journal().contains("source"))
      #expect(try await make.host.installed().contains("dpdk"))
    }
  }

  @Test("where the DPDK of before cannot be removed, it stays known as what it is")
  func kept() async throws {
    try await StandInMake.with { make in
      #expect(try await make.install(StandInMake.tarball).code == 0)
      let file = "/usr/local/lib/librte_pmd_mlx5.so.20.0"
      try await make.host.sh("mount --bind \(file) \(file); echo 19.11.15 > /mnt/tree/dpdk/VERSION")
      let failed = try await make.install("/mnt/tree/dpdk")
      #expect(failed.code == 1)
      #expect(failed.output.contains("cannot remove '\(file)'"), "\(failed)")
      #expect(try await make.host.dpdkHost("revert").output.contains("source.left  DPDK 19.11.14"))
      try await make.host.sh("umount \(file)")
      #expect(try await make.host.dpdkHost("revert", "--packages").code == 0)
      #expect(try await make.lines("ls /usr/local") == ["bin"])
    }
  }

  @Test(
    "a place that nothing can be put into is told before the build",
    arguments: [
      ("/mnt/p/log", "is no directory"), ("/proc/x", "cannot install below"), ("/mnt/a b", "source.pathUnsuitable"),
    ])
  func destinationRefused(path: String, told: String) async throws {
    try await StandInMake.with { make in
      try await make.host.sh("touch /mnt/p/log")
      let refused = try await make.install(StandInMake.tarball, "--destdir", path)
      #expect(refused.code == (told.hasPrefix("source.") ? 4 : 1), "\(refused)")
      #expect(refused.output.replacing("\n", with: " ").contains(told), "\(refused)")
      #expect(try await make.host.log().isEmpty)
    }
  }

  @Test("make does not choose drivers, and says so")
  func driverByMake() async throws {
    try await StandInMake.with { make in
      let refused = try await make.install(StandInMake.tarball, "--driver", "net/pcap")
      #expect(refused.code == 1)
      #expect(refused.output.contains("--driver requires a tree that meson builds"))
    }
  }

  @Test("another's DPDK in the same place is never written over")
  func occupied() async throws {
    try await StandInMake.with { make in
      // Libraries are seen before anything is built, another file before anything is installed.
      for (file, isBuilt) in [("librte_eal.so.20.0", false), ("librte_pmd_mlx5.so.20.0", true)] {
        try await make.host.sh(
          "rm -rf /usr/local/lib; : > /mnt/p/log; mkdir /usr/local/lib; echo old > /usr/local/lib/\(file)")
        let blocked = try await make.install(StandInMake.tarball)
        #expect(blocked.code == 4)
        #expect(blocked.output.contains("source.occupied  /usr/local/lib/\(file)"))
        #expect(try await make.host.log().isEmpty == !isBuilt)
      }
      #expect(try await make.lines("cat /usr/local/lib/*") == ["old"])
      #expect(try await make.host.journal().isEmpty)
    }
  }

  @Test(
    "a build that fails is told by its first error, leaves its log, and nothing else",
    arguments: [
      ("a.c:1:1: fatal error: numa.h: No such file or directory", "numa.h: No such file"),
      ("a.c:1:1: fatal error: x: No space left on device", "the disk is full"),
      ("gcc: fatal error: Killed signal terminated program cc1", "the memory is full"),
    ])
  func failure(said: String, told: String) async throws {
    try await StandInMake.with { make in
      // Of a run that was killed.
      try await make.host.sh("mkdir -p /var/cache/dpdk-host/source/build; touch /var/cache/dpdk-host/source/old")
      try await make.host.sh("echo '\(said)' > /mnt/p/fail; echo 'x: error: another' >> /mnt/p/fail")
      let failed = try await make.install(StandInMake.tarball)
      #expect(failed.code == 1)
      #expect(failed.output.replacing("\n", with: " ").contains(told), "\(failed)")
      #expect(try await make.lines("ls /var/cache/dpdk-host/source") == ["build.log"])
      #expect(try await make.host.sh("cat /var/cache/dpdk-host/source/build.log").contains(said))
      #expect(try await make.lines("ls /usr/local") == ["bin"])
      #expect(try await make.host.journal().isEmpty)
    }
  }

  @Test("a disk that is full in truth is told, and given back what was taken of it")
  func diskFull() async throws {
    try await StandInMake.with { make in
      try await make.host.sh(
        "mount -t tmpfs -o size=64k tmpfs /var/cache; cd /mnt/tree; head -c 200000 /dev/zero > dpdk/big; "
          + "tar -czf \(StandInMake.tarball) dpdk")
      let failed = try await make.install(StandInMake.tarball)
      #expect(failed.code == 1)
      #expect(failed.output.contains("the disk is full"), "\(failed)")
      #expect(try await make.lines("ls /var/cache/dpdk-host/source") == ["build.log"])
    }
  }

  @Test(
    "a source that cannot be used is one clear error, before anything is written",
    arguments: [
      ("head -c 300 \(StandInMake.tarball) > /mnt/x", 1, "cut short"),
      ("echo hello > /mnt/x", 1, "does not look like a tar archive"),
      ("tar -cf /mnt/x -C /mnt/p log", 4, "source.notDPDK"),
      (
        "mkdir -p '/mnt/-e/x' && cp -r /mnt/tree/dpdk/. /mnt/-e && tar -cf /mnt/x -C /mnt -- -e", 4,
        "no directory at its top"
      ),
      ("tar -cf /mnt/x -C /mnt/tree dpdk -C /mnt/p log", 4, "more than one directory or file at its top"),
      ("mkdir /mnt/x", 4, "source.notDPDK"),
      ("cp -r /mnt/tree/dpdk /mnt/x; rm /mnt/x/VERSION", 4, "source.incomplete"),
      ("cp -r /mnt/tree/dpdk /mnt/x; rm /mnt/x/config/common_base", 4, "source.incomplete"),
      ("cp -r /mnt/tree/dpdk /mnt/x; echo 18.08.1 > /mnt/x/VERSION", 4, "requires 18.11, is 18.08.1"),
      ("cp -r /mnt/tree/dpdk /mnt/x; rm -r /mnt/x/drivers/net/mlx4", 4, "dpdk.driverMissing  net/mlx4"),
      ("true", 1, "cannot read '/mnt/x'"), ("mkfifo /mnt/x", 1, "neither a directory nor a file"),
    ])
  func refused(script: String, code: Int32, told: String) async throws {
    try await StandInMake.with { make in
      try await make.host.sh(script)
      for dry in [["--dry-run"], []] {
        let refused = try await make.host.namespace.run(
          TestSupport.dpdkHost, arguments: ["install", "--from-source", "/mnt/x"] + dry)
        #expect(refused.code == code, "\(refused)")
        #expect(refused.output.replacing("\n", with: " ").contains(told), "\(refused)")
      }
      #expect(try await make.lines("ls /var/cache").isEmpty)
      #expect(try await make.host.log().isEmpty)
    }
  }

  @Test("a dry run prints every command, and makes nothing")
  func dryRun() async throws {
    try await StandInMake.with { make in
      let dry = try await make.install(StandInMake.tarball, "--dry-run", "--jobs", "2", "--format", "json")
      #expect(dry.code == 0, "\(dry)")
      let object = try JSONSerialization.jsonObject(with: Data(dry.output.utf8)) as? [String: Any]
      let source = try #require(object?["source"] as? [String: Any])
      #expect(source["version"] as? String == "19.11.14")
      #expect((source["commands"] as? [[String]])?.count == 7)
      #expect(try await make.lines("ls /var/cache").isEmpty)
      #expect(try await make.host.log().isEmpty)
    }
  }
}
