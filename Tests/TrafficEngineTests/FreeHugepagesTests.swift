import EngineMessages
import Foundation
import Testing

@testable import TrafficEngine

@Suite("Hugepages that are free")
struct FreeHugepagesTests {
  @Test("one page of any size is enough, none of any is too few, and who does not tell has some")
  func free() throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("pages-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    func set(_ size: String, _ number: String) throws {
      let directory = root.appendingPathComponent("hugepages-\(size)kB")
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
      try Data("\(number)\n".utf8).write(to: directory.appendingPathComponent("free_hugepages"))
    }
    #expect(hugepagesAreFree(in: root.path))
    try set("2048", "0")
    try set("1048576", "0")
    #expect(!hugepagesAreFree(in: root.path))
    try set("1048576", "2")
    #expect(hugepagesAreFree(in: root.path))
  }
}

@Suite("Memory that a host has not got")
struct MemoryObjectionTests {
  private let mounted = "proc /proc proc rw 0 0\ndpdk-host /mnt/huge hugetlbfs rw,pagesize=2M 0 0\n"
  private let unmounted = "proc /proc proc rw 0 0\nhugetlbfs /x tmpfs rw 0 0\n"

  @Test("without a free page there is none but ordinary ones")
  func noPage() throws {
    for memory in [PacketMemory.hugetlbfs(directory: nil), .anonymousHugepages] {
      let objection = try #require(memory.objection(pagesAreFree: false, mounts: mounted))
      #expect(objection.hasPrefix("no huge page is free: reserve some"))
    }
    #expect(PacketMemory.ordinaryPages(mebibytes: 1).objection(pagesAreFree: false, mounts: unmounted) == nil)
  }

  @Test("files need a mount, which is told with what does without")
  func noMount() throws {
    for directory in [nil, "/mnt/huge"] {
      let objection = try #require(
        PacketMemory.hugetlbfs(directory: directory).objection(pagesAreFree: true, mounts: unmounted))
      #expect(objection.hasPrefix("no hugetlbfs is mounted: mount one, as 'dpdk-host apply' does, or "))
      #expect(objection.contains("--in-memory") && objection.contains("--no-huge"))
    }
    #expect(PacketMemory.anonymousHugepages.objection(pagesAreFree: true, mounts: unmounted) == nil)
    #expect(PacketMemory.hugetlbfs(directory: nil).objection(pagesAreFree: true, mounts: nil) == nil)
  }

  @Test("a directory has to be on one of the mounts")
  func elsewhere() throws {
    func objection(_ directory: String?) -> String? {
      PacketMemory.hugetlbfs(directory: directory).objection(pagesAreFree: true, mounts: mounted)
    }
    #expect(objection(nil) == nil && objection("/mnt/huge") == nil && objection("/mnt/huge/mine") == nil)
    #expect(
      objection("/mnt/huge2")?.hasPrefix("'/mnt/huge2' is on no hugetlbfs mount: there are /mnt/huge, or ") == true)
  }
}
