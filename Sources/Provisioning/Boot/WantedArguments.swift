/// What the kernel command line should carry for a profile on a host.
struct WantedArguments: Equatable {
  /// Pages of each size by node, nodes without any left out; empty where the command line is not to carry pages.
  var pages: [PageSize: [Int: Int]] = [:]
  /// How that is said, in the order of the profile; empty where it cannot be said.
  var hugepageWords: [String] = []
  /// Why the command line cannot say it; nil where it can, or need not.
  var whyUnsayable: String?
  /// `isolcpus`, `nohz_full` and `rcu_nocbs`, or nothing.
  var isolationWords: [String] = []

  var words: [String] { hugepageWords + isolationWords }

  init(_ profile: Profile, _ boot: BootFacts, on facts: HostFacts) {
    if !profile.boot.isolatedCPUs.isEmpty {
      let list = profile.boot.isolatedCPUs.kernelList
      isolationWords = ["isolcpus=\(list)", "nohz_full=\(list)", "rcu_nocbs=\(list)"]
    }
    guard profile.boot.arguments == .auto else { return }
    for wanted in profile.hugepages {
      switch wanted.amount {
      case .nodes(let byNode): pages[wanted.size] = byNode.filter { $0.value > 0 }
      case .perNode where facts.nodes.isEmpty:
        whyUnsayable = "how many NUMA nodes there will be is not known in an image"
      case .perNode(let count):
        pages[wanted.size] = Dictionary(
          uniqueKeysWithValues: facts.nodes.filter(\.hasMemory).map { ($0.id, count) }
        ).filter { $0.value > 0 }
      }
    }
    pages = pages.filter { !$0.value.isEmpty }
    guard whyUnsayable == nil else { return }
    for size in profile.hugepages.map(\.size) {
      guard let byNode = pages[size] else { continue }
      guard let amount = Self.amount(byNode, boot, on: facts) else {
        whyUnsayable = "\(Self.oldest(boot) ?? "the kernel") is older than 5.16, and knows no pages by node"
        hugepageWords = []
        return
      }
      hugepageWords += ["hugepagesz=\(size)", "hugepages=\(amount)"]
    }
  }

  /// `1024` where the machine has one node, or where a kernel knows no other form and the nodes are to have the same;
  /// `0:512,1:256` elsewhere: should a node be gone one day, such a line gives nothing, the other everything to what is left.
  private static func amount(_ byNode: [Int: Int], _ boot: BootFacts, on facts: HostFacts) -> String? {
    let withMemory = facts.nodes.filter(\.hasMemory).map(\.id)
    if withMemory.count == 1, byNode.count == 1, let only = withMemory.first, let pages = byNode[only] {
      return "\(pages)"
    }
    if readsNodes(boot) { return byNode.sorted { $0.key < $1.key }.map { "\($0):\($1)" }.joined(separator: ",") }
    guard Set(byNode.keys) == Set(withMemory), Set(byNode.values).count == 1 else { return nil }
    return "\(byNode.values.reduce(0, +))"
  }

  /// Whether every kernel that can be booted knows `hugepages=NODE:PAGES`; of none it is not known.
  private static func readsNodes(_ boot: BootFacts) -> Bool {
    !boot.kernels.isEmpty
      && boot.kernels.allSatisfy { HugepageRules(KernelRelease($0)).readsNodes && KernelRelease($0) != nil }
  }

  private static func oldest(_ boot: BootFacts) -> String? {
    boot.kernels.first { !HugepageRules(KernelRelease($0)).readsNodes }
  }

  /// What a kernel with this command line would lack; empty where it has all.
  func missing(in commandLine: String, of kernel: String?, on facts: HostFacts) -> [String] {
    let line = KernelCommandLine(commandLine)
    var missing: [String] = []
    if !hugepageWords.isEmpty {
      let asked = HugepageArguments(line, kernel: kernel.flatMap { KernelRelease($0) })
      for (size, byNode) in pages.sorted(by: { $0.key < $1.key })
      where !Self.gives(asked.amounts[size], byNode, on: facts) {
        missing.append("pages of \(size)")
      }
    }
    missing += isolationWords.filter { !line.contains(sequence: [$0]) }
    return missing
  }

  private static func gives(_ amount: HugepageArguments.Amount?, _ byNode: [Int: Int], on facts: HostFacts) -> Bool {
    let withMemory = Set(facts.nodes.filter(\.hasMemory).map(\.id))
    switch amount {
    case nil: return false
    case .nodes(let nodes): return nodes.filter { $0.value > 0 } == byNode
    case .total(let total):
      // Shared out evenly over the nodes with memory.
      return total == byNode.values.reduce(0, +) && Set(byNode.values).count == 1
        && (withMemory.isEmpty ? byNode.count == 1 : withMemory == Set(byNode.keys))
    }
  }
}

extension [Int] {
  /// As the kernel takes a list of CPUs: `2-5,7`. Ascending, each once.
  var kernelList: String {
    var ranges: [ClosedRange<Int>] = []
    for number in self {
      if let last = ranges.last, last.upperBound + 1 == number {
        ranges[ranges.count - 1] = last.lowerBound...number
      } else {
        ranges.append(number...number)
      }
    }
    return ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(
      separator: ",")
  }
}
