import EngineMessages

/// The size of a terminal in characters.
struct TerminalSize: Equatable {
  var columns: Int
  var rows: Int

  /// What a terminal is taken for that does not tell.
  static let usual = TerminalSize(columns: 80, rows: 24)
}

/// Events for a person at a terminal: lines that scroll, and beneath them a block that every sample draws anew.
///
/// Only what every terminal knows is sent: carriage return, cursor up (`ESC [ n A`), erase to the end of the screen
/// (`ESC [ J`), as ECMA-48 has them.
struct LiveDisplay {
  private var text = EventText()
  private var block: LiveBlock
  /// Columns of each line that stands on the screen.
  private var drawn: [Int] = []

  init(duration: Double?) { block = LiveBlock(duration: duration) }

  /// What to write for an event on a terminal of this size.
  mutating func output(for event: EngineEvent, on size: TerminalSize) -> String {
    switch event {
    case .started(let start):
      block.note(start)
      return text.lines(of: event)
    case .sample(let sample):
      block.note(sample)
      return erased(size) + draw(size)
    case .port, .trial, .notice:
      return erased(size) + text.lines(of: event) + draw(size)
    case .result, .failed:
      // The block stays where it is.
      drawn = []
      return "\r\u{1B}[J" + text.lines(of: event)
    }
  }

  /// Puts the cursor where the block begins, and clears the screen from there.
  private mutating func erased(_ size: TerminalSize) -> String {
    // A line that is longer than the terminal is wide by now stands on several rows.
    let rows = drawn.reduce(0) { $0 + max(1, ($1 + size.columns - 1) / max(1, size.columns)) }
    drawn = []
    return rows > 0 ? "\r\u{1B}[\(min(rows, size.rows - 1))A\u{1B}[J" : "\r\u{1B}[J"
  }

  private mutating func draw(_ size: TerminalSize) -> String {
    // The cursor rests on the row beneath the block. A full last column leaves some terminals' cursor on the next row.
    let lines = block.lines(width: size.columns - 1, height: size.rows - 1)
    drawn = lines.map(\.count)
    return lines.map { $0 + "\n" }.joined()
  }
}
