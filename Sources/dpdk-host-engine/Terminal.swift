import Glibc

/// A terminal that can redraw what it shows.
struct Terminal {
  private let descriptor: Int32

  /// Nil where the descriptor is no terminal, `TERM` says that it cannot move its cursor, or `NO_COLOR` (no-color.org) that
  /// its user wants plain text.
  init?(descriptor: Int32) {
    func variable(_ name: String) -> String { getenv(name).map { String(cString: $0) } ?? "" }
    guard isatty(descriptor) == 1, !["", "dumb"].contains(variable("TERM")), variable("NO_COLOR").isEmpty else {
      return nil
    }
    self.descriptor = descriptor
  }

  /// As it is now (`TIOCGWINSZ`): asked anew, it needs no SIGWINCH.
  var size: TerminalSize {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 1, size.ws_row > 1 else { return .usual }
    return TerminalSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
  }
}
