import LinuxHost
import Provisioning
import Testing

@Suite("Gathering NUMA nodes")
struct GatherNodesTests {
  private static let node = "sys/devices/system/node"

  private static func meminfo(_ id: Int, total: Int, free: Int) -> FakeRoot.Node {
    "Node \(id) MemTotal:  \(total) kB\nNode \(id) MemFree:  \(free) kB\n"
  }

  private static func pool(_ directory: String, _ kilobytes: Int, total: Int, free: Int) -> [String: FakeRoot.Node] {
    [
      "\(directory)/hugepages-\(kilobytes)kB/nr_hugepages": "\(total)\n",
      "\(directory)/hugepages-\(kilobytes)kB/free_hugepages": "\(free)\n",
      "\(directory)/hugepages-\(kilobytes)kB/surplus_hugepages": "0\n",
    ]
  }

  private static func gathered(_ parts: [String: FakeRoot.Node]...) throws -> HostFacts {
    let fake = try FakeRoot(parts.reduce(into: [:]) { $0.merge($1) { $1 } })
    return gather(fake.root)
  }

  @Test("takes the ids that are online, 0 and 8, and sorts pools by size")
  func gapInIds() throws {
    let facts = try Self.gathered(
      [
        "\(Self.node)/online": "0,8\n", "\(Self.node)/has_memory": "0,8\n",
        "\(Self.node)/node0/cpulist": "0-3\n", "\(Self.node)/node0/meminfo": Self.meminfo(0, total: 100, free: 50),
        "\(Self.node)/node8/cpulist": "4-7\n", "\(Self.node)/node8/meminfo": Self.meminfo(8, total: 200, free: 60),
      ],
      Self.pool("\(Self.node)/node0/hugepages", 2048, total: 64, free: 60),
      Self.pool("\(Self.node)/node0/hugepages", 1_048_576, total: 1, free: 1),
      Self.pool("\(Self.node)/node0/hugepages", 64, total: 0, free: 0),
      Self.pool("\(Self.node)/node8/hugepages", 2048, total: 32, free: 32))
    try #require(facts.nodes.map(\.id) == [0, 8])
    #expect(facts.nodes[0].pools.map { "\($0.pageSize)" } == ["64K", "2M", "1G"])
    #expect(facts.nodes[0].pool(.twoMegabytes) == HugepagePool(pageSize: .twoMegabytes, total: 64, free: 60))
    #expect(
      facts.nodes[1]
        == NUMANode(
          id: 8, cpus: [4, 5, 6, 7], hasMemory: true, memory: NodeMemory(total: 200, free: 60),
          pools: [HugepagePool(pageSize: .twoMegabytes, total: 32, free: 32)]))
    #expect(facts.unreadable.isEmpty)
  }

  @Test("knows a node without memory, with a pool directory (6.1) and without (5.10)", arguments: [true, false])
  func memoryless(hasPools: Bool) throws {
    let facts = try Self.gathered(
      [
        "\(Self.node)/online": "0-1\n", "\(Self.node)/has_memory": "0\n",
        "\(Self.node)/node0/cpulist": "0-1\n", "\(Self.node)/node0/meminfo": Self.meminfo(0, total: 100, free: 50),
        "\(Self.node)/node1/cpulist": "2-3\n", "\(Self.node)/node1/meminfo": Self.meminfo(1, total: 0, free: 0),
      ],
      hasPools ? Self.pool("\(Self.node)/node1/hugepages", 2048, total: 0, free: 0) : [:])
    try #require(facts.nodes.map(\.hasMemory) == [true, false])
    #expect(facts.nodes[1].pools.count == (hasPools ? 1 : 0))
    #expect(facts.nodes[1].cpus == [2, 3])
    #expect(facts.unreadable.isEmpty)
  }

  @Test("knows a node without CPUs by its empty list")
  func cpuless() throws {
    let facts = try Self.gathered([
      "\(Self.node)/online": "0-1\n", "\(Self.node)/has_memory": "0-1\n",
      "\(Self.node)/node0/cpulist": "0-1\n", "\(Self.node)/node0/meminfo": Self.meminfo(0, total: 100, free: 50),
      "\(Self.node)/node1/cpulist": "\n", "\(Self.node)/node1/meminfo": Self.meminfo(1, total: 100, free: 90),
    ])
    try #require(facts.nodes.count == 2)
    #expect(facts.nodes[1].cpus == [])
    #expect(facts.nodes[1].hasMemory)
    #expect(facts.unreadable.isEmpty)
  }

  @Test("asks older kernels for has_normal_memory, and those without either for the size of the memory")
  func oldKernels() throws {
    let nodes: [String: FakeRoot.Node] = [
      "\(Self.node)/online": "0-1\n",
      "\(Self.node)/node0/meminfo": Self.meminfo(0, total: 100, free: 50),
      "\(Self.node)/node1/meminfo": Self.meminfo(1, total: 0, free: 0),
    ]
    #expect(try Self.gathered(nodes).nodes.map(\.hasMemory) == [true, false])
    let normal = try Self.gathered(nodes, ["\(Self.node)/has_normal_memory": "1\n"])
    #expect(normal.nodes.map(\.hasMemory) == [false, true])
  }

  @Test("makes the whole machine node 0 where the kernel has no NUMA")
  func noNUMA() throws {
    let facts = try Self.gathered(
      [
        "proc/meminfo": "MemTotal: 100 kB\nMemFree: 50 kB\nHugepagesize: 2048 kB\n",
        "sys/devices/system/cpu/online": "0-1\n",
      ],
      Self.pool("sys/kernel/mm/hugepages", 2048, total: 8, free: 8))
    #expect(
      facts.nodes == [
        NUMANode(
          id: 0, cpus: [0, 1], hasMemory: true, memory: NodeMemory(total: 100, free: 50),
          pools: [HugepagePool(pageSize: .twoMegabytes, total: 8, free: 8)])
      ])
    #expect(facts.defaultHugepageSize == .twoMegabytes)
  }

  @Test("records what makes no sense instead of guessing")
  func nonsense() throws {
    let facts = try Self.gathered(
      [
        "\(Self.node)/online": "0-2\n", "\(Self.node)/has_memory": "0\n",
        "\(Self.node)/node0/cpulist": "all\n", "\(Self.node)/node0/meminfo": Self.meminfo(0, total: 100, free: 50),
        "\(Self.node)/node0/hugepages/hugepages-2048kB/nr_hugepages": .directory,
        "\(Self.node)/node0/hugepages/hugepages-many": .directory,
        "\(Self.node)/node1/meminfo": "nothing\n",
        "sys/devices/system/cpu/online": "3-1\n", "proc/mounts": "short line\n", "etc/fstab": .directory,
      ])
    try #require(facts.nodes.map(\.id) == [0])
    #expect(facts.nodes[0].pools.isEmpty)
    #expect(facts.nodes[0].cpus.isEmpty)
    #expect(
      Set(facts.unreadable.map(\.path)) == [
        "/\(Self.node)/node0/cpulist", "/\(Self.node)/node0/hugepages/hugepages-2048kB/nr_hugepages",
        "/\(Self.node)/node0/hugepages/hugepages-many", "/\(Self.node)/node1/meminfo", "/\(Self.node)/node2/meminfo",
        "/sys/devices/system/cpu/online", "/proc/mounts", "/etc/fstab",
      ])
    #expect(facts.unreadable.first { $0.path == "/etc/fstab" }?.reason == "Is a directory")
    #expect(facts.unreadable.first { $0.path == "/proc/mounts" }?.reason == "not a table of mounts: 'short line'")
  }
}
