/// The huge pages that a kernel is asked for by its command line, and what of it it pays no heed to.
///
/// Source: `hugepages_setup`, `hugepagesz_setup`, `default_hugepagesz_setup` and `hugetlb_init` in `mm/hugetlb.c`, since
/// 6.15 in `mm/hugetlb_cmdline.c`; `Documentation/admin-guide/mm/hugetlbpage.rst`. What is asked for need not be there:
/// whether the memory has that many pages is another question.
public struct HugepageArguments: Equatable, Sendable {
  public enum Amount: Equatable, Sendable {
    /// Shared out by the kernel over all nodes that have memory.
    case total(Int)
    /// By the number of the node.
    case nodes([Int: Int])
  }

  /// An argument without effect, and why.
  public struct Ignored: Equatable, Sendable {
    public var argument: String
    public var reason: String

    public init(argument: String, reason: String) {
      self.argument = argument
      self.reason = reason
    }
  }

  /// What is asked for of each size. A size of which no number of pages is said is not in it.
  public private(set) var amounts: [PageSize: Amount]
  /// The size that a mount without `pagesize=` has, and that `/proc/meminfo` tells as `Hugepagesize`.
  public private(set) var defaultSize: PageSize
  public private(set) var ignored: [Ignored]

  /// - Parameter kernel: the release that will boot; nil is read as a new one. Its upstream version counts, so that what a
  ///   vendor took over from newer kernels is not known here.
  /// - Parameter nodes: the nodes that are online; nil where that is not known, and any number will do.
  /// - Parameter supported: the sizes of this machine; nil takes every power of two that is larger than a page.
  /// - Parameter builtInDefault: the size that the kernel has without `default_hugepagesz=`.
  public init(
    _ commandLine: KernelCommandLine, kernel: KernelRelease? = nil, nodes: Set<Int>? = nil,
    supported: Set<PageSize>? = nil, builtInDefault: PageSize = .twoMegabytes
  ) {
    var setup = HugepageSetup(HugepageRules(kernel), nodes: nodes, supported: supported, builtInDefault: builtInDefault)
    for argument in commandLine.arguments { setup.take(argument) }
    (amounts, defaultSize) = setup.finish()
    ignored = setup.ignored
  }
}

/// What differs between kernels in the reading of these arguments.
struct HugepageRules {
  /// 4.7: an unsupported `hugepagesz=` voids the `hugepages=` behind it, which before went to the size before it.
  var voidsBehindUnsupported = true
  /// 5.8: `default_hugepagesz=` counts where it stands, and a size said twice voids the `hugepages=` behind it. Before, the
  /// last one was looked at after the whole line.
  var readsDefaultInOrder = true
  /// 5.16: `hugepages=NODE:PAGES,…`.
  var readsNodes = true
  /// 6.15: the arguments are kept up to a number: two for each size that the architecture has, and one.
  var limit = Int.max

  init(_ kernel: KernelRelease?) {
    guard let kernel else { return }
    let isBefore = { (version: String) in
      KernelRelease(version).map { KernelRelease.baseOrder(kernel, $0) == .older } ?? false
    }
    voidsBehindUnsupported = !isBefore("4.7")
    readsDefaultInOrder = !isBefore("5.8")
    readsNodes = !isBefore("5.16")
    // `HUGE_MAX_HSTATE` is 2 on x86 and 4 on arm64.
    if !isBefore("6.15") { limit = ["aarch64", "arm64"].contains(kernel.architecture) ? 9 : 5 }
  }
}
