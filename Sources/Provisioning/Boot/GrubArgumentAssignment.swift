/// The line that gives arguments to the entries that grub-mkconfig makes:
/// `GRUB_CMDLINE_LINUX_DEFAULT="$GRUB_CMDLINE_LINUX_DEFAULT ARGUMENTS"`.
///
/// Source: the GRUB manual, "Simple configuration handling": a shell reads the settings, and the variable goes to every
/// entry but those for recovery, so that a value that is too large leaves a way in.
struct GrubArgumentAssignment: Equatable, Sendable {
  var arguments: [String]

  init(_ arguments: [String]) { self.arguments = arguments }

  private static let variable = "GRUB_CMDLINE_LINUX_DEFAULT"
  private static let start = "\(variable)=\"$\(variable) "

  /// Nil for a line that is not of this form.
  init?(line: some StringProtocol) {
    guard line.hasPrefix(Self.start), line.hasSuffix("\""), line.count > Self.start.count else { return nil }
    var text = ""
    var isEscaped = false
    for scalar in line.dropFirst(Self.start.count).dropLast().unicodeScalars {
      if scalar == "\\", !isEscaped {
        isEscaped = true
      } else {
        text.unicodeScalars.append(scalar)
        isEscaped = false
      }
    }
    arguments = KernelCommandLine(text).words
  }

  var line: String { "\(Self.start)\(quotedArguments)\"" }

  /// As they stand between the double quotes of a shell: what would be expanded or would end them is escaped.
  ///
  /// GRUB reads the words once more: a `$`, `;`, `{` or `&` outside of quotes of their own has a meaning there.
  var quotedArguments: String {
    var quoted = ""
    for scalar in arguments.joined(separator: " ").unicodeScalars {
      if ["\\", "\"", "$", "`"].contains(scalar) { quoted.unicodeScalars.append("\\") }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted
  }
}
