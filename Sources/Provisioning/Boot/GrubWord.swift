/// A word of GRUB's script language, before its variables are put in.
///
/// Source: the GRUB manual, "Writing full configuration files directly", and `grub-core/script/yylex.l`.
struct GrubWord: Equatable, Sendable {
  enum Part: Equatable, Sendable {
    case text(String)
    /// Between double quotes its value is one piece; outside of them it is split at white space.
    case variable(String, isQuoted: Bool)
  }

  var parts: [Part] = []
  /// Whether any of it is quoted: such a word is there even if it is empty, and is no keyword.
  var isQuoted = false

  /// What it says where neither quotes nor variables are in it.
  var keyword: String? {
    guard !isQuoted, parts.count == 1, case .text(let text) = parts[0] else { return nil }
    return text
  }
}

extension GrubWord {
  /// The arguments that the word becomes: none where nothing but empty variables is in it, several where a value has
  /// white space.
  ///
  /// - Parameter value: the value of a variable; one that is not set is empty.
  func arguments(_ value: (String) -> String) -> [String] {
    var arguments: [String] = []
    var current = isQuoted ? "" : nil as String?
    for part in parts {
      switch part {
      case .text(let text): current = (current ?? "") + text
      case .variable(let name, isQuoted: true): current = (current ?? "") + value(name)
      case .variable(let name, isQuoted: false):
        let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        // White space at either end of a value splits nothing.
        for (index, piece) in value(name).utf8.split(whereSeparator: isBlank).enumerated() {
          if index > 0, let word = current {
            arguments.append(word)
            current = nil
          }
          current = (current ?? "") + String(decoding: piece, as: UTF8.self)
        }
      }
    }
    if let current { arguments.append(current) }
    return arguments
  }
}

/// A piece of a script.
struct GrubToken: Equatable, Sendable {
  enum Kind: Equatable, Sendable {
    case word(GrubWord)
    /// A line's end, or `;`.
    case end
    /// `{` and `}`.
    case open, close
    /// `&&`, `||`, `|`, `&`: what stands behind is a command of its own.
    case chain
  }

  var kind: Kind
  var line: Int
}
