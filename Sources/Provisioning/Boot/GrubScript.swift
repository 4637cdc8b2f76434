/// A script of GRUB as a tree: what its commands are, and which of them are run under a condition.
///
/// Source: `grub-core/script/parser.y`. What does not fit together is reported and passed over, so that any text has a tree.
struct GrubScript: Equatable, Sendable {
  indirect enum Statement: Equatable, Sendable {
    /// A command with its words, and with the block behind it (`menuentry`, `submenu`).
    case command([GrubWord], block: [Statement]?, line: Int)
    /// `if`, each `elif`, and `else` with an empty test.
    case condition([Branch])
    /// `for`, `while`, `until`: what stands between `do` and `done`.
    case loop([Statement])
    case function(name: String, [Statement])
  }

  struct Branch: Equatable, Sendable {
    /// The commands whose last one decides; empty for `else`.
    var test: [Statement]
    /// Whether the test is made of several commands (`&&`, `||`).
    var isChain: Bool
    var body: [Statement]
  }

  var statements: [Statement]
  var problems: [String]

  init(_ text: String) {
    var lexer = GrubLexer(text)
    var parser = GrubParser(lexer.tokens())
    statements = parser.script()
    problems = lexer.problems + parser.problems
  }
}

/// Builds the tree, one statement after the other.
struct GrubParser {
  private typealias Statement = GrubScript.Statement

  /// Deeper than any generated configuration; a text that goes deeper would use up the stack.
  static let depthLimit = 64

  private var tokens: ArraySlice<GrubToken>
  private var depth = 0
  private(set) var problems: [String] = []

  init(_ tokens: [GrubToken]) { self.tokens = tokens[...] }

  mutating func script() -> [GrubScript.Statement] {
    var statements: [Statement] = []
    while true {
      statements += block(opener: nil)
      // What ends no block is passed over.
      guard let stray = tokens.popFirst() else { return statements }
      problems.append("line \(stray.line): \(Self.name(stray)) ends nothing")
    }
  }

  private static func name(_ token: GrubToken) -> String {
    if case .word(let word) = token.kind { "'\(word.keyword ?? "")'" } else { "'}'" }
  }

  private static let closers: Set<String> = ["then", "elif", "else", "fi", "do", "done"]

  /// Statements up to a keyword that ends a block, or `}`, which is left in place; an opener asks for one to be there.
  private mutating func block(opener: (name: String, line: Int)?) -> [Statement] {
    depth += 1
    defer { depth -= 1 }
    var statements: [Statement] = []
    while let token = tokens.first {
      switch token.kind {
      case .end, .chain: tokens.removeFirst()
      case .close: return statements
      case .open:
        tokens.removeFirst()
        statements += braced(("{", token.line))
      case .word(let word):
        if let keyword = word.keyword, Self.closers.contains(keyword) { return statements }
        statements += statement(word, line: token.line)
      }
    }
    if let opener { problems.append("line \(opener.line): '\(opener.name)' is never closed") }
    return statements
  }

  /// What stands in braces, of which the first is taken.
  private mutating func braced(_ opener: (name: String, line: Int)) -> [Statement] {
    guard depth < Self.depthLimit else { return tooDeep(opener.line) }
    var statements: [Statement] = []
    while true {
      statements += block(opener: opener)
      guard let end = tokens.popFirst(), end.kind != .close else { return statements }
      problems.append("line \(end.line): \(Self.name(end)) ends nothing")
    }
  }

  private mutating func tooDeep(_ line: Int) -> [Statement] {
    problems.append("line \(line): more than \(Self.depthLimit) blocks within each other")
    tokens = []
    return []
  }

  private mutating func statement(_ word: GrubWord, line: Int) -> [Statement] {
    switch word.keyword {
    case "if": condition(line)
    case "for", "while", "until": loop(word.keyword ?? "", line)
    case "function": function(line)
    default: command()
    }
  }

  private mutating func command() -> [Statement] {
    let line = tokens.first?.line ?? 0
    var words: [GrubWord] = []
    while case .word(let word)? = tokens.first?.kind {
      words.append(word)
      tokens.removeFirst()
    }
    guard tokens.first?.kind == .open else { return [.command(words, block: nil, line: line)] }
    tokens.removeFirst()
    let name = words.first?.keyword ?? "{"
    return [.command(words, block: braced((name, line)), line: line)]
  }

  /// Takes the keyword where it is next.
  private mutating func take(_ keyword: String) -> Bool {
    guard case .word(let word)? = tokens.first?.kind, word.keyword == keyword else { return false }
    tokens.removeFirst()
    return true
  }

  private mutating func condition(_ line: Int) -> [Statement] {
    tokens.removeFirst()
    guard depth < Self.depthLimit else { return tooDeep(line) }
    var branches: [GrubScript.Branch] = []
    let opener = (name: "if", line: line)
    repeat {
      let before = tokens
      let test = block(opener: opener)
      let isChain = before.prefix(before.count - tokens.count).contains { $0.kind == .chain }
      guard take("then") else { return unclosed(opener, branches) }
      let body = block(opener: opener)
      branches.append(GrubScript.Branch(test: test, isChain: isChain, body: body))
    } while take("elif")
    if take("else") {
      let body = block(opener: opener)
      branches.append(GrubScript.Branch(test: [], isChain: false, body: body))
    }
    guard take("fi") else { return unclosed(opener, branches) }
    return [.condition(branches)]
  }

  /// What was understood so far of a condition that does not end as it should.
  private mutating func unclosed(_ opener: (name: String, line: Int), _ branches: [GrubScript.Branch]) -> [Statement] {
    // At the end of the text the block has said so already.
    if !tokens.isEmpty { problems.append("line \(opener.line): '\(opener.name)' is never closed") }
    return branches.isEmpty ? [] : [.condition(branches)]
  }

  private mutating func loop(_ name: String, _ line: Int) -> [Statement] {
    tokens.removeFirst()
    guard depth < Self.depthLimit else { return tooDeep(line) }
    let opener = (name: name, line: line)
    let head = block(opener: opener)
    guard take("do") else { return unclosed(opener, []) }
    let body = block(opener: opener)
    if !take("done") { _ = unclosed(opener, []) }
    // The head of `for` is no command.
    return [.loop(name == "for" ? body : head + body)]
  }

  private mutating func function(_ line: Int) -> [Statement] {
    tokens.removeFirst()
    guard case .word(let name)? = tokens.first?.kind else {
      problems.append("line \(line): a function without a name")
      return []
    }
    tokens.removeFirst()
    while tokens.first?.kind == .end { tokens.removeFirst() }
    guard tokens.first?.kind == .open else {
      problems.append("line \(line): a function without a block")
      return []
    }
    tokens.removeFirst()
    return [.function(name: name.keyword ?? "", braced(("function", line)))]
  }
}
