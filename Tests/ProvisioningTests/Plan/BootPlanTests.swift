import Testing

@testable import Provisioning

@Suite("Planning what the kernel command line carries")
struct BootPlanTests {
  static let older = "6.1.0-9-amd64"
  static let newer = "6.1.0-37-amd64"
  static let template = "GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT @ARGUMENTS@\"\n"
  static let persistence = Persistence(
    templates: ["60-dpdk-host.cfg": template], program: "/usr/bin/dpdk-host", profileText: "")

  /// A Debian of two kernels that have these words in their menu entries.
  static func debian(_ words: String = "", kernels: [String] = [older, newer]) -> BootFacts {
    BootFacts(
      firmware: .bios, settings: ["/etc/default/grub": "GRUB_TIMEOUT=0\n"], readsDropIns: true,
      programs: ["/usr/sbin/grub-mkconfig"], generated: ["/boot/grub/grub.cfg"],
      entries: kernels.flatMap { kernel in
        [
          entry(kernel, "root=UUID=1 ro \(words)"),
          entry(kernel, "root=UUID=1 ro single", title: "\(kernel) (recovery mode)", isRecovery: true),
        ]
      }, kernels: kernels)
  }

  static func entry(
    _ kernel: String?, _ line: String, title: String? = nil, isRecovery: Bool = false
  ) -> BootEntry {
    BootEntry(
      title: title ?? kernel ?? "", kernel: kernel, commandLine: line, isRecovery: isRecovery,
      declaredIn: "/boot/grub/grub.cfg")
  }

  static func host(_ boot: BootFacts, running line: String = "root=UUID=1 ro") -> HostFacts {
    var facts = sampleHost()
    facts.boot = boot
    facts.kernel.running = newer
    facts.kernel.commandLine = line
    return facts
  }

  static func wants(
    _ pages: [Int: Int], size: PageSize = .twoMegabytes, isolated: [Int] = [], units: Profile.Boot.Units = .auto
  ) -> Profile {
    Profile(
      name: "test", hugepages: [.init(size: size, amount: .nodes(pages))],
      boot: .init(arguments: .auto, units: units, isolatedCPUs: isolated))
  }

  func plan(_ profile: Profile, _ boot: BootFacts, running line: String = "root=UUID=1 ro") -> Plan {
    planBoot(profile, Self.persistence, on: Self.host(boot, running: line))
  }

  // MARK: What is written

  @Test("pages are named by node where every kernel knows that form, and the menu is made anew")
  func byNode() throws {
    let plan = plan(Self.wants([0: 512, 1: 256]), Self.debian())
    #expect(plan.findings.isEmpty)
    let change = try #require(plan.change)
    #expect(change.arguments == ["hugepagesz=2M", "hugepages=0:512,1:256"])
    #expect(change.settingsPath == "/etc/default/grub.d/60-dpdk-host.cfg")
    #expect(
      change.settings
        == "GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT hugepagesz=2M hugepages=0:512,1:256\"\n")
    #expect(change.commands == [["/usr/sbin/grub-mkconfig", "-o", "/boot/grub/grub.cfg"]])
    #expect(plan.actions.map(\.action) == [.writeBootArguments(change), .regenerateBootConfiguration(change)])
  }

  @Test("one older kernel is enough for the even form, which every kernel knows")
  func even() throws {
    let kernels = ["5.10.0-32-amd64", Self.newer]
    let plan = plan(Self.wants([0: 512, 1: 512]), Self.debian(kernels: kernels))
    #expect(try #require(plan.change).arguments == ["hugepagesz=2M", "hugepages=1024"])
  }

  @Test("what an older kernel cannot be told is not written, and left to the early unit")
  func uneven() {
    let boot = Self.debian(kernels: ["5.10.0-32-amd64", Self.newer])
    let profile = Self.wants([0: 512, 1: 256])
    let plan = plan(profile, boot)
    #expect(plan.actions.isEmpty)
    #expect(plan.findings.map(\.id) == ["boot.notPersisted"])
    #expect(plan.findings.first?.message.contains("5.10.0-32-amd64 is older than 5.16") == true)
    #expect(needsEarlyHugepages(profile, on: Self.host(boot)))
  }

  @Test("a machine of one node is told a plain number")
  func oneNode() throws {
    var facts = Self.host(Self.debian())
    facts.nodes = [sampleNode(0)]
    let plan = planBoot(Self.wants([0: 512]), Self.persistence, on: facts)
    #expect(try #require(plan.change).arguments == ["hugepagesz=2M", "hugepages=512"])
  }

  @Test("isolated CPUs go behind the pages")
  func isolation() throws {
    var facts = Self.host(Self.debian())
    facts.onlineCPUs = [0, 1, 2, 3, 4]
    let plan = planBoot(Self.wants([0: 8, 1: 8], isolated: [1, 2, 4]), Self.persistence, on: facts)
    #expect(
      try #require(plan.change).arguments.suffix(3) == ["isolcpus=1-2,4", "nohz_full=1-2,4", "rcu_nocbs=1-2,4"])
  }

  @Test(
    "a CPU is kept for the host itself",
    arguments: [([0, 1], "CPU 0"), ([1, 2, 3], nil), ([1, 2, 3, 9], "no CPU 9")] as [([Int], String?)])
  func housekeeping(isolated: [Int], message: String?) {
    var facts = Self.host(Self.debian())
    facts.onlineCPUs = [0, 1, 2, 3]
    let found = planIsolation(Self.wants([:], isolated: isolated), on: facts)
    #expect(found.count == (message == nil ? 0 : 1))
    if let message { #expect(found.first?.message.contains(message) == true) }
    #expect(found.contains { $0.severity == .blocker } == isolated.contains(0))
  }

  @Test("no host whose only CPU is isolated")
  func noCPULeft() {
    var facts = Self.host(Self.debian())
    facts.onlineCPUs = [1, 2]
    #expect(planIsolation(Self.wants([:], isolated: [1, 2]), on: facts).map(\.severity) == [.blocker])
  }

  // MARK: What is there

  @Test("nothing is left to do once the menu and the running kernel have it")
  func settled() {
    let line = "ro hugepagesz=2M hugepages=0:512,1:256"
    let plan = plan(Self.wants([0: 512, 1: 256]), Self.debian(line), running: line)
    #expect(plan == Plan())
  }

  @Test("until the reboot it is pending")
  func pending() {
    let plan = plan(Self.wants([0: 512, 1: 256]), Self.debian("hugepagesz=2M hugepages=0:512,1:256"))
    #expect(plan.actions.isEmpty)
    #expect(plan.findings.map(\.id) == [Finding.bootPendingID])
  }

  @Test("arguments of others that say the same are told and left")
  func foreignAndEnough() {
    let line = "ro default_hugepagesz=2M hugepages=0:512,1:256"
    let plan = plan(Self.wants([0: 512, 1: 256]), Self.debian(line), running: line)
    #expect(plan.findings.map { "\($0.id) \($0.severity)" } == ["boot.foreign info"])
    #expect(plan.actions.isEmpty)
  }

  @Test("arguments of others for another size do not keep ours away")
  func foreignOfAnotherSize() {
    let plan = plan(Self.wants([0: 512, 1: 256]), Self.debian("hugepagesz=1G hugepages=2"))
    #expect(plan.findings.map { "\($0.id) \($0.severity)" } == ["boot.foreign info"])
    #expect(plan.change != nil)
  }

  @Test("where the kernel would not heed ours behind theirs, nothing is written")
  func foreignInTheWay() {
    let profile = Self.wants([0: 512, 1: 256])
    let boot = Self.debian("hugepagesz=2M hugepages=64")
    let plan = plan(profile, boot)
    #expect(plan.findings.map { "\($0.id) \($0.severity)" } == ["boot.foreign warning"])
    #expect(plan.findings.first?.subject == "hugepagesz=2M hugepages=64")
    #expect(plan.actions.isEmpty)
    #expect(needsEarlyHugepages(profile, on: Self.host(boot)))
  }

  @Test("grubby would take the arguments of others away: it is not called")
  func foreignUnderGrubby() {
    var boot = Self.debian("hugepagesz=1G hugepages=2")
    boot.programs = ["/usr/sbin/grubby"]
    boot.usesLoaderEntries = true
    let plan = plan(Self.wants([0: 512, 1: 256]), boot)
    #expect(plan.findings.map { "\($0.id) \($0.severity)" } == ["boot.foreign warning"])
    #expect(plan.actions.isEmpty)
  }

  @Test("an entry of the administrator's own that has not what all others have is told")
  func entryWithout() {
    var boot = Self.debian("hugepagesz=2M hugepages=0:512,1:256")
    boot.entries.append(Self.entry(Self.newer, "root=UUID=1 ro debug", title: "mine"))
    let plan = plan(Self.wants([0: 512, 1: 256]), boot)
    #expect(plan.findings.map(\.id).sorted() == ["boot.entryWithout", "boot.pending"])
    #expect(plan.actions.isEmpty)
  }

  @Test("a kernel that no entry boots is told, and is not waited for")
  func notInMenu() {
    var boot = Self.debian("hugepagesz=2M hugepages=0:512,1:256")
    boot.kernels.append("6.12.1-mine")
    let plan = plan(Self.wants([0: 512, 1: 256]), boot)
    #expect(plan.findings.map(\.id).sorted() == ["boot.notInMenu", "boot.pending"])
    #expect(plan.actions.isEmpty)
  }

  @Test("what an earlier profile asked for and this one does not is written anew without")
  func stale() throws {
    var boot = Self.debian("hugepagesz=2M hugepages=0:512,1:256 isolcpus=1 nohz_full=1 rcu_nocbs=1")
    boot.ownArguments = [["hugepagesz=2M", "hugepages=0:512,1:256", "isolcpus=1", "nohz_full=1", "rcu_nocbs=1"]]
    let plan = plan(Self.wants([0: 512, 1: 256]), boot)
    #expect(try #require(plan.change).arguments == ["hugepagesz=2M", "hugepages=0:512,1:256"])
    let nothing = Profile(name: "n", boot: .init(arguments: .none))
    let without = planBoot(nothing, Self.persistence, on: Self.host(boot))
    #expect(try #require(without.change).arguments.isEmpty)
    #expect(without.change?.settings == "GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT \"\n")
    var settled = Self.debian()
    settled.ownArguments = boot.ownArguments
    let line = boot.entries[0].commandLine
    #expect(planBoot(nothing, nil, on: Self.host(settled, running: line)).findings.map(\.id) == [Finding.bootPendingID])
    #expect(planBoot(nothing, nil, on: Self.host(settled)) == Plan())
    let proof = BootProof(nothing, settled, on: Self.host(settled))
    #expect(proof.findings(on: boot).map(\.id) == ["boot.generatedDiffers"])
  }

  @Test("what only the next boot can do is a reboot, not an action")
  func settledByReboot() {
    let action = PlannedAction(.reserveHugepages(PoolRequest(node: 0, pageSize: .oneGigabyte, pages: 1)), reason: "")
    let pending = Finding(Finding.bootPendingID, .warning, subject: "", message: "")
    var report = Report(
      command: "check", profile: "p", findings: [pending], actions: [action], actionsArePending: true)
    #expect(report.verdict == .actionNeeded)
    report.isSettledByReboot = true
    #expect(report.verdict == .rebootNeeded)
  }

  // MARK: What cannot be

  @Test("more than a node can boot with is refused")
  func unsafe() {
    let plan = plan(Self.wants([0: 2040, 1: 256]), Self.debian())
    #expect(plan.findings.map { "\($0.id) \($0.subject) \($0.severity)" } == ["hugepages.unsafe node 0 blocker"])
    #expect(plan.actions.isEmpty)
  }

  @Test("what others ask for counts, too")
  func unsafeTogether() {
    let plan = plan(Self.wants([0: 600, 1: 600]), Self.debian("hugepagesz=1G hugepages=0:3"))
    #expect(plan.findings.map { "\($0.id) \($0.subject)" } == ["hugepages.unsafe node 0"])
  }

  @Test("in an image pages for every node cannot be counted, those of named nodes not be bounded")
  func image() {
    var facts = HostFacts(kernel: KernelFacts(installed: [Self.older, Self.newer]))
    facts.boot = Self.debian()
    var perNode = Self.wants([:])
    perNode.hugepages = [.init(size: .twoMegabytes, amount: .perNode(512))]
    let uncounted = planBoot(perNode, Self.persistence, on: facts)
    #expect(uncounted.findings.map(\.id) == ["boot.notPersisted"])
    #expect(uncounted.actions.isEmpty)
    #expect(needsEarlyHugepages(perNode, on: facts))
    let named = planBoot(Self.wants([0: 512]), Self.persistence, on: facts)
    #expect(named.findings.map(\.id) == ["boot.unbounded"])
    #expect(named.change?.arguments == ["hugepagesz=2M", "hugepages=0:512"])
  }

  @Test("where the tool cannot run, the settings are written and the first boot does the rest")
  func firstBoot() throws {
    var facts = HostFacts(kernel: KernelFacts(installed: [Self.older, Self.newer]))
    var boot = Self.debian()
    boot.canRegenerate = false
    facts.boot = boot
    let plan = planBoot(Self.wants([0: 512]), Self.persistence, on: facts)
    #expect(plan.findings.map(\.id) == ["boot.unbounded", "boot.firstBoot"])
    let change = try #require(plan.change)
    #expect(plan.actions.map(\.action) == [.writeBootArguments(change)])
    #expect(change.method == .grubMkconfig(outputs: []))
  }

  @Test("an image with a menu for each firmware is left to its first boot, too")
  func twoFirmwares() {
    var boot = Self.debian()
    boot.firmware = nil
    boot.generated = ["/boot/grub2/grub.cfg", "/boot/efi/EFI/redhat/grub.cfg"]
    let plan = plan(Self.wants([0: 512, 1: 512]), boot)
    #expect(plan.findings.map(\.id) == ["boot.firstBoot"])
    #expect(plan.change?.method == .grubMkconfig(outputs: []))
  }

  @Test(
    "what is not ours to write is told with the way to do it",
    arguments: [("ostree", "rpm-ostree kargs --append=hugepagesz=2M"), ("Flatcar", "/oem/grub.cfg")])
  func managed(manager: String, remedy: String) {
    var boot = Self.debian()
    boot.managedBy = manager
    let plan = plan(Self.wants([0: 512, 1: 256]), boot)
    #expect(plan.findings.map(\.id) == ["boot.notPersisted"])
    #expect(plan.findings.first?.remedy.contains(remedy) == true)
    #expect(plan.actions.isEmpty)
  }

  @Test("nothing is planned where the boot configuration was not read")
  func unread() {
    var facts = Self.host(Self.debian())
    facts.boot = nil
    #expect(planBoot(Self.wants([0: 512]), Self.persistence, on: facts) == Plan())
  }
}

@Suite("The proof of a generated menu")
struct BootProofTests {
  typealias Sample = BootPlanTests
  static let line = "hugepagesz=2M hugepages=0:512,1:256"

  func findings(_ generated: BootFacts, before: BootFacts = Sample.debian(), image: Bool = false) -> [String] {
    var facts = Sample.host(before)
    if image { facts.kernel.running = nil }
    return BootProof(Sample.wants([0: 512, 1: 256]), before, on: facts).findings(on: generated)
      .filter { $0.severity == .blocker }.map(\.subject)
  }

  @Test("holds where every kernel has it")
  func holds() { #expect(findings(Sample.debian(Self.line)).isEmpty) }

  @Test("names the kernel that would boot without")
  func lacks() {
    var generated = Sample.debian(Self.line)
    generated.entries[0].commandLine = "root=UUID=1 ro"
    #expect(findings(generated) == [Sample.older])
  }

  @Test("names the kernel that lost its entry")
  func lost() {
    var generated = Sample.debian(Self.line)
    generated.entries.removeFirst(2)
    #expect(findings(generated) == [Sample.older])
  }

  @Test("does not hold of an empty menu")
  func empty() {
    var generated = Sample.debian(Self.line)
    generated.entries = []
    #expect(findings(generated) == ["every kernel"])
  }

  @Test("wants a recovery entry to stay a way in")
  func spoilt() {
    var generated = Sample.debian(Self.line)
    generated.entries[1].commandLine += " \(Self.line)"
    #expect(findings(generated) == [Sample.older])
  }

  @Test("does not let a tool find another root than the menu or the running kernel has", arguments: [true, false])
  func root(image: Bool) {
    var generated = Sample.debian(Self.line)
    generated.entries[0].commandLine = "root=/dev/vda1 ro \(Self.line)"
    #expect(findings(generated, image: image) == [Sample.older])
    generated.entries[0].commandLine = "root=UUID=1 ro \(Self.line)"
    var before = Sample.debian()
    before.entries[0].commandLine = "root=/dev/old ro"
    #expect(findings(generated, before: before).isEmpty, "the running kernel has found it there")
  }

  @Test("tells which other arguments go")
  func lostWords() {
    let before = Sample.debian("rd.lvm.lv=a/b console=ttyS0")
    let facts = Sample.host(before)
    let proof = BootProof(Sample.wants([0: 512, 1: 256]), before, on: facts)
    let found = proof.findings(on: Sample.debian("console=ttyS0 \(Self.line)"))
    #expect(found.map { "\($0.id) \($0.severity)" } == ["boot.menuDiffers warning"])
    #expect(found.first?.message.contains("'rd.lvm.lv=a/b'") == true)
  }
}

extension Plan {
  fileprivate var change: BootChange? {
    actions.compactMap { planned in
      switch planned.action {
      case .writeBootArguments(let change), .regenerateBootConfiguration(let change): change
      default: nil
      }
    }.first
  }
}
