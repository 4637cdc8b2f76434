import Glibc
import LinuxHost
import Provisioning
import Testing

@Suite("Gathering the users of huge pages")
struct GatherHugepageUseTests {
  private static let mounts: FakeRoot.Node = """
    nodev /mnt/huge hugetlbfs rw,relatime,pagesize=2M 0 0

    """
  private static let pages: [String: FakeRoot.Node] = [
    "proc/meminfo": "MemTotal: 100 kB\nMemFree: 50 kB\nHugepagesize: 2048 kB\n",
    "sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages": "8\n",
    "sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages": "4\n",
  ]

  /// A line of maps for a file that exists, with its own device and inode.
  private static func mapping(of file: String, as path: String) throws -> String {
    var status = stat()
    try #require(stat(file, &status) == 0)
    let device = DeviceNumber(UInt64(status.st_dev))
    let number = String(device.major, radix: 16) + ":" + String(device.minor, radix: 16)
    return "100000000-100200000 rw-s 00000000 \(number) \(status.st_ino)    \(path)\n"
  }

  private static func write(_ text: String, to path: String) throws {
    let file = try #require(fopen(path, "w"))
    defer { fclose(file) }
    try #require(fputs(text, file) >= 0)
  }

  @Test("finds the process, and the map files that nobody maps, by inode and not by path")
  func users() throws {
    let fake = try FakeRoot(
      Self.pages.merging([
        "proc/mounts": Self.mounts,
        "mnt/huge/rtemap_0": "", "mnt/huge/rtemap_1": "", "mnt/huge/amap_7": "", "mnt/huge/other": "",
        "mnt/huge/map_directory": .directory,
        "proc/self": .link("100"),
        "proc/100/status": "VmSize:\t 10 kB\nHugetlbPages:\t  4096 kB\n", "proc/100/comm": "dpdk-testpmd\n",
        "proc/100/maps": "", "proc/2/status": "Name:\tkthreadd\n", "proc/2/maps": .directory,
        "proc/30/status": "VmSize:\t 10 kB\nHugetlbPages:\t  0 kB\n", "proc/30/maps": "",
        "proc/9/status": "VmSize:\t 10 kB\nHugetlbPages:\t  2048 kB\n", "proc/9/comm": "postgres\n", "proc/9/maps": "",
      ]) { $1 })
    let other = "/run/private/huge/rtemap_0"
    try Self.write(try Self.mapping(of: fake.path("mnt/huge/rtemap_0"), as: other), to: fake.path("proc/100/maps"))
    let facts = gather(fake.root)
    #expect(
      facts.hugepageUsers == [
        HugepageUser(pid: 9, command: "postgres", kilobytes: 2048, files: []),
        HugepageUser(pid: 100, command: "dpdk-testpmd", kilobytes: 4096, files: [other]),
      ])
    #expect(facts.staleMapFiles == ["/mnt/huge/amap_7", "/mnt/huge/rtemap_1"])
    #expect(facts.unreadable.isEmpty)
  }

  @Test("takes the size of the mappings where the kernel is too old to tell")
  func oldKernel() throws {
    let fake = try FakeRoot(
      Self.pages.merging([
        "proc/mounts": Self.mounts, "mnt/huge/rtemap_0": "",
        "proc/100/status": "VmSize:\t 10 kB\n", "proc/100/comm": "l3fwd\n", "proc/100/maps": "",
      ]) { $1 })
    let path = "/mnt/huge/rtemap_0"
    try Self.write(try Self.mapping(of: fake.path("mnt/huge/rtemap_0"), as: path), to: fake.path("proc/100/maps"))
    let facts = gather(fake.root)
    #expect(facts.hugepageUsers == [HugepageUser(pid: 100, command: "l3fwd", kilobytes: 2048, files: [path])])
    #expect(facts.staleMapFiles.isEmpty)
  }

  @Test("calls no file stale while a process keeps its mappings closed")
  func closedMappings() throws {
    let fake = try FakeRoot(
      Self.pages.merging([
        "proc/mounts": Self.mounts, "mnt/huge/rtemap_0": "",
        "proc/100/status": "VmSize:\t 10 kB\nHugetlbPages:\t  2048 kB\n", "proc/100/comm": "l3fwd\n",
        "proc/100/maps": .directory,
      ]) { $1 })
    let facts = gather(fake.root)
    #expect(facts.hugepageUsers == [HugepageUser(pid: 100, command: "l3fwd", kilobytes: 2048, files: [])])
    #expect(facts.staleMapFiles.isEmpty)
    #expect(facts.unreadable.map(\.path) == ["/proc/100/maps"])
  }

  @Test("calls no file stale while a process cannot be looked at")
  func closedStatus() throws {
    let fake = try FakeRoot(
      Self.pages.merging([
        "proc/mounts": Self.mounts, "mnt/huge/rtemap_0": "", "proc/100/status": .directory,
      ]) { $1 })
    let facts = gather(fake.root)
    #expect(facts.staleMapFiles.isEmpty)
    #expect(facts.unreadable.map(\.path) == ["/proc/100/status"])
  }

  @Test("is not held up by the closed mappings of a process without huge pages")
  func closedWithoutPages() throws {
    let fake = try FakeRoot(
      Self.pages.merging([
        "proc/mounts": Self.mounts, "mnt/huge/rtemap_0": "",
        "proc/1/status": "VmSize:\t 10 kB\nHugetlbPages:\t  0 kB\n", "proc/1/maps": .directory,
      ]) { $1 })
    let facts = gather(fake.root)
    #expect(facts.staleMapFiles == ["/mnt/huge/rtemap_0"])
    #expect(facts.unreadable.isEmpty)
  }

  @Test("looks at no process where no page is used and no map file lies about")
  func unused() throws {
    let fake = try FakeRoot([
      "proc/mounts": Self.mounts, "mnt/huge/other": "",
      "proc/100/status": .directory,
    ])
    let facts = gather(fake.root)
    #expect(facts.hugepageUsers.isEmpty)
    #expect(facts.unreadable.isEmpty)
  }

  @Test("does not look into a mount that a later one hides")
  func shadowed() throws {
    let fake = try FakeRoot([
      "proc/mounts": "nodev /mnt/huge hugetlbfs rw,pagesize=2M 0 0\n/dev/sdb1 /mnt ext4 rw 0 0\n",
      "mnt/huge/rtemap_0": "",
    ])
    #expect(gather(fake.root).staleMapFiles.isEmpty)
  }
}
