import Provisioning
import Testing

@Suite("Planning the way back")
struct RevertPlanTests {
  func entry(_ effect: Effect, boot: String = "now", machine: String? = "m") -> JournalEntry {
    JournalEntry(time: "2026-01-01T00:00:00Z", boot: boot, machine: machine, effect: effect)
  }

  func pages(_ before: Int, _ asked: Int) -> Effect {
    .hugepages(node: 0, pageSize: .twoMegabytes, before: before, asked: asked)
  }

  var mounted: HostFacts {
    var host = sampleHost(nodes: [sampleNode(0, pages: 256)])
    host.mounts = [MountEntry(source: "dpdk-host", target: "/mnt/huge", type: "hugetlbfs", options: ["pagesize=2M"])]
    return host
  }

  let all: [Effect] = [
    .hugepages(node: 0, pageSize: .twoMegabytes, before: 0, asked: 256), .directory(path: "/mnt/huge"),
    .mount(target: "/mnt/huge", pageSize: .twoMegabytes), .module(name: "ib_uverbs"),
  ]

  @Test("everything is undone in the reverse of its order")
  func reverse() {
    let plan = planRevert(all.map { entry($0) }, on: mounted, boot: "now", machine: "m")
    #expect(
      plan.steps == [
        .unloadModule(name: "ib_uverbs"), .unmount(target: "/mnt/huge", pageSize: .twoMegabytes),
        .removeDirectory(path: "/mnt/huge"),
        .restorePool(PoolRequest(node: 0, pageSize: .twoMegabytes, pages: 0)),
      ])
    #expect(plan.findings.isEmpty)
  }

  @Test("of several changes to one pool the first original is restored")
  func firstOriginal() {
    let plan = planRevert([entry(pages(16, 64)), entry(pages(64, 256))], on: mounted, boot: "now", machine: "m")
    #expect(plan.steps == [.restorePool(PoolRequest(node: 0, pageSize: .twoMegabytes, pages: 16))])
  }

  @Test("after a reboot what outlives it is undone, and a mount that a unit of ours has made again")
  func reboot() {
    let plan = planRevert(all.map { entry($0, boot: "earlier") }, on: mounted, boot: "now", machine: "m")
    #expect(
      plan.steps == [
        .unmount(target: "/mnt/huge", pageSize: .twoMegabytes), .removeDirectory(path: "/mnt/huge"),
      ])
  }

  @Test("entries of an earlier boot do not hide the original of this one")
  func twoBoots() {
    let entries = [entry(pages(0, 64), boot: "earlier"), entry(pages(32, 256))]
    let plan = planRevert(entries, on: mounted, boot: "now", machine: "m")
    #expect(plan.steps == [.restorePool(PoolRequest(node: 0, pageSize: .twoMegabytes, pages: 32))])
  }

  @Test("a journal that came with a copied disk is told")
  func otherMachine() {
    let entries = all.map { entry($0, boot: "golden", machine: "golden") }
    let plan = planRevert(entries, on: mounted, boot: "now", machine: "m")
    #expect(plan.findings.map(\.id) == ["journal.otherMachine"])
    #expect(
      plan.steps == [
        .unmount(target: "/mnt/huge", pageSize: .twoMegabytes), .removeDirectory(path: "/mnt/huge"),
      ])
  }

  @Test("a machine id that is cleared before an image is made changes nothing: the boot is the same")
  func clearedMachineID() {
    let plan = planRevert(all.map { entry($0) }, on: mounted, boot: "now", machine: nil)
    #expect(plan.steps.count == 4)
    #expect(plan.findings.isEmpty)
  }

  @Test("pages that somebody added to ours are left")
  func foreignPages() {
    let host = sampleHost(nodes: [sampleNode(0, pages: 1280)])
    let plan = planRevert([entry(pages(16, 256))], on: host, boot: "now", machine: "m")
    #expect(plan.steps == [.restorePool(PoolRequest(node: 0, pageSize: .twoMegabytes, pages: 1040))])
    #expect(plan.findings.map(\.id) == ["hugepages.foreign"])
  }

  @Test("a pool that somebody made smaller than it was is never grown")
  func smaller() {
    let host = sampleHost(nodes: [sampleNode(0, pages: 0)])
    #expect(planRevert([entry(pages(4096, 5000))], on: host, boot: "now", machine: "m") == RevertPlan())
  }

  @Test("a mount of somebody else on our path is left alone")
  func foreignMount() {
    var host = mounted
    host.mounts[0].source = "nodev"
    let effect = Effect.mount(target: "/mnt/huge", pageSize: .twoMegabytes)
    #expect(planRevert([entry(effect)], on: host, boot: "now", machine: "m") == RevertPlan())
  }

  @Test("a mount of ours that a later one hides blocks")
  func hiddenMount() {
    var host = mounted
    host.mounts.append(MountEntry(source: "/dev/sdb1", target: "/mnt", type: "ext4", options: []))
    let effect = Effect.mount(target: "/mnt/huge", pageSize: .twoMegabytes)
    let plan = planRevert([entry(effect)], on: host, boot: "now", machine: "m")
    #expect(plan.findings.map(\.id) == ["mount.shadowed"])
  }

  @Test("a mount that is gone, and a pool that has its size already, need no step")
  func nothingLeft() {
    let plan = planRevert(
      [entry(pages(0, 256)), entry(.mount(target: "/mnt/huge", pageSize: .twoMegabytes))],
      on: sampleHost(nodes: [sampleNode(0)]), boot: "now", machine: "m")
    #expect(plan == RevertPlan())
  }

  @Test("a mount that somebody replaced by another is not ours to take away")
  func replaced() {
    var host = mounted
    host.mounts.append(MountEntry(source: "tmpfs", target: "/mnt/huge", type: "tmpfs", options: []))
    let plan = planRevert(
      [entry(.mount(target: "/mnt/huge", pageSize: .twoMegabytes))], on: host, boot: "now", machine: "m")
    #expect(plan.steps.isEmpty)
  }

  @Test("a process that maps files on the mount is named, and nothing is taken from it")
  func inUse() {
    var host = mounted
    host.hugepageUsers = [
      HugepageUser(pid: 42, command: "testpmd", kilobytes: 4096, files: ["/mnt/huge/rtemap_0"])
    ]
    let plan = planRevert(all.map { entry($0) }, on: host, boot: "now", machine: "m")
    #expect(plan.findings.map(\.id) == ["dpdk.inUse"])
    #expect(plan.findings.first?.message == "the mount is in use by 'testpmd' (pid 42)")
  }

  @Test("a process that needs more pages than would be left is named, one that has room is not")
  func pagesInUse() {
    var host = mounted
    host.nodes[0].pools[0].free = 200
    host.hugepageUsers = [HugepageUser(pid: 42, command: "vpp", kilobytes: 56 * 2048, files: [])]
    let none = planRevert([entry(pages(0, 256))], on: host, boot: "now", machine: "m")
    #expect(none.findings.map(\.id) == ["dpdk.inUse"])
    let room = planRevert([entry(pages(56, 256))], on: host, boot: "now", machine: "m")
    #expect(room.findings.isEmpty)
  }

  @Test("what is in the way of one step blocks that one alone, and what needs it")
  func blockedSteps() {
    var host = mounted
    host.mounts.append(MountEntry(source: "/dev/sdb1", target: "/mnt", type: "ext4", options: []))
    let plan = planRevert(all.map { entry($0) }, on: host, boot: "now", machine: "m")
    let unmount = RevertStep.unmount(target: "/mnt/huge", pageSize: .twoMegabytes)
    #expect(plan.blocked == [unmount])
    #expect(plan.steps.filter { $0.needs(unmount) } == [.removeDirectory(path: "/mnt/huge")])
  }

  @Test("pages in use block their pool, a device in use blocks itself")
  func blockedByUsers() {
    var host = mounted
    host.nodes[0].pools[0].free = 200
    host.hugepageUsers = [HugepageUser(pid: 42, command: "vpp", kilobytes: 56 * 2048, files: [])]
    let bindings = ["0000:00:04.0", "0000:00:05.0"].map {
      Binding(bus: "pci", address: $0, driver: "vfio-pci", formerDriver: "e1000e", device: nil)
    }
    let plan = planRevert(
      [entry(pages(0, 256))] + bindings.map { entry(.binding($0)) }, on: host,
      deviceUsers: [DeviceUser(pid: 42, command: "vpp", bus: "pci", address: "0000:00:05.0")], boot: "now", machine: "m"
    )
    #expect(
      plan.blocked == [
        .restorePool(PoolRequest(node: 0, pageSize: .twoMegabytes, pages: 0)), .returnDevice(bindings[1]),
      ])
    #expect(plan.steps.contains(.returnDevice(bindings[0])))
  }

  @Test("no module goes while a device is not given back, a directory not while something is mounted below")
  func needs() {
    let binding = Binding(bus: "pci", address: "0000:00:04.0", driver: "vfio-pci", formerDriver: "e1000e", device: nil)
    #expect(RevertStep.unloadModule(name: "vfio-pci").needs(.returnDevice(binding)))
    #expect(RevertStep.removeDirectory(path: "/mnt").needs(.unmount(target: "/mnt/a", pageSize: .twoMegabytes)))
    #expect(!RevertStep.removeDirectory(path: "/mnt/a").needs(.unmount(target: "/mnt/ab", pageSize: .twoMegabytes)))
    #expect(!RevertStep.returnDevice(binding).needs(.unmount(target: "/mnt/a", pageSize: .twoMegabytes)))
  }
}
