/// The texts that a boot loader reads, by their paths in the host.
public struct BootFiles: Equatable, Sendable {
  public struct Configuration: Equatable, Sendable {
    public var path: String
    public var text: String

    public init(path: String, text: String) {
      self.path = path
      self.text = text
    }
  }

  /// GRUB's configuration; nil for a loader that reads only entries (systemd-boot).
  public var configuration: Configuration?
  /// Environment blocks by path: `grubenv`; CBL-Mariner's `mariner.cfg`, `systemd.cfg` and each `linux-RELEASE.cfg`.
  public var environments: [String: String]
  /// The entries of the Boot Loader Specification by path: `/boot/loader/entries/*.conf`.
  public var loaderEntries: [String: String]
  /// Other paths that are known to be there, for `[ -f … ]`; of a path that is not in it nothing is known.
  public var existing: Set<String>

  public init(
    configuration: Configuration? = nil, environments: [String: String] = [:], loaderEntries: [String: String] = [:],
    existing: Set<String> = []
  ) {
    self.configuration = configuration
    self.environments = environments
    self.loaderEntries = loaderEntries
    self.existing = existing
  }
}

extension BootFiles {
  /// What a path of GRUB may be in the host: a device before it is dropped, and `/boot` may be a file system of its own.
  static func hostPaths(_ path: String) -> [String] {
    var rest = path[...]
    if rest.hasPrefix("("), let end = rest.firstIndex(of: ")") { rest = rest[rest.index(after: end)...] }
    guard rest.hasPrefix("/") else { return [] }
    while rest.hasPrefix("//") { rest.removeFirst() }
    return [String(rest), "/boot\(rest)", "/boot/efi\(rest)"]
  }

  /// The environment block that a path of GRUB leads to.
  ///
  /// Red Hat has one `grubenv` behind two paths, of which the host may have told only one.
  func environment(_ path: String) -> (path: String, text: String)? {
    let paths = Self.hostPaths(path)
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let named = environments.keys.filter { name == "grubenv" && $0.hasSuffix("/grubenv") }
    let found = paths.first { environments[$0] != nil } ?? (named.count == 1 ? named.first : nil)
    return found.flatMap { path in environments[path].map { (path, $0) } }
  }

  /// Whether a path of GRUB is there: true, or nil where that is not known.
  func exists(_ path: String) -> Bool? {
    let paths = Self.hostPaths(path)
    let isKnown =
      environment(path) != nil || paths.contains { existing.contains($0) || loaderEntries[$0] != nil }
      || configuration.map { paths.contains($0.path) } ?? false
    return isKnown ? true : nil
  }
}
