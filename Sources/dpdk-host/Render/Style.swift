import Glibc

/// Colour, or none: only on a terminal, and never with `NO_COLOR` set (no-color.org).
struct Style {
  let isColoured: Bool

  static func forStandardOutput() -> Style { Style(descriptor: STDOUT_FILENO) }
  static func forStandardError() -> Style { Style(descriptor: STDERR_FILENO) }

  private init(descriptor: Int32) {
    let wanted = getenv("NO_COLOR").map { $0.pointee == 0 } ?? true
    let dumb = getenv("TERM").map { String(cString: $0) == "dumb" } ?? true
    isColoured = wanted && !dumb && isatty(descriptor) == 1
  }

  init(isColoured: Bool) { self.isColoured = isColoured }

  func bold(_ text: String) -> String { paint(text, "1") }
  func dim(_ text: String) -> String { paint(text, "2") }
  func red(_ text: String) -> String { paint(text, "31") }
  func green(_ text: String) -> String { paint(text, "32") }
  func yellow(_ text: String) -> String { paint(text, "33") }

  private func paint(_ text: String, _ code: String) -> String {
    isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}

extension String {
  /// Filled with spaces to this many columns, at the right or, for numbers, at the left.
  func padded(to width: Int, right: Bool = false) -> String {
    let space = String(repeating: " ", count: max(0, width - count))
    return right ? space + self : self + space
  }

  /// Lines of at most `width` columns, broken between words; a longer word stands on a line of its own.
  func wrapped(width: Int) -> [String] {
    var lines: [String] = []
    for paragraph in split(separator: "\n", omittingEmptySubsequences: false) {
      var line = ""
      for word in paragraph.split(separator: " ") {
        if !line.isEmpty, line.count + 1 + word.count > width {
          lines.append(line)
          line = ""
        }
        line += (line.isEmpty ? "" : " ") + word
      }
      lines.append(line)
    }
    return lines
  }

  func indented(_ columns: Int) -> String { String(repeating: " ", count: columns) + self }
}
