/// Why a command of a build failed, by what it said in the language `C`.
public enum BuildTrouble: Equatable, Sendable {
  case diskFull(String)
  /// The kernel ended a compiler that had taken the last memory.
  case outOfMemory(String)
  /// The archive ends in the middle.
  case cutShort(String)
  /// The program that unpacks an archive of this kind is not there.
  case unpackerMissing(String)
  /// What should be an archive is none.
  case notArchive(String)
  /// The first error.
  case failed(String)

  /// - Parameters:
  ///   - lines: what the command said, the first lines of it at least, and the last.
  ///   - ofArchive: whether it unpacks one; what others say of files is not about an archive.
  public init(_ lines: [String], exitCode: Int32, ofArchive: Bool = false) {
    let spoken = lines.map { String($0.trimmingBlanks) }.filter { !$0.isEmpty }
    self =
      spoken.lazy.compactMap { Self.cause($0, ofArchive: ofArchive) }.first
      ?? .failed(
        spoken.first { $0.containsAny(Self.summaries) } ?? spoken.last
          ?? "it said nothing, and ended with exit code \(exitCode)")
  }

  private static func cause(_ line: String, ofArchive: Bool) -> BuildTrouble? {
    if line.containsAny(full) { return .diskFull(line) }
    if ofArchive, let end = line.firstRange(of: ": Cannot exec")?.lowerBound {
      return .unpackerMissing(line[..<end].split(separator: " ").last.map(String.init) ?? line)
    }
    if ofArchive, line.containsAny(strange) { return .notArchive(line) }
    if ofArchive, line.containsAny(short) { return .cutShort(line) }
    if line.containsAny(killed) || line.hasSuffix("Cannot allocate memory") { return .outOfMemory(line) }
    return line.hasPrefix("ERROR: ") || line.containsAny(errors) ? .failed(line) : nil
  }

  private static let full = ["No space left on device", "Disk quota exceeded"]
  private static let short = [
    "Unexpected EOF in archive", "Unexpected end of input", "unexpected end of file", "premature end",
    "Compressed file ends unexpectedly",
  ]
  private static let strange = [
    "does not look like a tar archive", "not in gzip format", "File format not recognized",
    "not in bzip2 format", "unsupported format",
  ]
  private static let killed = ["Killed signal terminated program", "virtual memory exhausted"]
  /// meson's, the compiler's, the linker's, Python's.
  private static let errors = [
    " ERROR: ", ": error: ", ": fatal error: ", "undefined reference to", "ninja: error: ", "ModuleNotFoundError",
    "Error: ",
  ]
  /// They name what failed, and come after what did.
  private static let summaries = ["FAILED: ", "*** "]
}
