import Glibc
import Synchronization
import SystemPackage

/// Standard error as it is shown to somebody who waits: on a terminal, what passes is written over in one line.
struct StatusLine: ~Copyable, Sendable {
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let isOpen = Mutex(false)

  /// Shows what the next text may replace; where there is no terminal, `plain` stays.
  func show(_ text: String, plain: String) {
    guard isTerminal else { return line(plain) }
    isOpen.withLock { $0 = true }
    _ = try? FileDescriptor.standardError.writeAll("\r\u{1B}[K\(text)".utf8)
  }

  /// Shows what stays.
  func line(_ text: String) {
    end()
    log(text)
  }

  /// Leaves the line that was written over.
  func end() {
    let wasOpen = isOpen.withLock { open in
      defer { open = false }
      return open
    }
    if wasOpen { log("") }
  }
}
