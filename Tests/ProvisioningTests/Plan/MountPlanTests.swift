import Provisioning
import Testing

@Suite("Planning hugetlbfs mounts")
struct MountPlanTests {
  let wanted = profile(.init(size: .twoMegabytes, amount: .perNode(1), mount: .init(path: "/mnt/huge")))

  func host(
    mounts: [MountEntry] = [], expected: [ExpectedMount] = [], paths: [PathFacts] = [], accounts: Accounts = Accounts()
  ) -> HostFacts {
    var host = sampleHost()
    host.mounts = [MountEntry(source: "/dev/sda1", target: "/", type: "ext4", options: ["rw"])] + mounts
    host.expectedMounts = expected
    host.paths = paths
    host.accounts = accounts
    host.defaultHugepageSize = .twoMegabytes
    return host
  }

  func hugetlbfs(_ target: String, _ options: String...) -> MountEntry {
    MountEntry(source: "nodev", target: target, type: "hugetlbfs", options: ["rw", "relatime"] + options)
  }

  @Test("an absent path is mounted, and so is an empty directory", arguments: [PathFacts.Kind.absent, .directory])
  func mounts(kind: PathFacts.Kind) {
    let plan = planMounts(wanted, on: host(paths: [PathFacts(path: "/mnt/huge", kind: kind)]))
    #expect(plan.findings.isEmpty)
    #expect(plan.actions.map(\.action) == [.mountHugetlbfs(.init(target: "/mnt/huge", pageSize: .twoMegabytes))])
  }

  @Test(
    "a mount of the right size is left alone, however the kernel writes the size",
    arguments: [["pagesize=2M"], ["pagesize=2048kB"], []])
  func mounted(options: [String]) {
    let entry = MountEntry(source: "none", target: "/mnt/huge", type: "hugetlbfs", options: options)
    #expect(planMounts(wanted, on: host(mounts: [entry])) == Plan())
  }

  @Test("a mount of another size is in the way")
  func otherSize() {
    let plan = planMounts(wanted, on: host(mounts: [hugetlbfs("/mnt/huge", "pagesize=1024M")]))
    #expect(plan.ids == ["mount.occupied"])
    #expect(plan.findings.first?.message == "requires pages of 2M, has pages of 1G")
  }

  @Test("another file system on the path is in the way")
  func otherType() {
    let entry = MountEntry(source: "/dev/sdb1", target: "/mnt/huge", type: "ext4", options: ["rw"])
    #expect(planMounts(wanted, on: host(mounts: [entry])).ids == ["mount.occupied"])
  }

  @Test("of two mounts on one path the later counts")
  func stacked() {
    let plan = planMounts(
      wanted, on: host(mounts: [hugetlbfs("/mnt/huge", "pagesize=2M"), hugetlbfs("/mnt/huge", "pagesize=1024M")]))
    #expect(plan.ids == ["mount.occupied"])
  }

  @Test("a mount that a later one covers is no use")
  func shadowed() {
    let disk = MountEntry(source: "/dev/sdb1", target: "/mnt", type: "ext4", options: ["rw"])
    let plan = planMounts(wanted, on: host(mounts: [hugetlbfs("/mnt/huge", "pagesize=2M"), disk]))
    #expect(plan.ids == ["mount.shadowed"])
    #expect(plan.isBlocked)
  }

  @Test("a mount on top of an earlier one on /mnt is fine")
  func onTop() {
    let disk = MountEntry(source: "/dev/sdb1", target: "/mnt", type: "ext4", options: ["rw"])
    #expect(planMounts(wanted, on: host(mounts: [disk, hugetlbfs("/mnt/huge", "pagesize=2M")])) == Plan())
  }

  @Test("what fstab will mount over the path blocks until it is mounted")
  func willBeShadowed() {
    let expected = [ExpectedMount(target: "/mnt", declaredIn: "/etc/fstab")]
    #expect(planMounts(wanted, on: host(expected: expected)).ids == ["mount.shadowed"])
    let disk = MountEntry(source: "/dev/sdb1", target: "/mnt", type: "ext4", options: ["rw"])
    #expect(planMounts(wanted, on: host(mounts: [disk], expected: expected)).actions.count == 1)
  }

  @Test(
    "what fstab will mount on the path itself blocks, unless it is a hugetlbfs", arguments: ["ext4", nil, "hugetlbfs"])
  func expectedOnPath(type: String?) {
    let expected = [ExpectedMount(target: "/mnt/huge", declaredIn: "/etc/fstab", type: type)]
    let plan = planMounts(wanted, on: host(expected: expected))
    #expect(plan.ids == (type == "hugetlbfs" ? [] : ["mount.shadowed"]))
  }

  @Test("/mnt2 is no ancestor of /mnt/huge")
  func sibling() {
    let expected = [ExpectedMount(target: "/mn", declaredIn: "/etc/fstab")]
    #expect(planMounts(wanted, on: host(expected: expected)).findings.isEmpty)
  }

  @Test(
    "what is at the path already is never covered",
    arguments: [
      PathFacts(path: "/mnt/huge", kind: .file), PathFacts(path: "/mnt/huge", kind: .directory, isEmpty: false),
      PathFacts(path: "/mnt/huge", kind: .symbolicLink), PathFacts(path: "/mnt", kind: .symbolicLink),
      PathFacts(path: "/mnt", kind: .file),
    ])
  func occupied(fact: PathFacts) {
    let plan = planMounts(wanted, on: host(paths: [fact]))
    #expect(plan.ids == ["mount.occupied"])
    #expect(plan.actions.isEmpty)
  }

  @Test("other mounts of the size are told and left")
  func others() {
    let plan = planMounts(wanted, on: host(mounts: [hugetlbfs("/dev/hugepages", "pagesize=2M")]))
    #expect(plan.ids == ["mount.other"])
    #expect(plan.actions.count == 1)
  }

  @Test("owner, group and mode become mount options, names by the host's accounts")
  func ownership() {
    let owned = profile(
      .init(
        size: .oneGigabyte, amount: .perNode(1),
        mount: .init(path: "/mnt/huge1G", owner: .id(1001), group: .name("dpdk"), mode: 0o770)))
    let plan = planMounts(owned, on: host(accounts: Accounts(groups: ["dpdk": 1002])))
    guard case .mountHugetlbfs(let mount)? = plan.actions.first?.action else {
      Issue.record("no mount was planned")
      return
    }
    #expect(mount.options == "pagesize=1G,uid=1001,gid=1002,mode=0770")
  }

  @Test("an account that the host does not have blocks")
  func unknownOwner() {
    let owned = profile(
      .init(size: .twoMegabytes, amount: .perNode(1), mount: .init(path: "/mnt/huge", owner: .name("nobody2"))))
    let plan = planMounts(owned, on: host())
    #expect(plan.ids == ["mount.ownerUnknown"])
    #expect(plan.actions.isEmpty)
  }

  @Test("a mount with another owner than asked is told")
  func ownerDiffers() {
    let owned = profile(
      .init(size: .twoMegabytes, amount: .perNode(1), mount: .init(path: "/mnt/huge", owner: .id(7), mode: 0o750)))
    let root = PathFacts(path: "/mnt/huge", kind: .directory, owner: 0, group: 0, mode: 0o755)
    let plan = planMounts(owned, on: host(mounts: [hugetlbfs("/mnt/huge", "pagesize=2M")], paths: [root]))
    #expect(plan.ids == ["mount.ownerDiffers"])
    #expect(plan.findings.first?.message == "requires owner 7, is 0; requires mode 0750, is 0755")
  }
}
