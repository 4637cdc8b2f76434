/// One word of the kernel command line, with the key and the value that the kernel makes of it.
///
/// Source: `next_arg` in `lib/cmdline.c`: quotes hold white space together, the first `=` behind the first character ends
/// the key, and quotes around the word or around the value belong to neither. A quote cannot be escaped.
public struct KernelArgument: Hashable, Sendable {
  /// The word as it stands in the line, quotes included.
  public let text: String
  public let key: String
  /// Nil for a word without `=`; empty for `key=`.
  public let value: String?

  /// - Parameter word: one word; see ``KernelCommandLine`` for the splitting of a line.
  public init(_ word: some StringProtocol) {
    text = String(word)
    let quote = UInt8(ascii: "\"")
    var bytes = Array(text.utf8)[...]
    let isQuoted = bytes.first == quote
    if isQuoted { bytes.removeFirst() }
    let equals = bytes.dropFirst().firstIndex(of: UInt8(ascii: "="))
    let isValueQuoted = equals.map { bytes[($0 + 1)...].first == quote } ?? false
    // `key="` is an empty value: its only quote is the first one.
    let valueStart = equals.map { $0 + (isValueQuoted ? 2 : 1) }
    if isQuoted || isValueQuoted, bytes.last == quote, bytes.endIndex > (valueStart ?? bytes.startIndex) {
      bytes.removeLast()
    }
    key = String(decoding: bytes[..<(equals ?? bytes.endIndex)], as: UTF8.self)
    value = valueStart.map { String(decoding: bytes[$0...], as: UTF8.self) }
  }

  /// Whether the kernel takes both for the same: hyphens and underscores of keys are equal, and quotes do not count.
  ///
  /// Source: `parameq` in `kernel/params.c`.
  public func isSame(as other: KernelArgument) -> Bool { value == other.value && hasKey(other.key) }

  /// Whether this is the parameter of that name, under either spelling.
  public func hasKey(_ name: String) -> Bool {
    key.utf8.count == name.utf8.count
      && zip(key.utf8, name.utf8).allSatisfy { Self.underscored($0) == Self.underscored($1) }
  }

  private static func underscored(_ byte: UInt8) -> UInt8 { byte == UInt8(ascii: "-") ? UInt8(ascii: "_") : byte }
}
