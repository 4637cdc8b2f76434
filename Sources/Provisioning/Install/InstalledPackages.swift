/// What a package database says is installed.
public struct InstalledPackages: Equatable, Sendable {
  /// One package, as far as it is there.
  public struct Package: Equatable, Sendable {
    /// What the database itself calls it where it must not be mistaken: `libc6:amd64`, `dpdk.x86_64`.
    public var id: String
    public var name: String
    public var architecture: String
    /// Of rpm alone, `22.11` and `1.el9`: there more than one version of a kernel package is installed at once.
    public var version: String
    public var release: String
    public var state: State
    /// It was killed while dpkg unpacked it: dpkg removes it by force alone.
    public var needsReinstall: Bool
    /// The names of other packages that it stands for; of dpkg alone.
    public var provides: [String]

    public init(
      id: String, name: String, architecture: String, version: String = "", release: String = "",
      state: State = .installed, needsReinstall: Bool = false, provides: [String] = []
    ) {
      self.id = id
      self.name = name
      self.architecture = architecture
      self.version = version
      self.release = release
      self.state = state
      self.needsReinstall = needsReinstall
      self.provides = provides
    }
  }

  /// How far the installation of a package came.
  public enum State: Sendable {
    case installed
    /// Unpacked and not configured, or not even wholly unpacked.
    case unfinished
    /// Removed, and its configuration is still there.
    case configurationOnly
  }

  public var packages: [Package]

  public init(packages: [Package]) { self.packages = packages }

  /// Reads what ``PackageDatabase/query`` prints; nil where a line is none of its lines, or there is none at all: a
  /// database without a single package is one that cannot be read.
  public init?(_ output: String, from database: PackageDatabase) {
    packages = []
    for line in output.split(separator: "\n") {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == (database == .dpkg ? 5 : 4), !fields[0].isEmpty else { return nil }
      switch database {
      case .dpkg:
        guard let state = Self.state(fields[3]) else { continue }
        packages.append(
          Package(
            id: fields[0], name: fields[1], architecture: fields[2], state: state,
            needsReinstall: fields[3].dropFirst(2).first == "R", provides: Self.names(fields[4])))
      // A key, not a package.
      case .rpm where fields[0] == "gpg-pubkey": continue
      case .rpm:
        packages.append(
          Package(
            id: "\(fields[0]).\(fields[3])", name: fields[0], architecture: fields[3], version: fields[1],
            release: fields[2]))
      }
    }
    guard !packages.isEmpty else { return nil }
  }

  /// Nil for a package that is known and not there. Source: `dpkg-query(1)`, `db:Status-Abbrev`.
  private static func state(_ abbreviation: String) -> State? {
    switch abbreviation.dropFirst().first {
    case "i", "t", "W": .installed
    case "H", "U", "F": .unfinished
    case "c": .configurationOnly
    default: nil
    }
  }

  /// `libfoo, bar (= 1.2)`: the names alone.
  private static func names(_ provides: String) -> [String] {
    provides.split(separator: ",").compactMap { $0.split(separator: " ").first.map(String.init) }
  }

  /// Whether what a package manager would be asked for by this word is installed.
  ///
  /// dpkg's other architectures do not count; rpm's words may carry a version, a release and an architecture.
  public func has(_ word: String) -> Bool {
    let native = packages.first { $0.name == "dpkg" }?.architecture
    return packages.contains { package in
      guard package.state == .installed else { return false }
      if package.version.isEmpty {
        return (word == package.name || package.provides.contains(word))
          && (native == nil || [native, "all"].contains(package.architecture))
      }
      guard word.hasPrefix(package.name) else { return false }
      let (name, version, release) = (package.name, package.version, package.release)
      let forms = [name, "\(name)-\(version)", "\(name)-\(version)-\(release)"]
      return forms.contains { word == $0 || word == "\($0).\(package.architecture)" }
    }
  }

  /// Those of which anything but configuration is there.
  public var ids: Set<String> { Set(packages.lazy.filter { $0.state != .configurationOnly }.map(\.id)) }
  /// Those that an interrupted run of dpkg left behind.
  public var unfinished: [String] { packages.filter { $0.state == .unfinished }.map(\.id) }
  /// Those of which nothing but configuration is there.
  public var configurations: Set<String> {
    Set(packages.lazy.filter { $0.state == .configurationOnly }.map(\.id))
  }
}
