import Provisioning
import Testing

@Suite("What goes on after the reboot")
struct ContinuationTests {
  @Test("a unit that ends what 'provision' began, and a link that starts it once")
  func files() throws {
    let sources = try samplePersistence(waived: ["kernel.tooOld"])
    let files = try #require(Continuation(sources, result: "/var/log/dpdk-host.json", console: true)).files
    #expect(files.map(\.path) == Continuation.paths)
    guard case .text(let unit) = files[0].content, case .link(let target) = files[1].content else {
      Issue.record("not a unit and a link")
      return
    }
    #expect(target == files[0].path)
    #expect(
      unit.contains(
        "\nExecStart=/usr/local/bin/dpdk-host provision --continued --profile /etc/dpdk-host/applied.yml "
          + "--wait-for-lock 300 --waive kernel.tooOld --result /var/log/dpdk-host.json --console\n"))
    #expect(!unit.contains("@"))
  }

  @Test("no unit is made of what it could not say")
  func impossible() throws {
    let sources = try samplePersistence()
    #expect(Continuation(sources, result: "relative.json", console: false) == nil)
    #expect(Continuation(sources, result: "/tmp/a b; reboot", console: false) == nil)
    #expect(Continuation(try samplePersistence(program: nil), result: nil, console: false) == nil)
    let bare = Persistence(templates: [:], program: "/usr/bin/dpdk-host", profileText: "")
    #expect(Continuation(bare, result: nil, console: false) == nil)
  }
}

@Suite("A part of a profile alone")
struct ProfilePartTests {
  @Test("hugepages alone are pools and what is in their way")
  func hugepages() {
    let wanted = profile(
      .init(size: .twoMegabytes, amount: .perNode(64), mount: .init(path: "/mnt/huge")), modules: ["ib_uverbs"])
    var host = sampleHost(nodes: [sampleNode(0), sampleNode(1, freeMiB: 130)])
    host.mounts = [MountEntry(source: "/dev/sda1", target: "/", type: "ext4", options: ["rw"])]
    host.unreadable = [UnreadableFile(path: "/etc/fstab", reason: "permission denied")]
    let plan = plan(wanted, only: .hugepages, on: host)
    #expect(plan.ids == ["hugepages.unsafe"])
    #expect(plan.actions.map(\.action) == [.reserveHugepages(.init(node: 0, pageSize: .twoMegabytes, pages: 64))])
    #expect(Provisioning.plan(wanted, only: .hugepages, on: host, waiving: ["hugepages.unsafe"]).isBlocked == false)
  }

  @Test("a host that shows no nodes blocks them")
  func noNodes() {
    let wanted = profile(.init(size: .twoMegabytes, amount: .perNode(64)))
    #expect(plan(wanted, only: .hugepages, on: sampleHost(nodes: [])).isBlocked)
  }
}
