internal import Synchronization

/// What a command said, collected from two streams at once.
final class CommandOutput: Sendable {
  private let state = Mutex<(lines: [String], output: String, errors: String)>(([], "", ""))
  private let mostLines: Int

  init(mostLines: Int) { self.mostLines = mostLines }

  func add(_ line: String, isOutput: Bool) {
    state.withLock { state in
      if isOutput { state.output += line + "\n" } else { state.errors += line + "\n" }
      state.lines.append(line)
      // The first lines hold the cause, the last the end.
      if state.lines.count > mostLines { state.lines.remove(at: mostLines / 2) }
    }
  }

  var last: String? { state.withLock { $0.lines.last } }
  var lines: [String] { state.withLock { $0.lines } }
  var output: String { state.withLock { $0.output } }
  var errors: String { state.withLock { $0.errors } }
}
