import Provisioning
import Testing

@Suite("Planning an installation")
struct InstallPlanTests {
  let requirements: Requirements

  init() throws {
    requirements = try Requirements(yaml: ShippedFile.text("distributions"), source: "distributions.yml")
  }

  func set(_ id: String, _ release: String?) throws -> PackageSet {
    try #require(requirements.packageSet(for: Distribution(id: id, release: release)))
  }

  func dpkg(_ names: String..., state: InstalledPackages.State = .installed) -> InstalledPackages {
    InstalledPackages(
      packages: (["dpkg"] + names).map {
        .init(id: $0, name: $0, architecture: "amd64", state: $0 == "dpkg" ? .installed : state)
      })
  }

  func commands(_ plan: InstallPlan) -> [String] { plan.steps.map { $0.command.prefix(4).joined(separator: " ") } }

  @Test("asks for what is missing alone, and for nothing where nothing is")
  func missing() throws {
    let set = try set("debian", "12")
    let some = planInstall(
      set, toBuild: false, installed: dpkg("dpdk", "rdma-core", "ibverbs-providers"), record: nil, signs: [],
      kernel: nil)
    #expect(some.missing == ["dpdk-dev"])
    #expect(
      commands(some) == [
        "/usr/bin/apt-get update -o quiet=1", "/usr/bin/apt-get install -y dpdk-dev",
      ])
    let none = planInstall(
      set, toBuild: false, installed: dpkg("dpdk", "dpdk-dev", "rdma-core", "ibverbs-providers"), record: nil,
      signs: [],
      kernel: nil)
    #expect(none == InstallPlan())
  }

  @Test("adds a repository once, and nothing that it needs where that is there")
  func repository() throws {
    let set = try set("ubuntu", "18.04")
    let sign = "/etc/apt/sources.list.d/canonical-server-ubuntu-server-backports-bionic.list"
    let there = planInstall(set, toBuild: false, installed: bareInstalled, record: nil, signs: [sign], kernel: nil)
    #expect(!there.steps.contains { $0.command[0].hasSuffix("add-apt-repository") })
    let ready = planInstall(
      set, toBuild: false, installed: dpkg("software-properties-common"), record: nil, signs: [], kernel: nil)
    #expect(
      ready.steps.first
        == InstallStep(
          .repository(undo: ["/usr/bin/add-apt-repository", "--remove", "ppa:canonical-server/server-backports", "-y"]),
          ["/usr/bin/add-apt-repository", "ppa:canonical-server/server-backports", "-y"]))
  }

  @Test("what was cut short is mended first, also where nothing is missing any more")
  func resume() throws {
    let record = PackageRecord(manager: .apt, before: ["dpkg"])
    let plan = planInstall(
      try set("debian", "12"), toBuild: false,
      installed: dpkg("dpdk", "dpdk-dev", "rdma-core", "ibverbs-providers", state: .unfinished), record: record,
      signs: [], kernel: nil)
    #expect(
      commands(plan).prefix(2) == [
        "/usr/bin/dpkg --configure -a --force-confdef", "/usr/bin/apt-get install -y -f",
      ])
    #expect(plan.steps.prefix(2).map(\.kind) == [.resume(mayFail: true), .resume(mayFail: false)])
    #expect(plan.steps[1].command.contains("--no-remove"))
    #expect(plan.missing == ["dpdk", "dpdk-dev", "rdma-core", "ibverbs-providers"])
  }

  @Test("asks also for what a run that was cut short was about to install, and has it count as brought along")
  func planned() throws {
    let record = PackageRecord(manager: .apt, isCutShort: true, planned: ["dpdk", "ethtool", "libbpf1"])
    let there = dpkg("dpdk", "dpdk-dev", "rdma-core", "ibverbs-providers", "libbpf1")
    let plan = planInstall(
      try set("debian", "12"), toBuild: false, installed: there, record: record, signs: [], kernel: nil)
    #expect(plan.missing == ["ethtool"])
    #expect(
      commands(plan).dropFirst(2) == ["/usr/bin/apt-get update -o quiet=1", "/usr/bin/apt-get install -y ethtool"])
    #expect(plan.steps.last?.kind == .rest(["ethtool"]))
    #expect(plan.steps.last?.command.last == "APT::Get::Mark-Auto=true")
    var done = record
    done.isCutShort = false
    let none = planInstall(
      try set("debian", "12"), toBuild: false, installed: there, record: done, signs: [], kernel: nil)
    #expect(none.steps.isEmpty)
  }

  @Test("what somebody else left half done is named and blocks, and nothing is run")
  func unfinished() throws {
    let plan = planInstall(
      try set("debian", "12"), toBuild: false, installed: dpkg("exim4", state: .unfinished), record: nil, signs: [],
      kernel: nil)
    #expect(plan.isBlocked)
    #expect(plan.findings.map(\.id) == ["packages.unfinished"])
    #expect(plan.findings[0].message.hasSuffix("and not by this program: exim4"))
    #expect(plan.steps.isEmpty)
    let unread = planInstall(
      try set("debian", "12"), toBuild: false, installed: dpkg("dpdk", state: .unfinished), record: nil,
      isRecordKnown: false, signs: [], kernel: nil)
    #expect(unread.isBlocked)
    #expect(unread.findings[0].message.hasSuffix("it may be one of this program: dpdk"))
    #expect(unread.findings[0].remedy.contains("sudo dpdk-host install"))
  }

  @Test("drivers go into the initramfs with the group, and again where a run was cut short")
  func finishing() throws {
    let set = try set("rhel", "7.9")
    func rpm(_ names: [String]) -> InstalledPackages {
      InstalledPackages(
        packages: names.map { .init(id: "\($0).x86_64", name: $0, architecture: "x86_64", version: "1", release: "1") })
    }
    let group = ["rdma-core", "libibverbs", "librdmacm"]
    func hasDracut(_ plan: InstallPlan) -> Bool { plan.steps.contains { $0.command[0] == "/usr/sbin/dracut" } }
    #expect(hasDracut(planInstall(set, toBuild: false, installed: rpm(["rpm"]), record: nil, signs: [], kernel: nil)))
    #expect(!hasDracut(planInstall(set, toBuild: false, installed: rpm(group), record: nil, signs: [], kernel: nil)))
    let cutShort = PackageRecord(manager: .yum, isCutShort: true)
    #expect(
      hasDracut(planInstall(set, toBuild: false, installed: rpm(group), record: cutShort, signs: [], kernel: nil)))
  }

  @Test("a release takes the packages from the newest entry before it; a rolling one the newest")
  func release() throws {
    #expect(try set("sles", "15.4").wanted.run.first == "dpdk")
    #expect(try set("sles", "15.7").wanted.run.first == "dpdk22")
    #expect(try set("debian", nil).manager == .apt)
    #expect(try set("centos", "8").manager == .dnf)
    #expect(requirements.packageSet(for: Distribution(id: "debian", release: "9")) == nil)
    #expect(requirements.packageSet(for: Distribution(id: "flatcar", release: "4000")) == nil)
  }

  @Test("an unknown distribution is a finding that names it and what is known")
  func unlisted() {
    let finding = Finding.packagesUnlisted(Distribution(id: "flatcar", release: "4000.0"), requirements)
    #expect(finding.id == "packages.unlisted")
    #expect(finding.severity == .blocker)
    #expect(finding.message.contains("is 'flatcar' 4000.0"))
    #expect(finding.message.contains("Debian 10"))
  }

  @Test("a kernel that came along asks for a reboot, the one that runs does not")
  func kernels() {
    #expect(planNewKernels(before: ["5.3-1"], after: ["5.3-1"], running: "5.3-1").isEmpty)
    #expect(planNewKernels(before: [], after: ["5.3-1"], running: "5.3-1").isEmpty)
    let findings = planNewKernels(before: ["5.3-1"], after: ["5.3-1", "5.3-2"], running: "5.3-1")
    #expect(findings.map(\.id) == ["boot.pending"])
    #expect(findings[0].message.contains("5.3-2 was installed, and 5.3-1 is running"))
  }

  @Test(
    "a mistake in the data is told with its place",
    arguments: [
      ("{from: x, manager: apt, run: [a], build: []}", "'x' is not a release"),
      ("{from: 1, manager: pacman, run: [a], build: []}", "'pacman' is none of apt"),
      ("{from: 1, manager: apt, run: [a]}", "key 'build' is missing"),
      ("{from: 1, manager: apt, run: [a], build: [], groups: [{name: g, members: [m]}]}", "groups are yum's"),
      (
        "{from: 1, manager: apt, run: [a], build: [], finishing: [{command: [dracut], undo: [/bin/true]}]}",
        "absolute path"
      ),
    ])
  func mistakes(entry: String, problem: String) {
    let yaml = """
      distributions: {d: {name: D, update: u, packages: [\(entry)]}}
      tables: {base: {}, mana: {}}
      """
    let error = #expect(throws: ProfileError.self) { try Requirements(yaml: yaml, source: "d.yml") }
    #expect(error?.description.contains(problem) ?? false, "\(String(describing: error))")
    #expect(error?.description.contains("$.distributions.d.packages[0]") ?? false)
  }
}
