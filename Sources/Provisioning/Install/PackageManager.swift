/// A package manager, and the words that it understands: never a shell's, so nothing is quoted.
public enum PackageManager: String, Codable, CaseIterable, Sendable {
  case apt, dnf, yum, zypper, tdnf

  /// The program that installs.
  public var program: String {
    switch self {
    case .apt: "/usr/bin/apt-get"
    case .dnf: "/usr/bin/dnf"
    case .yum: "/usr/bin/yum"
    case .zypper: "/usr/bin/zypper"
    case .tdnf: "/usr/bin/tdnf"
    }
  }

  /// The database below: what answers what is installed, and takes away what is named and nothing else.
  public var database: PackageDatabase { self == .apt ? .dpkg : .rpm }

  /// What every command of it gets beside the path and the language: no question is ever asked.
  public var environment: [String: String] {
    switch self {
    case .apt:
      ["DEBIAN_FRONTEND": "noninteractive", "APT_LISTCHANGES_FRONTEND": "none", "NEEDRESTART_MODE": "l"]
    // Ours is the patience (``PackageTrouble/locked(by:)``): it tells what it waits for.
    case .zypper: ["ZYPP_LOCK_TIMEOUT": "0"]
    case .dnf, .yum, .tdnf: [:]
    }
  }

  /// Fetches the lists of packages, where that is not part of installing.
  var refresh: [String]? {
    // What it reached is not said where the host's own configuration has it quieter.
    self == .apt ? [program, "update", "-o", "quiet=1"] + Self.noWaitingByAPT : nil
  }

  /// The documented words come first, and ours behind them: see `profiles/distributions.yml`.
  func install(_ packages: [String]) -> [String] {
    switch self {
    case .apt: [program, "install", "-y"] + packages + Self.aptOptions
    case .dnf, .yum: [program, "install", "-y"] + packages + Self.noWaiting
    case .zypper: [program, "--non-interactive", "install"] + packages
    case .tdnf: [program, "install", "-y"] + packages
    }
  }

  /// What tells, and changes nothing, which packages a command would install, for ``planned(_:)``; nil where none does.
  public func trial(of install: [String]) -> [String]? {
    self == .apt ? [program, "--simulate"] + install.dropFirst() : nil
  }

  /// The packages that are not there yet, of those that a trial says it would install: `Inst libbpf1 (1:1.1.0 …)`. One that is
  /// there has its version behind its name.
  public static func planned(_ output: String) -> [String] {
    output.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard words.count > 2, words[0] == "Inst", words[2].first == "(" else { return nil }
      return String(words[1])
    }
  }

  /// Installs what would have come along, and has it count as such.
  public func installRest(_ packages: [String]) -> [String] {
    install(packages) + (self == .apt ? ["-o", "APT::Get::Mark-Auto=true"] : [])
  }

  func installGroup(_ name: String) -> [String] { [program, "-y", "groupinstall", name] + Self.noWaiting }

  /// What finishes an installation that was cut short.
  var resume: [InstallStep] {
    self == .apt
      ? [
        // It cannot configure what is not wholly unpacked; what comes next unpacks it again.
        InstallStep(
          .resume(mayFail: true), ["/usr/bin/dpkg", "--configure", "-a", "--force-confdef", "--force-confold"]),
        InstallStep(.resume(mayFail: false), [program, "install", "-y", "-f"] + Self.aptOptions),
      ] : []
  }

  /// What somebody else installed is not taken away for it; no pseudo-terminal, whose progress bars are for eyes; and a
  /// configuration file that is there already stays.
  private static let aptOptions =
    [
      "--no-remove", "-o", "Dpkg::Use-Pty=0", "-o", "Dpkg::Options::=--force-confdef", "-o",
      "Dpkg::Options::=--force-confold",
    ] + noWaitingByAPT
  /// Otherwise a lock is waited for without end.
  private static let noWaiting = ["--setopt=exit_on_lock=True"]
  /// Whatever the host's own configuration says: what others install while a lock is waited for is known where we wait.
  private static let noWaitingByAPT = ["-o", "DPkg::Lock::Timeout=0"]
}

/// `dpkg` or `rpm`.
public enum PackageDatabase: Sendable {
  case dpkg, rpm

  /// Prints everything that is installed, a line each, for ``InstalledPackages``.
  public var query: [String] {
    switch self {
    case .dpkg:
      [
        "/usr/bin/dpkg-query", "--show",
        "--showformat=${binary:Package}\\t${Package}\\t${Architecture}\\t${db:Status-Abbrev}\\t${Provides}\\n",
      ]
    case .rpm: ["/usr/bin/rpm", "--query", "--all", "--queryformat=%{NAME}\\t%{VERSION}\\t%{RELEASE}\\t%{ARCH}\\n"]
    }
  }

  /// Takes away exactly these, or says which are needed by others.
  ///
  /// - Parameters:
  ///   - keepingConfiguration: dpkg leaves the configuration files.
  ///   - isForced: dpkg takes also those that are to be installed anew, which it refuses otherwise.
  ///   - isTrial: only says it.
  public func remove(
    _ ids: [String], keepingConfiguration: Bool = false, isForced: Bool = false, isTrial: Bool = false
  ) -> [String] {
    switch self {
    case .dpkg:
      ["/usr/bin/dpkg"] + (isTrial ? ["--dry-run"] : []) + (isForced ? ["--force-remove-reinstreq"] : [])
        + [keepingConfiguration ? "--remove" : "--purge"] + ids
    case .rpm: ["/usr/bin/rpm", "--erase"] + (isTrial ? ["--test"] : []) + ["--allmatches"] + ids
    }
  }

  /// Prints the ids of what provides a capability: for rpm alone, whose trial of a removal names capabilities, and whose
  /// package managers take them for packages.
  public static func providers(of capability: String) -> [String] {
    ["/usr/bin/rpm", "--query", "--whatprovides", "--queryformat=%{NAME}.%{ARCH}\\n", capability]
  }
}
