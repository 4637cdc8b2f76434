extension StringProtocol {
  /// The text without white space at either end, as the kernel ends its one-line files with a newline.
  package var trimmingBlanks: SubSequence { trimming(\.isWhitespace) }

  /// The text without the characters at either end that `isDropped` names.
  func trimming(_ isDropped: (Character) -> Bool) -> SubSequence {
    let start = drop(while: isDropped)
    guard let last = start.lastIndex(where: { !isDropped($0) }) else { return start }
    return start[...last]
  }
}
