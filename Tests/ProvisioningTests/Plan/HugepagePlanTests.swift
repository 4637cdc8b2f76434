import Provisioning
import Testing

@Suite("Planning hugepages")
struct HugepagePlanTests {
  let two = PageSize.twoMegabytes

  @Test("every node with memory is asked for the pages that the profile names per node")
  func perNode() {
    let plan = planHugepages(profile(.init(size: two, amount: .perNode(512))), on: sampleHost())
    #expect(
      plan.requests == [
        PoolRequest(node: 0, pageSize: two, pages: 512), PoolRequest(node: 1, pageSize: two, pages: 512),
      ])
    #expect(plan.findings.isEmpty)
    #expect(plan.actions.first?.reason == "requires 512 pages of 2M, is 0")
  }

  @Test("node ids need not be contiguous")
  func sparseNodes() {
    let host = sampleHost(nodes: [sampleNode(0), sampleNode(8)])
    let plan = planHugepages(profile(.init(size: two, amount: .perNode(1))), on: host)
    #expect(plan.requests.map(\.node) == [0, 8])
  }

  @Test("an uneven layout is asked for as it is, a node that is not named for nothing")
  func uneven() {
    let plan = planHugepages(profile(.init(size: two, amount: .nodes([1: 64]))), on: sampleHost())
    #expect(plan.requests == [PoolRequest(node: 1, pageSize: two, pages: 64)])
  }

  @Test("a pool that is large enough is left alone, also when it is larger", arguments: [512, 513, 4096])
  func neverShrinks(pages: Int) {
    let host = sampleHost(nodes: [sampleNode(0, pages: pages)])
    let plan = planHugepages(profile(.init(size: two, amount: .perNode(512))), on: host)
    #expect(plan == Plan())
  }

  @Test("surplus pages do not count: they go when their user goes")
  func surplus() {
    let host = sampleHost(nodes: [sampleNode(0, pages: 500, surplus: 100)])
    let plan = planHugepages(profile(.init(size: two, amount: .perNode(512))), on: host)
    #expect(plan.requests == [PoolRequest(node: 0, pageSize: two, pages: 512)])
  }

  @Test("a node without memory is told, and given nothing")
  func memoryless() {
    let host = sampleHost(nodes: [sampleNode(0), memorylessNode(1)])
    let plan = planHugepages(profile(.init(size: two, amount: .perNode(8))), on: host)
    #expect(plan.requests.map(\.node) == [0])
    #expect(plan.ids == ["node.memoryless"])
    #expect(plan.findings.first?.severity == .info)
  }

  @Test("pages named for a node without memory block, as they cannot be had")
  func namedMemoryless() {
    let host = sampleHost(nodes: [sampleNode(0), memorylessNode(1)])
    let plan = planHugepages(profile(.init(size: two, amount: .nodes([0: 8, 1: 8]))), on: host)
    #expect(plan.ids.contains("hugepages.short"))
    #expect(plan.isBlocked)
  }

  @Test("pages named for a node that is not there block")
  func absentNode() {
    let plan = planHugepages(profile(.init(size: two, amount: .nodes([5: 8]))), on: sampleHost())
    #expect(plan.ids == ["node.absent"])
    #expect(plan.findings.first?.remedy == "name nodes among 0, 1")
  }

  @Test("a request that would leave a node less than its floor is refused, the last page before is not")
  func bounded() {
    // 3072 MiB free, of which a sixteenth of 4 GiB (256 MiB) stays: 2816 MiB are 1408 pages.
    let host = sampleHost(nodes: [sampleNode(0)])
    #expect(planHugepages(profile(.init(size: two, amount: .perNode(1408))), on: host).requests.count == 1)
    let refused = planHugepages(profile(.init(size: two, amount: .perNode(1409))), on: host)
    #expect(refused.ids == ["hugepages.unsafe"])
    #expect(refused.requests.isEmpty)
    #expect(
      refused.findings.first?.message
        == "1409 pages of 2M need 2818 MiB more, the node can give 2816 MiB and keep 256 MiB")
  }

  @Test("a small node keeps 128 MiB")
  func smallNode() {
    var node = sampleNode(0, freeMiB: 600)
    node.memory.total = 1 << 20
    let host = sampleHost(nodes: [node])
    #expect(!planHugepages(profile(.init(size: two, amount: .perNode(236))), on: host).isBlocked)
    #expect(planHugepages(profile(.init(size: two, amount: .perNode(237))), on: host).isBlocked)
  }

  @Test("the file cache can be turned into pages, half of the reclaimable slab too")
  func reclaimable() {
    var node = sampleNode(0, freeMiB: 0)
    node.memory.fileCache = 1024 << 10
    node.memory.reclaimableSlab = 512 << 10
    let host = sampleHost(nodes: [node])
    #expect(!planHugepages(profile(.init(size: two, amount: .perNode(512))), on: host).isBlocked)
    #expect(planHugepages(profile(.init(size: two, amount: .perNode(513))), on: host).isBlocked)
  }

  @Test("sizes asked of one node count together")
  func sizesTogether() {
    let host = sampleHost(nodes: [sampleNode(0)])
    let both = profile(
      .init(size: two, amount: .perNode(512)), .init(size: .oneGigabyte, amount: .perNode(2)))
    #expect(planHugepages(both, on: host).ids == ["hugepages.unsafe"])
  }

  @Test("only what is missing counts against the bound")
  func missingCounts() {
    let host = sampleHost(nodes: [sampleNode(0, freeMiB: 300, pages: 1000)])
    #expect(!planHugepages(profile(.init(size: two, amount: .perNode(1022))), on: host).isBlocked)
    #expect(planHugepages(profile(.init(size: two, amount: .perNode(1023))), on: host).isBlocked)
  }

  @Test("a size that the host does not offer is named with those that it does")
  func unsupported() {
    var node = sampleNode(0)
    node.pools.removeLast()
    let plan = planHugepages(
      profile(.init(size: .oneGigabyte, amount: .perNode(1))), on: sampleHost(nodes: [node]))
    #expect(plan.ids == ["hugepages.sizeUnsupported"])
    #expect(plan.findings.first?.message == "this host offers pages of 2M only")
  }
}
