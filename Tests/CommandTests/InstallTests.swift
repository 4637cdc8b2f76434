import Foundation
import TestSupport
import Testing

@Suite("install", .enabled(if: isRoot))
struct InstallTests {
  private static let asked: Set<String> = ["dpdk", "dpdk-dev", "rdma-core", "ibverbs-providers"]

  @Test("installs once what is missing, journals what came of it, and revert --packages takes just that away")
  func wayAndBack() async throws {
    try await StandInPackages.with { host in
      let dry = try await host.dpdkHost("install", "--dry-run")
      #expect(dry.code == 0)
      #expect(dry.output.contains("DEBIAN_FRONTEND=noninteractive"))
      #expect(dry.output.contains("/usr/bin/apt-get install -y dpdk dpdk-dev rdma-core ibverbs-providers --no-remove"))
      #expect(try await host.log().isEmpty)
      #expect(try await host.journal().isEmpty)

      let done = try await host.dpdkHost("install")
      #expect(done.code == 0, "\(done)")
      #expect(try await host.installed() == Self.asked.union(["dpkg", "libdep:amd64"]))
      #expect(try await host.log().map { $0.split(separator: " ")[1] } == ["update", "install"])

      let again = try await host.dpdkHost("install")
      #expect(again.code == 0)
      #expect(again.output.contains("nothing is missing"))
      #expect(try await host.log().isEmpty)

      // Of somebody else, later.
      try await host.install("theirs")
      let plain = try await host.dpdkHost("revert")
      #expect(plain.code == 0)
      #expect(plain.output.contains("packages.left"))
      #expect(try await host.installed().isSuperset(of: Self.asked))

      let back = try await host.dpdkHost("revert", "--packages")
      #expect(back.code == 0, "\(back)")
      #expect(try await host.installed() == ["dpkg", "theirs"])
      #expect(try await host.journal().isEmpty)
      #expect(try await host.dpdkHost("revert", "--packages").output.contains("nothing to revert"))
    }
  }

  @Test("what others have come to need is kept and named, and taken away once they are gone")
  func needed() async throws {
    try await StandInPackages.with { host in
      _ = try await host.dpdkHost("install")
      try await host.sh("touch /mnt/p/theirs")
      let back = try await host.dpdkHost("revert", "--packages")
      #expect(back.code == 0)
      #expect(back.output.contains("packages.needed  theirs"))
      #expect(try await host.installed() == ["dpkg", "libdep:amd64"])
      try await host.sh("rm /mnt/p/theirs")
      _ = try await host.dpdkHost("revert", "--packages")
      #expect(try await host.installed() == ["dpkg"])
    }
  }

  @Test("a lock is waited for, and told; one that is held for too long is an error that leaves nothing")
  func lock() async throws {
    try await StandInPackages.with { host in
      let held = "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 4711 (unattended-upgr)"
      try await host.trouble(held, count: 99)
      let late = try await host.dpdkHost("install", "--wait-for-lock", "1")
      #expect(late.code == 1)
      #expect(late.errors.contains("for process 4711 (unattended-upgr) to end"))
      #expect(late.output.contains("kept waiting for 1 s"))
      #expect(try await host.journal().isEmpty)

      try await host.trouble(held, count: 1)
      let done = try await host.dpdkHost("install", "--wait-for-lock", "60")
      #expect(done.code == 0, "\(done)")
      #expect(try await host.installed().isSuperset(of: Self.asked))
    }
  }

  @Test("what a full disk cut short is undone, or finished by the next run, and counted from before the first")
  func cutShort() async throws {
    try await StandInPackages.with { host in
      try await host.trouble("dpkg: half: No space left on device")
      let full = try await host.dpdkHost("install")
      #expect(full.code == 1)
      #expect(full.output.contains("found the disk full"))
      #expect(try await host.installed() == ["dpkg", "libdep:amd64"])
      let back = try await host.dpdkHost("revert", "--packages")
      #expect(back.code == 0, "\(back)")
      #expect(try await host.installed() == ["dpkg"])
      #expect(try await host.journal().isEmpty)

      try await host.trouble("dpkg: half: No space left on device")
      _ = try await host.dpdkHost("install")
      _ = try await host.log()
      let again = try await host.dpdkHost("install")
      #expect(again.code == 0, "\(again)")
      #expect(
        try await host.log().map { $0.split(separator: " ").prefix(3).joined(separator: " ") } == [
          "dpkg --configure -a", "apt-get install -y", "apt-get update -o", "apt-get install -y",
        ])
      _ = try await host.dpdkHost("revert", "--packages")
      #expect(try await host.installed() == ["dpkg"])
    }
  }

  @Test("what was unpacked and no more is finished with all that was to come along")
  func recommended() async throws {
    try await StandInPackages.with { host in
      try await host.sh("echo ethtool > /mnt/p/recommended")
      try await host.trouble("dpkg: unpacked: No space left on device")
      #expect(try await host.dpdkHost("install").code == 1)
      #expect(try await !host.installed().contains("ethtool"))
      _ = try await host.log()
      let again = try await host.dpdkHost("install")
      #expect(again.code == 0, "\(again)")
      #expect(try await host.installed() == Self.asked.union(["dpkg", "libdep:amd64", "ethtool"]))
      #expect(try await host.log().last?.hasSuffix("-o APT::Get::Mark-Auto=true") ?? false)
      #expect(try await host.dpdkHost("install").output.contains("nothing is missing"))
      let back = try await host.dpdkHost("revert", "--packages")
      #expect(try await host.installed() == ["dpkg"], "\(back)")
    }
  }

  @Test("of what was to come along, what is gone is done without; another trouble is one, and the next run goes on")
  func recommendedIsGone() async throws {
    try await StandInPackages.with { host in
      try await host.sh("printf 'ethtool\\ngone\\n' > /mnt/p/recommended")
      try await host.trouble("dpkg: unpacked: No space left on device")
      #expect(try await host.dpdkHost("install").code == 1)
      // '-f', what was asked for, and then the rest.
      try await host.sh("echo 2 > /mnt/p/well")
      try await host.trouble("dpkg: half: No space left on device")
      let full = try await host.dpdkHost("install")
      #expect(full.code == 1, "\(full)")
      #expect(full.output.contains("found the disk full"))
      try await host.happens(
        at: "apt-get",
        """
        case " $* " in *" gone "*)
          echo "E: Package 'gone' has no installation candidate" >&2
          exit 100 ;;
        esac
        """)
      let again = try await host.dpdkHost("install")
      #expect(again.output.contains("packages.without  gone"), "\(again)")
      #expect(again.code == 0, "\(again)")
      #expect(try await host.installed() == Self.asked.union(["dpkg", "libdep:amd64", "ethtool"]))
      #expect(try await host.dpdkHost("install").output.contains("nothing is missing"))
      _ = try await host.dpdkHost("revert", "--packages")
      #expect(try await host.installed() == ["dpkg"])
    }
  }

  @Test("what it cannot do is one clear error, and changes nothing")
  func refusals() async throws {
    try await StandInPackages.with { host in
      try await host.sh("printf 'exim4\\texim4\\tall\\tiF \\n' >> /mnt/p/installed")
      let broken = try await host.dpdkHost("install")
      #expect(broken.code == 4)
      #expect(broken.output.contains("packages.unfinished"))
      try await host.sh(": > /mnt/p/installed")
      let empty = try await host.dpdkHost("install")
      #expect(empty.code == 1)
      #expect(empty.output.contains("cannot make sense of what '/usr/bin/dpkg-query' says"))
      try await host.sh("printf 'ID=flatcar\\nVERSION_ID=4000\\n' > /mnt/p/os-release")
      let unknown = try await host.dpdkHost("install", "--format", "json")
      #expect(unknown.code == 4)
      #expect(unknown.output.contains("packages.unlisted"))
      #expect(unknown.output.contains("\"verdict\" : \"blocked\""))
      #expect(try await host.log().isEmpty)
      #expect(try await host.journal().isEmpty)
    }
  }
}
