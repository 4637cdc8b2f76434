import Provisioning
import Testing

@Suite("What the kernel prints")
struct KernelTextTests {
  @Test(
    "a list of CPUs",
    arguments: [
      ("0-3,8\n", [0, 1, 2, 3, 8]), ("\n", []), ("", []), ("0", [0]), ("8,0", [0, 8]), ("0-1,1-2", [0, 1, 2]),
      ("0,", nil), (",", nil), ("3-1", nil), ("-1", nil), ("1-", nil), ("0-1-2", nil), ("a", nil), ("+1", nil),
      ("0 1", nil), ("0-99999999999999999999", nil), ("0-4000000000", nil), ("٣", nil),
    ] as [(String, [Int]?)])
  func list(text: String, expected: [Int]?) { #expect([Int](kernelList: text) == expected) }

  @Test("the memory of a node and of the machine")
  func meminfo() throws {
    let node = Meminfo(
      """
      Node 0 MemTotal:        4942028 kB
      Node 0 MemFree:         4054648 kB
      Node 0 Active(file):     323352 kB
      Node 0 Inactive(file):   336476 kB
      Node 0 SReclaimable:     126408 kB
      Node 0 HugePages_Total:     0
      """)
    #expect(
      NodeMemory(node)
        == NodeMemory(total: 4_942_028, free: 4_054_648, fileCache: 659_828, reclaimableSlab: 126_408))
    #expect(node.defaultHugepageSize == nil)
    let machine = Meminfo("MemTotal:  100 kB\nMemFree:  50 kB\nHugepagesize:    1048576 kB\n")
    #expect(NodeMemory(machine) == NodeMemory(total: 100, free: 50))
    #expect(machine.defaultHugepageSize == .oneGigabyte)
  }

  @Test(
    "no memory at all where total or free is missing",
    arguments: ["", "Node", "Node 0", "MemTotal: 1 kB", "MemTotal: x kB\nMemFree: 1 kB", "::"])
  func badMeminfo(text: String) { #expect(NodeMemory(Meminfo(text)) == nil) }

  @Test(
    "the directory of a page pool",
    arguments: [
      ("hugepages-2048kB", .twoMegabytes), ("hugepages-1048576kB", .oneGigabyte), ("hugepages-kB", nil),
      ("hugepages-0kB", nil), ("2048kB", nil), ("hugepages-2048", nil),
    ] as [(String, PageSize?)])
  func poolDirectory(name: String, expected: PageSize?) { #expect(PageSize(poolDirectory: name) == expected) }

  @Test("the huge pages of a process")
  func status() {
    #expect(
      HugepageUser.memory(inStatus: "Name:\ttestpmd\nVmSize:\t 10 kB\nHugetlbPages:\t  262144 kB\n")
        == .kilobytes(262_144))
    #expect(HugepageUser.memory(inStatus: "Name:\tkthreadd\nState:\tS\n") == .none)
    #expect(HugepageUser.memory(inStatus: "Name:\told\nVmSize:\t 10 kB\n") == .unknown)
    #expect(HugepageUser.memory(inStatus: "HugetlbPages:\tmany\n") == .unknown)
    #expect(HugepageUser.memory(inStatus: "") == .none)
  }

  @Test("the files that a process maps")
  func maps() throws {
    let text = """
      55d0c0000000-55d0c0001000 r--p 00000000 fe:00 131 /usr/bin/dpdk-testpmd
      100000000-100200000 rw-s 00000000 00:2f 4711                     /mnt/huge pages/rtemap_0
      100200000-100400000 rw-s 00200000 00:2f 4711                     /mnt/huge pages/rtemap_0
      100400000-100600000 rw-s 00000000 00:2f 4712                     /mnt/huge/a\\012b (deleted)
      100600000-100800000 rw-p 00000000 00:0e 12                       /anon_hugepage (deleted)
      7ffd00000000-7ffd00021000 rw-p 00000000 00:00 0                  [stack]
      7ffd00000000-7ffd00021000 rw-p 00000000 00:00 0
      junk
      """
    let device = try #require(DeviceNumber("00:2f"))
    #expect(
      MappedFile.files(inMaps: text, on: [device]) == [
        MappedFile(
          identity: FileIdentity(device: device, inode: 4711), path: "/mnt/huge pages/rtemap_0", isDeleted: false,
          kilobytes: 4096),
        MappedFile(
          identity: FileIdentity(device: device, inode: 4712), path: "/mnt/huge/a\nb", isDeleted: true, kilobytes: 2048),
      ])
    #expect(MappedFile.files(inMaps: text, on: []).isEmpty)
  }

  @Test("a device number, as stat and maps write it")
  func deviceNumber() {
    #expect(DeviceNumber(0x2f) == DeviceNumber("00:2f"))
    #expect(DeviceNumber(0xfe01) == DeviceNumber("fe:01"))
    #expect(DeviceNumber(0x12_3fff_ff45) == DeviceNumber("fff:123ff45"))
    #expect(DeviceNumber(0x1000_0000_0000_0001) == DeviceNumber("10000000:01"))
    #expect(DeviceNumber("fe") == nil)
    #expect(DeviceNumber("x:y") == nil)
  }

  @Test("kernels in the order of their age")
  func kernelOrder() {
    let names = ["6.1.0-10-cloud-amd64", "5.10.0-9-amd64", "6.1.0-9-cloud-amd64", "5.9.0", "6.1.0-9-amd64", "5.10.0"]
    #expect(
      names.sorted(by: KernelFacts.isOlder(_:than:)) == [
        "5.9.0", "5.10.0", "5.10.0-9-amd64", "6.1.0-9-amd64", "6.1.0-9-cloud-amd64", "6.1.0-10-cloud-amd64",
      ])
  }

  @Test(
    "the address of a network device",
    arguments: [
      ("00:0D:3a:aa:bb:01\n", "00:0d:3a:aa:bb:01"), ("00:00:00:00:00:00\n", nil), ("0.0.0.0\n", nil), ("\n", nil),
      ("00:00:10:29:fe:80:00:00:00:00:00:00:7c:fe:90:03:00:29:26:52\n", nil), ("0:1:2:3:4:5", nil),
      ("00:0d:3a:aa:bb:+1", nil), ("00:0d:3a:aa:bb:zz", nil),
    ] as [(String, String?)])
  func mac(text: String, expected: String?) { #expect(NetworkDevice.mac(sysfs: text) == expected) }

  @Test("the id of a PCI device and the node of a device")
  func identity() {
    #expect(BusDevice.pciID(vendor: "0x15B3\n", device: "0x1016\n") == "15b3:1016")
    #expect(BusDevice.pciID(vendor: "15b3", device: "0x1016") == nil)
    #expect(BusDevice.pciID(vendor: "0x+5b3", device: "0x1016") == nil)
    #expect(NetworkDevice.numaNode(sysfs: "8\n") == 8)
    #expect(NetworkDevice.numaNode(sysfs: "-1\n") == nil)
    #expect(NetworkDevice.numaNode(sysfs: "") == nil)
  }
}
