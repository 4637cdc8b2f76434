extension [Int] {
  /// Reads a list of CPUs or nodes as the kernel prints it: `0-3,8`; an empty one gives no element.
  ///
  /// Nil for anything else: an open or falling range, a sign, a number that no kernel would have. Ascending, each once.
  ///
  /// Source: `Documentation/admin-guide/cputopology.rst`, "cpulist".
  public init?(kernelList text: some StringProtocol) {
    var numbers: Set<Int> = []
    let list = text.trimmingBlanks
    for range in list.isEmpty ? [] : list.split(separator: ",", omittingEmptySubsequences: false) {
      let bounds = range.split(separator: "-", omittingEmptySubsequences: false).map { Self.number(String($0)) }
      guard bounds.count <= 2, let first = bounds[0], let last = bounds[bounds.count - 1], first <= last else {
        return nil
      }
      numbers.formUnion(first...last)
    }
    self = numbers.sorted()
  }

  /// Far above what a kernel can be built for (8192 CPUs on x86), low enough for a range to be harmless.
  private static let limit = 65536

  private static func number(_ text: String) -> Int? {
    guard text.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(text), number < limit else { return nil }
    return number
  }
}
