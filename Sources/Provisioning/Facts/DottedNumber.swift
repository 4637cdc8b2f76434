/// Numbers with dots between them, compared one by one, a missing one as zero: 7.5 < 7.10, 15 == 15.0.
public struct DottedNumber: Sendable {
  /// At least one.
  public let numbers: [Int]
  /// As it was read: `18.04` keeps its zero.
  private let text: String

  /// Reads `18.04`; nil for anything but ASCII digits between single dots, or a number too large for `Int`.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { part in
      part.allSatisfy { $0.isASCII && $0.isNumber } ? Int(part) : nil
    }
    guard numbers.count == parts.count else { return nil }
    self.numbers = numbers
    self.text = String(text)
  }

  /// No number at all counts as zero.
  init(numbers: [Int]) {
    self.numbers = numbers.isEmpty ? [0] : numbers
    text = self.numbers.map(String.init).joined(separator: ".")
  }

  /// The first number: the major release.
  public var series: Int { numbers.first ?? 0 }

  /// Without the zeros at the end, which is what makes two of them equal.
  private var significant: ArraySlice<Int> { numbers[..<((numbers.lastIndex { $0 != 0 } ?? -1) + 1)] }
}

extension DottedNumber: Comparable, Hashable {
  public static func == (left: DottedNumber, right: DottedNumber) -> Bool { left.significant == right.significant }
  public static func < (left: DottedNumber, right: DottedNumber) -> Bool {
    left.significant.lexicographicallyPrecedes(right.significant)
  }
  public func hash(into hasher: inout Hasher) { hasher.combine(significant) }
}

extension DottedNumber: CustomStringConvertible {
  public var description: String { text }
}
