/// A file or a link that a build from source put on this host, and how it is known again.
public struct SourceFile: Codable, Equatable, Sendable {
  public var path: String
  /// In bytes; nil for one that was about to be written when a run was cut short.
  public var size: Int?
  /// In nanoseconds since 1970, as `stat(2)` has it.
  public var modified: Int?

  public init(_ path: String, size: Int? = nil, modified: Int? = nil) {
    self.path = path
    self.size = size
    self.modified = modified
  }

  /// Whether nobody has replaced it. Of one that a run that was cut short may have written, or not, nobody knows: it is
  /// taken for ours.
  ///
  /// - Parameter now: the same path, as it is.
  public func isIntact(_ now: SourceFile) -> Bool { size == nil || self == now }
}
