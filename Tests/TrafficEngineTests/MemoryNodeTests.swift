import Foundation
import Testing

@testable import TrafficEngine

@Suite("NUMA nodes that hugepages come from")
struct MemoryNodeTests {
  private let poor = MemoryNode(number: 0, cpus: [0, 1], hasFreePages: false)
  private let rich = MemoryNode(number: 1, cpus: [2, 3], hasFreePages: true)

  @Test("the main lcore goes where pages are, and only where it would be without")
  func mainCPU() {
    #expect([poor, rich].mainCPU(among: [0, 1, 2, 3]) == 2)
    #expect([poor, rich].mainCPU(among: [2, 0]) == nil, "there are pages")
    #expect([rich].mainCPU(among: [0, 2]) == nil, "nobody knows of its node")
    #expect([poor].mainCPU(among: [0, 1]) == nil, "no node has any")
    #expect([poor, rich].mainCPU(among: [0, 1]) == nil, "no CPU of the other node may be used")
  }

  @Test("a list that puts the main lcore where no page is, is refused with the node that has some")
  func objection() throws {
    let objection = try #require([poor, rich].objection(to: "1,2"))
    #expect(
      objection.hasPrefix("cpu '1', the main lcore's, is on a NUMA node without a free huge page: name one of node 1"))
    for lcores in [nil, "2,1", "(0-1)@0", "7"] { #expect([poor, rich].objection(to: lcores) == nil) }
    #expect([poor].objection(to: "0") == nil, "told in other words")
  }

  @Test("nodes are read from sysfs; one without memory has no pages, one without CPUs may")
  func read() throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("nodes-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    func write(_ path: String, _ text: String) throws {
      let file = root.appendingPathComponent(path)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("\(text)\n".utf8).write(to: file)
    }
    #expect(MemoryNode.all(in: root.path).isEmpty)
    try write("online", "0-2")
    try write("node0/cpulist", "0-1")
    try write("node1/cpulist", "2")
    try write("node1/hugepages/hugepages-2048kB/free_hugepages", "0")
    try write("node2/cpulist", "")
    try write("node2/hugepages/hugepages-2048kB/free_hugepages", "4")
    #expect(
      MemoryNode.all(in: root.path) == [
        MemoryNode(number: 0, cpus: [0, 1], hasFreePages: false), MemoryNode(number: 1, cpus: [2], hasFreePages: false),
        MemoryNode(number: 2, cpus: [], hasFreePages: true),
      ])
  }
}
