/// A file's bytes, as text, with what `chmod(2)` and `chown(2)` take: enough to put it back as it was.
public struct SavedFile: Codable, Equatable, Sendable {
  public var text: String
  public var mode: Int
  public var owner: Int
  public var group: Int

  public init(text: String, mode: Int = 0o644, owner: Int = 0, group: Int = 0) {
    self.text = text
    self.mode = mode
    self.owner = owner
    self.group = group
  }
}

/// A file with what was at its path before, and with what was left there.
public struct FileChange: Codable, Equatable, Sendable {
  /// Absolute, in the host.
  public var path: String
  /// Nil where nothing was there.
  public var before: SavedFile?
  /// Nil where it is not known, as before a tool has run, or where nothing was left.
  public var after: SavedFile?

  public init(path: String, before: SavedFile?, after: SavedFile? = nil) {
    self.path = path
    self.before = before
    self.after = after
  }
}

/// A change of the boot configuration as the journal has it: written before it is made, and once more when it is known what
/// came out.
public struct BootRecord: Codable, Equatable, Sendable {
  public var change: BootChange
  /// The settings, and all that the command changes.
  public var files: [FileChange]

  public init(change: BootChange, files: [FileChange]) {
    self.change = change
    self.files = files
  }

  /// The originals of the first record with what the last one left.
  public static func merge(_ first: BootRecord, _ last: BootRecord) -> BootRecord {
    var merged = last
    merged.files = last.files.map { file in
      guard let original = first.files.first(where: { $0.path == file.path }) else { return file }
      return FileChange(path: file.path, before: original.before, after: file.after)
    }
    merged.files += first.files.filter { file in !last.files.contains { $0.path == file.path } }
    return merged
  }
}
