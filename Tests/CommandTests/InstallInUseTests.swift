import TestSupport
import Testing

@Suite("install, revert --packages, and processes that run with DPDK", .enabled(if: isRoot))
struct InstallInUseTests {
  private static let library = "/usr/lib/x86_64-linux-gnu/librte_eal.so.99"

  private static func withPackages(_ body: @Sendable @escaping (StandInPackages) async throws -> Void) async throws {
    try await StandInPackages.with { host in
      try await host.placeInLibraries("x86_64-linux-gnu/librte_eal.so.99")
      #expect(try await host.dpdkHost("install").code == 0)
      try await body(host)
    }
  }

  @Test("packages are not taken from under a process that has their DPDK")
  func packages() async throws {
    try await Self.withPackages { host in
      let refused = try await host.dpdkHost(beside: StandInPackages.mapping(Self.library), "revert", "--packages")
      #expect(refused.code == 4, "\(refused)")
      #expect(refused.output.contains("dpdk.inUse"))
      #expect(try await host.installed().contains("dpdk"))
    }
  }

  @Test("nor from under one that began while a lock was waited for")
  func meanwhile() async throws {
    try await Self.withPackages { host in
      try await host.happens(at: "dpkg", "[ ! \"$dry\" ] || { \(StandInPackages.mapping(Self.library))\n}")
      let refused = try await host.dpdkHost("revert", "--packages")
      #expect(refused.code == 4, "\(refused)")
      #expect(refused.output.contains("dpdk.inUse"))
      #expect(try await host.installed().contains("dpdk"))
      try await host.sh("rm /mnt/p/at-dpkg")
      #expect(try await host.dpdkHost("revert", "--packages").code == 0)
      #expect(try await host.installed() == ["dpkg"])
    }
  }

  @Test(
    "a process that has another DPDK, of a bundle or in a container, is in nobody's way",
    arguments: [
      ("/mnt/bundle/librte_eal.so.23", ":"), (library, "mount --bind /mnt/bundle/librte_eal.so.23 \(library)"),
    ])
  func elsewhere(library: String, first: String) async throws {
    try await Self.withPackages { host in
      try await host.sh("mkdir /mnt/bundle; echo x > /mnt/bundle/librte_eal.so.23")
      let mapping = StandInPackages.mapping(library, after: first)
      let back = try await host.dpdkHost(beside: mapping, "revert", "--packages")
      #expect(back.code == 0, "\(back)")
      #expect(try await host.installed() == ["dpkg"])
    }
  }

  @Test("a process whose DPDK was replaced below it still has it")
  func replaced() async throws {
    try await StandInMake.with { make in
      #expect(try await make.install(StandInMake.tarball).code == 0)
      let library = "/usr/local/lib/librte_eal.so.20.0"
      let mapping =
        StandInPackages.mapping(library) + "\nmv \(library) /mnt/p/kept; rm /mnt/p/kept; echo x > \(library)"
      let refused = try await make.host.dpdkHost(beside: mapping, "revert", "--packages")
      #expect(refused.code == 4, "\(refused)")
    }
  }

  @Test("what was cut short stays known as such where a process is in the way")
  func cutShort() async throws {
    try await StandInPackages.with { host in
      try await host.placeInLibraries("x86_64-linux-gnu/librte_eal.so.99")
      try await host.trouble("dpkg: unpacked: No space left on device")
      #expect(try await host.dpdkHost("install").code == 1)
      try await host.happens(at: "dpkg", "[ ! \"$dry\" ] || { \(StandInPackages.mapping(Self.library))\n}")
      #expect(try await host.dpdkHost("revert", "--packages").code == 4)
      try await host.sh("rm /mnt/p/at-dpkg")
      let done = try await host.dpdkHost("install")
      #expect(done.code == 0, "\(done)")
    }
  }

  @Test("a build does not take the place of a DPDK that runs, and a dry run says so")
  func source() async throws {
    try await StandInMake.with { make in
      #expect(try await make.install(StandInMake.tarball).code == 0)
      _ = try await make.host.log()
      let mapping = StandInPackages.mapping("/usr/local/lib/librte_eal.so.20.0")
      for words in ["--dry-run", ""] {
        let refused = try await make.host.dpdkHost(
          beside: mapping, "install", words, "--from-source", StandInMake.tarball)
        #expect(refused.code == 4, "\(refused)")
        #expect(refused.output.contains("dpdk.inUse"))
        #expect(try await make.host.log().isEmpty)
      }
    }
  }
}
