/// The kernel command line: what the boot loader hands to the kernel, and `/proc/cmdline` shows.
///
/// Source: `next_arg` in `lib/cmdline.c` and `parse_args` in `kernel/params.c`: a `--` ends the kernel's own part, and what
/// stands behind it is handed to init.
public struct KernelCommandLine: Equatable, Sendable {
  /// Each word as it was written, quotes and all, `--` and what stands behind it included.
  public private(set) var words: [String]

  /// White space separates words where no double quote is open.
  public init(_ text: some StringProtocol) {
    words = []
    var word: [UInt8] = []
    var isInQuote = false
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") { isInQuote.toggle() }
      if isInQuote || !Self.isSpace(byte) {
        word.append(byte)
      } else if !word.isEmpty {
        words.append(String(decoding: word, as: UTF8.self))
        word = []
      }
    }
    if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
  }

  private init(words: [String]) { self.words = words }

  /// The words that are for the kernel itself: those before a `--`.
  public var kernelWords: ArraySlice<String> { words[..<kernelEnd] }

  /// The kernel's own arguments, in order.
  public var arguments: [KernelArgument] { kernelWords.map { KernelArgument($0) } }

  /// The words behind `--`.
  public var initWords: ArraySlice<String> { words[Swift.min(kernelEnd + 1, words.count)...] }

  /// All values of a key in order, nil for a word without `=`; which one counts is up to the parameter.
  public func values(of key: String) -> [String?] { arguments.filter { $0.hasKey(key) }.map(\.value) }

  /// Whether these words stand in the kernel's part, one behind the other and with nothing between them.
  public func contains(sequence: [String]) -> Bool { lastRange(of: sequence) != nil }

  /// The line with these words at the end of the kernel's part; as it is where they stand there as a sequence.
  ///
  /// A word alone is no duplicate: `hugepages=` belongs to the size before it, and may stand there twice.
  public func appending(_ sequence: [String]) -> KernelCommandLine {
    guard !contains(sequence: sequence) else { return self }
    return KernelCommandLine(words: words[..<kernelEnd] + sequence + words[kernelEnd...])
  }

  /// The line without these words, where they stand as a sequence: what ``appending(_:)`` added is gone.
  public func removing(_ sequence: [String]) -> KernelCommandLine {
    guard let range = lastRange(of: sequence) else { return self }
    return KernelCommandLine(words: Array(words[..<range.lowerBound] + words[range.upperBound...]))
  }

  /// Where the sequence stands for the last time; the empty one stands at the end.
  private func lastRange(of sequence: [String]) -> Range<Int>? {
    let wanted = sequence.map { KernelArgument($0) }
    let present = arguments
    return stride(from: present.count - wanted.count, through: 0, by: -1).lazy
      .map { $0..<($0 + wanted.count) }
      .first { range in zip(present[range], wanted).allSatisfy { $0.isSame(as: $1) } }
  }

  /// The index of `--`, or the end.
  private var kernelEnd: Int {
    words.firstIndex { word in
      guard word.utf8.count <= 4 else { return false }
      let argument = KernelArgument(word)
      return argument.key == "--" && argument.value == nil
    } ?? words.endIndex
  }

  /// As the kernel's `isspace`, but for the no-break space of Latin-1, which is a part of other characters in UTF-8.
  private static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || (9...13).contains(byte) }
}

extension KernelCommandLine: CustomStringConvertible {
  /// The words with a space between each two.
  public var description: String { words.joined(separator: " ") }
}
