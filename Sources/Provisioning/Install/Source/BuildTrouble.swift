/// Why a command of a build failed, by what it said in the language `C`.
public enum BuildTrouble: Equatable, Sendable {
  case diskFull(String)
  /// The kernel ended a compiler that had taken the last memory.
  case outOfMemory(String)
  /// The archive ends in the middle.
  case cutShort(String)
  /// What should be an archive is none, or of a kind that nothing here unpacks.
  case notArchive(String)
  /// The first error.
  case failed(String)

  /// - Parameter lines: what the command said, the first lines of it at least, and the last.
  public init(_ lines: [String], exitCode: Int32) {
    func first(_ parts: [String]) -> String? {
      lines.first { line in parts.contains { line.contains($0) } }.map { String($0.trimmingBlanks) }
    }
    self =
      if let line = first(Self.full) { .diskFull(line) }
      // Its cause stands before the complaint of tar, that what it was handed ends too early.
      else if let line = first(Self.strange) { .notArchive(line) } else if let line = first(Self.short) {
        .cutShort(line)
      } else if let line = first(Self.killed) { .outOfMemory(line) } else if let line = first(Self.errors) {
        .failed(line)
      } else if let line = first(Self.summaries) { .failed(line) } else {
        .failed(
          lines.last { !$0.trimmingBlanks.isEmpty }.map { String($0.trimmingBlanks) }
            ?? "it said nothing, and ended with exit code \(exitCode)")
      }
  }

  private static let full = ["No space left on device", "Disk quota exceeded"]
  private static let short = [
    "Unexpected EOF in archive", "Unexpected end of input", "unexpected end of file", "premature end",
    "Compressed file ends unexpectedly",
  ]
  private static let strange = [
    "does not look like a tar archive", "not in gzip format", "File format not recognized", "Cannot exec",
    "not in bzip2 format", "unsupported format",
  ]
  private static let killed = [
    "Killed signal terminated program", "Cannot allocate memory", "virtual memory exhausted",
  ]
  /// meson's, the compiler's, the linker's, Python's.
  private static let errors = [
    " ERROR: ", ": error: ", ": fatal error: ", "undefined reference to", "ninja: error: ", "ModuleNotFoundError",
    "Error: ",
  ]
  /// They name what failed, and come after what did.
  private static let summaries = ["FAILED: ", "*** "]
}
