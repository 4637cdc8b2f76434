/// The programs that build DPDK, by their absolute paths.
public struct SourceTools: Equatable, Sendable {
  public var tar = "/bin/tar"
  public var meson = "/usr/bin/meson"
  public var ninja = "/usr/bin/ninja"
  public var make = "/usr/bin/make"
  public var sed = "/bin/sed"
  public var env = "/usr/bin/env"
  public var ldconfig = "/sbin/ldconfig"

  public init() {}

  /// Those of this host, and a finding where one that the tree needs is not there.
  ///
  /// - Parameter find: the path of a program by its name; nil where it is in none of the directories of programs.
  public static func found(
    for tree: SourceTree, isPacked: Bool, find: (String) -> String?
  ) -> (tools: SourceTools, finding: Finding?) {
    var tools = SourceTools()
    var missing: [String] = []
    func take(_ path: WritableKeyPath<SourceTools, String>, _ names: [String]) {
      if let found = names.lazy.compactMap(find).first {
        tools[keyPath: path] = found
      } else {
        missing.append(names[0])
      }
    }
    if isPacked { take(\.tar, ["tar"]) }
    if tree.isBuiltByMeson {
      take(\.meson, ["meson"])
      take(\.ninja, ["ninja", "ninja-build"])
      if !["pkg-config", "pkgconf"].contains(where: { find($0) != nil }) { missing.append("pkg-config") }
      if !["cc", "gcc", "clang"].contains(where: { find($0) != nil }) { missing.append("gcc") }
    } else {
      take(\.make, ["make"])
      if find("gcc") == nil { missing.append("gcc") }
    }
    guard !missing.isEmpty else { return (tools, nil) }
    return (
      tools,
      Finding(
        Finding.sourceToolMissingID, .blocker, subject: missing.joined(separator: ", "),
        message: "not installed, and needed to build DPDK \(tree.version)",
        remedy: "run 'sudo dpdk-host install --build-packages', then this command again")
    )
  }
}

extension Finding {
  static let sourceToolMissingID = "source.toolMissing"
}
