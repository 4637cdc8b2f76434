/// Splits a script of GRUB into words.
///
/// It takes any bytes: a quote that is never closed ends with the text, and is reported.
struct GrubLexer {
  private let bytes: [UInt8]
  private var index = 0
  private var line = 1
  private(set) var problems: [String] = []

  init(_ text: String) { bytes = Array(text.utf8) }

  mutating func tokens() -> [GrubToken] {
    var tokens: [GrubToken] = []
    while let byte = peek() {
      let start = line
      let kind: GrubToken.Kind?
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): kind = advance(nil)
      case UInt8(ascii: "\n"):
        line += 1
        kind = advance(.end)
      case UInt8(ascii: ";"): kind = advance(.end)
      case UInt8(ascii: "{"): kind = advance(.open)
      case UInt8(ascii: "}"): kind = advance(.close)
      case UInt8(ascii: "&"), UInt8(ascii: "|"):
        kind = advance(.chain)
        if peek() == byte { index += 1 }
      case UInt8(ascii: "#"):
        while let next = peek(), next != UInt8(ascii: "\n") { index += 1 }
        kind = nil
      default: kind = word().map { .word($0) }
      }
      if let kind { tokens.append(GrubToken(kind: kind, line: start)) }
    }
    return tokens
  }

  private func peek(_ distance: Int = 0) -> UInt8? {
    index + distance < bytes.count ? bytes[index + distance] : nil
  }

  private mutating func advance(_ kind: GrubToken.Kind?) -> GrubToken.Kind? {
    index += 1
    return kind
  }

  private static let wordEnds = Set(" \t\r\n;{}&|".utf8)

  /// Nil where only a line continuation was there.
  private mutating func word() -> GrubWord? {
    var word = GrubWord()
    var text: [UInt8] = []
    while let byte = peek(), !Self.wordEnds.contains(byte) {
      switch byte {
      case UInt8(ascii: "'"):
        word.isQuoted = true
        singleQuoted(&text)
      case UInt8(ascii: "\""):
        word.isQuoted = true
        doubleQuoted(&word, &text)
      case UInt8(ascii: "\\"):
        index += 1
        guard let escaped = peek() else { break }
        index += 1
        if escaped == UInt8(ascii: "\n") {
          line += 1
        } else {
          // What is escaped is no keyword, as if it were quoted.
          word.isQuoted = true
          text.append(escaped)
        }
      case UInt8(ascii: "$"): variable(&word, &text, isQuoted: false)
      default:
        text.append(byte)
        index += 1
      }
    }
    flush(&text, into: &word)
    return word.parts.isEmpty && !word.isQuoted ? nil : word
  }

  private func flush(_ text: inout [UInt8], into word: inout GrubWord) {
    guard !text.isEmpty else { return }
    word.parts.append(.text(String(decoding: text, as: UTF8.self)))
    text = []
  }

  private mutating func singleQuoted(_ text: inout [UInt8]) {
    let start = line
    index += 1
    while let byte = peek() {
      index += 1
      if byte == UInt8(ascii: "'") { return }
      if byte == UInt8(ascii: "\n") { line += 1 }
      text.append(byte)
    }
    problems.append("line \(start): a single quote is never closed")
  }

  private mutating func doubleQuoted(_ word: inout GrubWord, _ text: inout [UInt8]) {
    let start = line
    index += 1
    while let byte = peek() {
      switch byte {
      case UInt8(ascii: "\""):
        index += 1
        return
      case UInt8(ascii: "$"): variable(&word, &text, isQuoted: true)
      case UInt8(ascii: "\\"):
        index += 1
        let escaped = peek()
        if let escaped, Set("$\"\\\n".utf8).contains(escaped) {
          index += 1
          if escaped == UInt8(ascii: "\n") { line += 1 } else { text.append(escaped) }
        } else {
          text.append(byte)
        }
      default:
        if byte == UInt8(ascii: "\n") { line += 1 }
        text.append(byte)
        index += 1
      }
    }
    problems.append("line \(start): a double quote is never closed")
  }

  /// `$name`, `${name}`, `$1`, `$?`; a `$` before anything else is one.
  private mutating func variable(_ word: inout GrubWord, _ text: inout [UInt8], isQuoted: Bool) {
    index += 1
    let isBraced = peek() == UInt8(ascii: "{")
    let start = index + (isBraced ? 1 : 0)
    var end = start
    while end < bytes.count, Self.isNameByte(bytes[end]) { end += 1 }
    if end == start, end < bytes.count, Set("?#*@".utf8).contains(bytes[end]) { end += 1 }
    guard end > start, !isBraced || (end < bytes.count && bytes[end] == UInt8(ascii: "}")) else {
      return text.append(UInt8(ascii: "$"))
    }
    flush(&text, into: &word)
    word.parts.append(.variable(String(decoding: bytes[start..<end], as: UTF8.self), isQuoted: isQuoted))
    index = end + (isBraced ? 1 : 0)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
