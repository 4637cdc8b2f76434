import LinuxHost
import Provisioning

/// What was installed, or would be: the commands as they can be typed.
func packageLines(_ packages: PackageReport, style: Style) -> [String] {
  guard !packages.commands.isEmpty else { return ["nothing is missing, so nothing is installed"] }
  let heading = packages.dryRun ? "to do" : packages.failed == nil ? "done" : "ran"
  var lines = [style.bold(heading)]
  lines += packages.commands.map { "  " + typed($0, packages.manager) }
  // It was the last one.
  if packages.failed != nil { lines[lines.count - 1] += style.red("  # failed") }
  if !packages.added.isEmpty {
    let count = packages.added.count
    lines += ["", style.bold("added") + "  \(count) \(count == 1 ? "package" : "packages")"]
    lines += packages.added.joined(separator: " ").wrapped(width: 76).map { $0.indented(2) }
  }
  return lines
}

/// A command with the environment that it gets of its manager, to be typed by root.
private func typed(_ command: [String], _ manager: PackageManager) -> String {
  let isManagers = command.first == manager.program || command.first == "/usr/bin/dpkg"
  let settings = isManagers ? manager.environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" } : []
  return (settings + command.map(\.shellQuoted)).joined(separator: " ")
}

/// The lines of a package manager, or of a build, while it works: written over one another on a terminal, one a line elsewhere.
final class PackageProgress: Sendable {
  private let style = Style.forStandardError()
  private let status = StatusLine()

  func show(_ event: PackageEvent) {
    switch event {
    case .started(let command): status.line("\(style.dim("[started]"))  \(title(command))")
    case .line(let text):
      // A carriage return would write over what stands there, an escape change the terminal.
      let plain = String(
        text.filter { !$0.isNewline && !$0.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F } })
      guard !plain.isEmpty else { return }
      status.show(style.dim("  \(plain.prefix(76))"), plain: "  \(plain)")
    case .waiting(let holder):
      status.line("\(style.yellow("[waiting]"))  for \(holder ?? "another package manager") to end")
    case .stopping(let command):
      status.line("\(style.yellow("[stopping]")) after this command, which runs to its end: \(title(command))")
    case .finished(let command): status.line("\(style.green("[finished]")) \(title(command))")
    case .failed(let command, let error): status.line("\(style.red("[failed]"))   \(title(command)): \(error.message)")
    }
  }

  /// What a removal took away.
  func removed(_ names: [String]) {
    guard !names.isEmpty else { return }
    status.line("\(style.green("[removed]"))  " + names.joined(separator: ", "))
  }

  /// Leaves the line that was written over.
  func end() { status.end() }

  private func title(_ command: [String]) -> String {
    let words = command.prefix(6).map(\.shellQuoted).joined(separator: " ")
    return command.count > 6 ? "\(words) … (\(command.count - 6) more words)" : words
  }
}
