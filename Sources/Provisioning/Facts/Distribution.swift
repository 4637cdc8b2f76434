/// The distribution as `os-release(5)` names it.
public struct Distribution: Codable, Equatable, Sendable {
  /// `ID`: `ubuntu`, `sles`, `rhel`.
  public var id: String
  /// `ID_LIKE`, split at spaces.
  public var like: [String]
  /// `VERSION_ID`, with the minor release of CentOS taken from `/etc/centos-release`; nil where the distribution has none.
  public var release: String?
  /// `PRETTY_NAME`, or the id.
  public var name: String

  public init(id: String, like: [String] = [], release: String? = nil, name: String? = nil) {
    self.id = id
    self.like = like
    self.release = release
    self.name = name ?? id
  }
}
