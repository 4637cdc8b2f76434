/// What is at a path now, not followed through a symbolic link.
public struct PathFacts: Codable, Equatable, Sendable {
  /// The file type (`stat(2)`), or that there is none.
  public enum Kind: String, Codable, Sendable { case absent, directory, file, symbolicLink, other }

  public var path: String
  public var kind: Kind
  /// For a directory: whether nothing is in it.
  public var isEmpty: Bool
  public var owner: Int?
  public var group: Int?
  /// Permission bits with set-id and sticky, as `chmod(2)` takes them.
  public var mode: Int?

  public init(
    path: String, kind: Kind, isEmpty: Bool = true, owner: Int? = nil, group: Int? = nil, mode: Int? = nil
  ) {
    self.path = path
    self.kind = kind
    self.isEmpty = isEmpty
    self.owner = owner
    self.group = group
    self.mode = mode
  }
}

/// Numeric ids of the users and groups that the scope named; a name that is not here does not exist.
public struct Accounts: Codable, Equatable, Sendable {
  public var users: [String: Int]
  public var groups: [String: Int]

  public init(users: [String: Int] = [:], groups: [String: Int] = [:]) {
    self.users = users
    self.groups = groups
  }

  /// The ids of names in `/etc/passwd` or `/etc/group`, which have the id in the same, third field.
  ///
  /// Source: `passwd(5)`, `group(5)`. Of two lines with one name the first counts, as in `getpwnam(3)`.
  public static func ids(of names: [String], in database: String) -> [String: Int] {
    var ids: [String: Int] = [:]
    for line in database.split(separator: "\n") {
      let fields = line.split(separator: ":", omittingEmptySubsequences: false)
      guard fields.count >= 3, let id = Int(fields[2]) else { continue }
      let name = String(fields[0])
      if names.contains(name), ids[name] == nil { ids[name] = id }
    }
    return ids
  }
}
