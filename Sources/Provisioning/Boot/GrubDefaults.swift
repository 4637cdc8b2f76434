/// The text of `/etc/default/grub`, with a block of ours in it or not.
///
/// The block comes last, as later assignments of a shell win.
public struct GrubDefaults: Equatable, Sendable {
  public private(set) var text: String

  public init(_ text: String) { self.text = text }

  private static let begin = "# dpdk-host begin"
  private static let end = "# dpdk-host end"
  private static let note = ": kernel arguments of a profile; 'dpdk-host revert' removes them"
  /// Told where the file did not end in a newline before, so that it can be made so again.
  private static let joinedNote = " behind a line without newline"

  /// The arguments in our block, as words of the command line; nil where there is none.
  public var arguments: [String]? {
    guard let block else { return nil }
    return text[block].split(separator: "\n").lazy.compactMap { GrubArgumentAssignment(line: $0)?.arguments }.first
  }

  /// The text with our block, at its place where there is one, at the end otherwise.
  public func appending(_ arguments: [String]) -> GrubDefaults {
    var new = self
    if let block {
      let endsInNewline = text[block].utf8.last == UInt8(ascii: "\n")
      let lines = Self.lines(arguments, isJoined: isJoined(block))
      new.text.replaceSubrange(block, with: endsInNewline ? lines : String(lines.dropLast()))
    } else {
      let isJoined = !text.isEmpty && text.utf8.last != UInt8(ascii: "\n")
      new.text += (isJoined ? "\n" : "") + Self.lines(arguments, isJoined: isJoined)
    }
    return new
  }

  /// The text without our block: byte for byte what it was before, where nothing else was changed.
  public var removingArguments: GrubDefaults {
    guard let block else { return self }
    var new = self
    // A line that came behind the block must not be joined to the one before it.
    let takesNewline = isJoined(block) && block.upperBound == text.endIndex && block.lowerBound > text.startIndex
    let start = takesNewline ? text.utf8.index(before: block.lowerBound) : block.lowerBound
    new.text = String(text.unicodeScalars[..<start]) + String(text.unicodeScalars[block.upperBound...])
    return new
  }

  private static func lines(_ arguments: [String], isJoined: Bool) -> String {
    """
    \(begin)\(isJoined ? joinedNote : "")\(note)
    \(GrubArgumentAssignment(arguments).line)
    \(end)

    """
  }

  private func isJoined(_ block: Range<String.Index>) -> Bool { text[block].hasPrefix(Self.begin + Self.joinedNote) }

  /// The lines of our block, its last newline included; nil where there is none that begins and ends.
  private var block: Range<String.Index>? {
    var begin: String.Index?
    var found: Range<String.Index>?
    var start = text.startIndex
    while start < text.endIndex {
      let newline = text.utf8[start...].firstIndex(of: UInt8(ascii: "\n"))
      let end = newline.map { text.utf8.index(after: $0) } ?? text.endIndex
      let line = text[start..<(newline ?? end)]
      if line.hasPrefix(Self.begin) {
        begin = start
      } else if line == Self.end, let from = begin {
        found = from..<end
        begin = nil
      }
      start = end
    }
    return found
  }
}
