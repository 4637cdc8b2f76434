/// A file or a link that makes a part of the profile hold after the next boot.
public struct LastingFile: Equatable, Sendable {
  public enum Content: Equatable, Sendable {
    /// A regular file of mode 0644, root's.
    case text(String)
    /// A symbolic link, as `systemctl enable` makes it.
    case link(to: String)
  }

  /// Absolute, in the host.
  public var path: String
  public var content: Content

  public init(path: String, content: Content) {
    self.path = path
    self.content = content
  }
}
