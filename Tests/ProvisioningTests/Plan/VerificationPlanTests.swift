import EngineMessages
import Provisioning
import Testing

@Suite("What a verification needs")
struct VerificationPlanTests {
  func findings(
    _ profile: Profile, on host: HostFacts, isApplied: Bool = true, waiving waived: Set<String> = []
  ) -> [Finding] {
    let plan = plan(profile, Requirements(), on: host)
    return verificationFindings(profile, plan, isApplied: isApplied, on: host, waiving: waived)
  }

  var host: HostFacts {
    var host = sampleHost()
    host.mounts = [MountEntry(source: "/dev/sda1", target: "/", type: "ext4", options: [])]
    return host
  }

  func blockers(_ findings: [Finding]) -> [String] { findings.filter { $0.severity == .blocker }.map(\.id) }

  @Test("a missing DPDK or driver blocks, unless it is waived")
  func driver() {
    var host = host
    host.dpdk.networkDrivers = ["net_memif"]
    #expect(blockers(findings(profile(), on: host)) == ["dpdk.driverMissing"])
    #expect(blockers(findings(profile(), on: host, waiving: ["dpdk.driverMissing"])).isEmpty)
    host.dpdk = DPDKInstallation()
    #expect(blockers(findings(profile(), on: host)) == ["dpdk.absent"])
  }

  @Test("that the host has no DPDK is but a note where a bundle carries one, and nothing where the host has it too")
  func carried() {
    var host = host
    host.dpdk.hostHasOwn = false
    let notes = findings(profile(), on: host).filter { $0.id.hasPrefix("dpdk.") }
    #expect(notes.map(\.id) == ["dpdk.absent"])
    #expect(notes.map(\.severity) == [.info])
    host.dpdk.hostHasOwn = true
    #expect(!findings(profile(), on: host).contains { $0.id.hasPrefix("dpdk.") })
  }

  @Test("what a bundle lacks blocks, and its remedy is another bundle and not a package")
  func carriedWithout() throws {
    var host = host
    host.dpdk.hostHasOwn = true
    host.dpdk.networkDrivers = ["net_memif"]
    let missing = try #require(findings(profile(), on: host).first { $0.id == "dpdk.driverMissing" })
    #expect(missing.severity == .blocker)
    #expect(missing.message.hasPrefix("the bundle's DPDK"))
    #expect(missing.remedy.hasPrefix("use a bundle"))
  }

  @Test("what packages could not bring is not sent to install again")
  func afterInstall() throws {
    var host = host
    host.dpdk.networkDrivers = []
    let before = try #require(planDPDK(profile(), on: host).first)
    let after = try #require(planDPDK(profile(), on: host, afterInstall: true).first)
    #expect(before.remedy.hasPrefix("run 'sudo dpdk-host install'"))
    #expect(after.remedy.hasPrefix("this distribution's DPDK is without"))
  }

  @Test("a host with something to apply blocks once it should be applied, and not before")
  func notPrepared() {
    let wanted = profile(.init(size: .twoMegabytes, amount: .perNode(8)))
    #expect(blockers(findings(wanted, on: host)) == ["host.notPrepared"])
    #expect(blockers(findings(wanted, on: host, isApplied: false)).isEmpty)
  }

  @Test("a profile with NICs is refused before anything is changed")
  func interfaces() {
    var wanted = profile()
    wanted.interfaces.data = .auto
    wanted.interfaces.pmd = .auto
    #expect(blockers(findings(wanted, on: host, isApplied: false)) == ["interface.tooFew"])
    #expect(
      blockers(findings(wanted, on: host, isApplied: false, waiving: ["interface.tooFew"])) == ["interface.tooFew"])
  }

  @Test("the engine gets the mount of the profile and a memif pair under failsafe, and no PCI device")
  func request() throws {
    let wanted = profile(
      .init(size: .twoMegabytes, amount: .perNode(8), mount: .init(path: "/mnt/huge")))
    guard case .run(let request, let expected) = planVerification(wanted, on: host, instance: "x") else {
      Issue.record("nothing is run")
      return
    }
    #expect(expected == ExpectedPorts(driver: "net_failsafe"))
    #expect(request.memory == .hugetlbfs(directory: "/mnt/huge"))
    #expect(request.allowedDevices.isEmpty)
    #expect(
      request.virtualDevices == [
        "net_failsafe0,dev(net_memif0,role=server,id=0,socket-abstract=yes,socket=x)",
        "net_failsafe1,dev(net_memif1,role=client,id=0,socket-abstract=yes,socket=x)",
      ])
  }
}

@Suite("Map files of dead programs")
struct StaleMapPlanTests {
  @Test("those on the profile's mount are deleted, others are told")
  func ours() {
    var host = sampleHost()
    host.staleMapFiles = ["/dev/hugepages/rtemap_0", "/mnt/huge/rtemap_1"]
    let wanted = profile(.init(size: .twoMegabytes, amount: .perNode(1), mount: .init(path: "/mnt/huge")))
    let plan = planStaleMapFiles(wanted, on: host)
    #expect(
      plan.actions.map(\.action) == [.removeStaleMapFiles(directory: "/mnt/huge", files: ["/mnt/huge/rtemap_1"])])
    #expect(plan.ids == ["hugepages.staleMapFiles"])
  }

  @Test(
    "EAL's names are known, others are not",
    arguments: [
      ("rtemap_0", true), ("amap_12", true), ("bitmap_cache", false), ("map_", false), ("rtemap_0.bak", false),
      ("12", false), ("", false),
    ])
  func names(name: String, isMapFile: Bool) { #expect(HugepageUser.isMapFile(name) == isMapFile) }
}

@Suite("Facts that could not be read")
struct UnreadableTests {
  @Test("a running host without a single node or mount blocks: nothing is planned as if there were none")
  func nothingSeen() {
    var host = sampleHost(nodes: [])
    let wanted = profile(.init(size: .twoMegabytes, amount: .perNode(1), mount: .init(path: "/mnt/huge")))
    let plan = plan(wanted, Requirements(), on: host)
    #expect(plan.isBlocked)
    #expect(plan.findings.filter { $0.id == "facts.unreadable" }.map(\.subject) == ["NUMA nodes", "mounts"])
    host.kernel.running = nil
    #expect(!Provisioning.plan(wanted, Requirements(), on: host).ids.contains("facts.unreadable"))
  }
}
