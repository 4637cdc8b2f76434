/// The kernel's own state while it reads its arguments about huge pages, one after the other.
struct HugepageSetup {
  fileprivate struct Pool {
    var count = 0
    var nodes: [Int: Int] = [:]
    /// The arguments that made it what it is, for the day when they are overridden.
    var arguments: [String] = []
  }

  /// What the last `hugepages=` went to; nil stands for the default size while it is not known.
  private enum Target: Equatable { case size(PageSize?) }

  private let rules: HugepageRules
  private let nodes: Set<Int>?
  private let supported: Set<PageSize>?
  private let builtInDefault: PageSize

  private(set) var ignored: [HugepageArguments.Ignored] = []
  private var taken = 0
  private var pools: [PageSize: Pool] = [:]
  /// The pages of a bare `hugepages=`, which wait for the default size.
  private var waiting = Pool()
  /// The size of the last `hugepagesz=`.
  private var current: PageSize?
  private var isSizeValid = true
  private var lastTarget: Target?
  private var chosenDefault: (size: PageSize, argument: String)?

  init(_ rules: HugepageRules, nodes: Set<Int>?, supported: Set<PageSize>?, builtInDefault: PageSize) {
    self.rules = rules
    self.nodes = nodes
    self.supported = supported
    self.builtInDefault = builtInDefault
  }

  mutating func take(_ argument: KernelArgument) {
    guard let value = argument.value, let place = Self.keys.firstIndex(where: argument.hasKey) else { return }
    taken += 1
    guard taken <= rules.limit else {
      return ignore(argument, "this kernel keeps no more than \(rules.limit) arguments about huge pages")
    }
    switch Self.keys[place] {
    case "hugepages": takePages(argument, value)
    case "hugepagesz": takeSize(argument, value)
    default: takeDefault(argument, value)
    }
  }

  private static let keys = ["hugepages", "hugepagesz", "default_hugepagesz"]

  private mutating func takeSize(_ argument: KernelArgument, _ value: String) {
    if rules.readsDefaultInOrder { isSizeValid = false }
    guard let size = size(value) else {
      if rules.voidsBehindUnsupported { isSizeValid = false }
      return ignore(argument, "'\(value)' is no supported size")
    }
    guard pools[size] == nil else {
      // It may repeat the default size, as long as that has no pages.
      if rules.readsDefaultInOrder, chosenDefault?.size == size, pools[size]?.count == 0 {
        current = size
        isSizeValid = true
        return
      }
      return ignore(argument, "\(size) is said twice")
    }
    pools[size] = Pool()
    current = size
    if rules.readsDefaultInOrder { isSizeValid = true }
  }

  private mutating func takeDefault(_ argument: KernelArgument, _ value: String) {
    guard rules.readsDefaultInOrder else {
      if let old = chosenDefault?.argument { ignore(old, "a later default_hugepagesz= counts") }
      chosenDefault = PageSize(memparse: value).map { ($0, argument.text) }
      if chosenDefault == nil { ignore(argument, "'\(value)' is no supported size") }
      return
    }
    isSizeValid = false
    guard chosenDefault == nil else { return ignore(argument, "the default size is said twice") }
    guard let size = size(value) else { return ignore(argument, "'\(value)' is no supported size") }
    // A size that is there already is not made the current one.
    if pools[size] == nil {
      pools[size] = Pool()
      current = size
    }
    isSizeValid = true
    chosenDefault = (size, argument.text)
    giveWaiting(to: size)
  }

  private mutating func takePages(_ argument: KernelArgument, _ value: String) {
    guard isSizeValid else {
      isSizeValid = true
      return ignore(argument, "it follows no valid size")
    }
    guard lastTarget != .size(current) else {
      return ignore(argument, "the number of pages is said twice for one size")
    }
    var pool = current.flatMap { pools[$0] } ?? waiting
    if !rules.readsNodes {
      var scanner = KernelNumberScanner(value)
      pool.count = scanner.number() ?? 0
      if value.utf8.contains(UInt8(ascii: ":")) {
        ignore(argument, "a kernel before 5.16 reads no pages of nodes, and takes \(pool.count) in all")
      }
    } else if let problem = pool.add(value, nodes: nodes) {
      // Nothing of it counts, nor what was said for the size before; yet the number may be said again.
      set(Pool())
      return ignore(argument, problem)
    }
    pool.arguments.append(argument.text)
    set(pool)
    lastTarget = .size(current)
  }

  private mutating func set(_ pool: Pool) {
    if let current { pools[current] = pool } else { waiting = pool }
  }

  private mutating func ignore(_ argument: KernelArgument, _ reason: String) { ignore(argument.text, reason) }

  private mutating func ignore(_ text: String, _ reason: String) {
    ignored.append(HugepageArguments.Ignored(argument: text, reason: reason))
  }

  /// The pages of a bare `hugepages=` override those that were said for the size itself.
  private mutating func giveWaiting(to size: PageSize) {
    guard waiting.count > 0 else {
      // None at all override nothing.
      if pools[size]?.arguments.isEmpty ?? true { pools[size] = waiting }
      return
    }
    for old in pools[size]?.arguments ?? [] { ignore(old, "the number of pages before any size counts") }
    pools[size] = waiting
    waiting = Pool()
  }

  private func size(_ value: String) -> PageSize? {
    guard let size = PageSize(memparse: value) else { return nil }
    let isPossible = supported?.contains(size) ?? (size.bytes > 4096 && size.bytes.nonzeroBitCount == 1)
    return isPossible ? size : nil
  }

  /// What `hugetlb_init` makes of it, when all is read.
  mutating func finish() -> ([PageSize: HugepageArguments.Amount], defaultSize: PageSize) {
    let defaultSize: PageSize
    if rules.readsDefaultInOrder {
      defaultSize = chosenDefault?.size ?? builtInDefault
      if chosenDefault == nil { giveWaiting(to: builtInDefault) }
    } else {
      defaultSize = finishBefore58()
    }
    let amounts = pools.filter { !$0.value.arguments.isEmpty }.mapValues(\.amount)
    return (amounts, defaultSize)
  }

  private mutating func finishBefore58() -> PageSize {
    var size = builtInDefault
    if let chosenDefault {
      if pools[chosenDefault.size] != nil || self.size("\(chosenDefault.size.bytes)") != nil {
        size = chosenDefault.size
      } else {
        ignore(chosenDefault.argument, "\(chosenDefault.size) is no supported size")
      }
    }
    guard let argument = waiting.arguments.first else { return size }
    if let pool = pools[size], pool.count > 0 {
      ignore(argument, "the number of pages behind hugepagesz= counts")
    } else if size.isGigantic {
      ignore(argument, "a kernel before 5.8 makes pages of \(size) only behind hugepagesz=")
    } else {
      pools[size] = waiting
    }
    return size
  }
}

extension HugepageSetup.Pool {
  fileprivate var amount: HugepageArguments.Amount {
    nodes.values.contains { $0 > 0 } ? .nodes(nodes) : .total(count)
  }

  /// Takes `PAGES` or `NODE:PAGES,…`; answers what is wrong with it.
  fileprivate mutating func add(_ value: String, nodes online: Set<Int>?) -> String? {
    var scanner = KernelNumberScanner(value)
    var isFirst = true
    while !scanner.isAtEnd {
      guard let number = scanner.number() else { return "'\(value)' is no number of pages" }
      guard scanner.skip(":") else {
        guard isFirst else { return "'\(value)' has pages without a node" }
        count = number
        return nil
      }
      guard online?.contains(number) ?? true else { return "there is no node \(number), which voids all of it" }
      guard let pages = scanner.number() else { return "'\(value)' has a node without pages" }
      nodes[number] = pages
      count = count.addingReportingOverflow(pages).overflow ? .max : count + pages
      guard scanner.skip(",") else { return nil }
      isFirst = false
    }
    return nil
  }
}

extension PageSize {
  /// Larger than the page allocator hands out, so that it is set aside early: `hstate_is_gigantic`, with pages of 4K.
  fileprivate var isGigantic: Bool { bytes > 4 << 20 }
}
