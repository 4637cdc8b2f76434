import Provisioning
import Testing

@Suite("Mounts")
struct MountTests {
  @Test("are read with their octal escapes")
  func escapes() throws {
    let table = try #require(
      MountEntry.table(
        """
        huge\\040tlb /mnt/with\\040space\\011tab\\012line\\134040\\043 hugetlbfs rw,relatime,pagesize=2M 0 0
        nodev /mnt/huge1g hugetlbfs rw,gid=1002,mode=1770,pagesize=1024M 0 0

        """))
    #expect(table.count == 2)
    #expect(table[0].source == "huge tlb")
    #expect(table[0].target == "/mnt/with space\ttab\nline\\040#")
    #expect(table[0].options == ["rw", "relatime", "pagesize=2M"])
    #expect(table[1].mode == 0o1770)
    #expect(table[1].gid == 1002)
    #expect(table[1].uid == nil)
  }

  @Test(
    "keep a backslash that begins no escape",
    arguments: ["/a\\", "/a\\04", "/a\\0x1", "/a\\999", "/a\\777", "/a\\+12"])
  func backslash(target: String) throws {
    let table = try #require(MountEntry.table("none \(target) tmpfs rw 0 0"))
    #expect(table[0].target == target)
  }

  @Test("are no table where a line is short", arguments: ["proc", "proc /proc", "proc /proc proc", "ok /a b c\nx y"])
  func malformed(text: String) { #expect(MountEntry.table(text) == nil) }

  @Test(
    "tell the page size of a hugetlbfs",
    arguments: [
      ("rw,relatime,pagesize=2M", PageSize.twoMegabytes), ("rw,pagesize=1024M", .oneGigabyte),
      ("rw,pagesize=1GB", .oneGigabyte), ("rw,pagesize=1048576KB", .oneGigabyte), ("rw,relatime", .twoMegabytes),
      ("rw,pagesize=2M,pagesize=1G", .oneGigabyte), ("rw,pagesize=large", nil), ("rw,pagesize=", nil),
    ] as [(String, PageSize?)])
  func pageSize(options: String, expected: PageSize?) throws {
    let table = try #require(MountEntry.table("nodev /mnt/huge hugetlbfs \(options) 0 0"))
    #expect(table[0].hugetlbfsPageSize(default: .twoMegabytes) == expected)
  }

  @Test("of another type have no huge page size")
  func otherType() throws {
    let table = try #require(MountEntry.table("tmpfs /mnt/huge tmpfs rw,pagesize=2M 0 0"))
    #expect(table[0].hugetlbfsPageSize(default: .twoMegabytes) == nil)
  }

  @Test("are hidden by a later one on the same path or above")
  func reachability() throws {
    let table = try #require(
      MountEntry.table(
        """
        rootfs / rootfs rw 0 0
        nodev /mnt/huge hugetlbfs rw 0 0
        nodev /mnt/huge2 hugetlbfs rw 0 0
        nodev /dev/hugepages hugetlbfs rw 0 0
        nodev /mnt/huge hugetlbfs rw 0 0
        """))
    #expect(table.indices.filter { table.isReachable($0) } == [0, 2, 3, 4])
    let shadowed = table + [MountEntry(source: "/dev/sdb1", target: "/mnt", type: "ext4", options: ["rw"])]
    #expect(shadowed.indices.filter { shadowed.isReachable($0) } == [0, 3, 5])
  }

  @Test("to be expected are those of fstab, without swap and comments")
  func fstab() {
    let text = """
      # /etc/fstab: static file system information.
      UUID=1 / ext4 defaults 0 1
      UUID=2\tnone\tswap\tsw\t0\t0
      UUID=3 /swap swap sw 0 0
        # indented comment /x y
      /dev/disk/cloud/azure_resource-part1 /mnt/ auto defaults,nofail 0 2
      nodev /mnt/huge\\040pages hugetlbfs pagesize=1GB 0 0
      /dev/cdrom /media auto ro,noauto 0 0
      junk
      """
    #expect(
      ExpectedMount.inFstab(text)
        == [("/", "ext4"), ("/mnt", "auto"), ("/mnt/huge pages", "hugetlbfs")].map {
          ExpectedMount(target: $0, declaredIn: "/etc/fstab", type: $1)
        })
  }

  @Test(
    "of the Azure agent count only where it formats the disk",
    arguments: [
      ("ResourceDisk.Format=y\nResourceDisk.MountPoint=/mnt/resource\n", "/mnt/resource"),
      ("ResourceDisk.Format=y\nResourceDisk.MountPoint=\"/mnt/disk\" # where\n", "/mnt/disk"),
      (" ResourceDisk.Format = Y\n", "/mnt/resource"),
      ("ResourceDisk.Format=y\nResourceDisk.MountPoint=/a b/\n", "/a b"),
      ("ResourceDisk.Format=n\nResourceDisk.MountPoint=/mnt/resource\n", nil),
      ("#ResourceDisk.Format=y\nResourceDisk.MountPoint=/mnt/resource\n", nil),
      ("ResourceDisk.Format=y\nResourceDisk.MountPoint=resource\n", nil),
      ("", nil), ("=\n=y\nResourceDisk.Format\n", nil),
    ] as [(String, String?)])
  func agent(text: String, expected: String?) {
    #expect(ExpectedMount.inAgentConfiguration(text)?.target == expected)
  }
}
