/// Why a file of ours (a profile, the table of distributions) cannot be used: everything that is wrong with it.
public struct ProfileError: Error, Equatable, Sendable {
  /// The file, as the user knows it.
  public var source: String
  /// One sentence each with path and line: `$.hugepages[1].pages (line 4): unknown key 'pages'; …`.
  public var problems: [String]

  public init(source: String, problems: [String]) {
    self.source = source
    self.problems = problems
  }
}

extension ProfileError: CustomStringConvertible {
  public var description: String {
    "'\(source)' cannot be used:" + problems.map { "\n  \($0)" }.joined()
  }
}
