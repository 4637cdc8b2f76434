/// Why a package manager did not come to a good end, by its exit code and what it said in the language `C`.
public enum PackageTrouble: Equatable, Sendable {
  /// Another has its lock; who, where it says so.
  case locked(by: String?)
  case diskFull(String)
  /// Its database is damaged, or an installation before was cut short.
  case broken(String)
  /// No repository could be read.
  case unreachable(String)
  /// A repository has not what its own lists name.
  case notServed(String)
  /// It would have to remove what somebody else installed.
  case needsRemoval(String)
  /// What is installed, and what the repositories have, do not fit together.
  case unsatisfiable(String)
  /// No repository has them.
  case unknownPackages([String])
  case other(String)

  /// Nil where it is well: also where zypper ends with news instead of 0.
  ///
  /// - Parameters:
  ///   - program: what ran, whose exit codes are meant: beside the manager itself its database, and others that it needs.
  ///   - lines: what it said on standard output and standard error, the last lines at least.
  public init?(_ manager: PackageManager, program: String, exitCode: Int32, lines: [String]) {
    let isManager = program == manager.program
    if exitCode == 0 || isManager && manager == .zypper && Self.news.contains(exitCode) {
      // 'apt-get update' ends with 0 also where it reached nothing.
      guard isManager, manager == .apt, let line = lines.last(where: { $0.hasPrefix("W: Failed to fetch") }),
        !Self.hasReadSource(lines)
      else { return nil }
      self = line.contains(" 404 ") ? .notServed(line) : .unreachable(line)
      return
    }
    if isManager && Self.lockCodes[manager] == exitCode || Self.endsWithLock(lines) {
      self = .locked(by: lines.lazy.compactMap(Self.holder).first)
    } else if let line = lines.first(where: { $0.containsAny(Self.full) }) {
      self = .diskFull(line)
    } else if let line = lines.last(where: { $0.containsAny(Self.damaged) }) {
      self = .broken(line)
    } else if let line = lines.last(where: { $0.contains("remove is disabled") }) {
      self = .needsRemoval(line)
    } else if let line = lines.first(where: { $0.containsAny(Self.unsatisfied) }) {
      self = .unsatisfiable(lines.first { $0.contains("Depends: ") } ?? line)
    } else if let line = lines.first(where: { $0.containsAny(Self.unfetched) && $0.contains(" 404 ") }) {
      self = .notServed(line)
    } else if let line = lines.first(where: { $0.containsAny(Self.unfetched) }) {
      self = .unreachable(line)
    } else {
      let names = lines.compactMap(Self.unknownPackage).uniqued()
      let said = Self.cause(lines, manager) ?? "it said nothing, and ended with exit code \(exitCode)"
      self = names.isEmpty ? .other(said) : .unknownPackages(names)
    }
  }

  /// Whether a line says that a lock is waited for, or was not to be had.
  public static func isAboutLock(_ line: String) -> Bool { line.containsAny(locks) }

  /// What 'apt-get update' said of a source that it could not read, where it read others; nil where it read all, or none.
  public static func unreadSource(_ lines: [String]) -> String? {
    guard hasReadSource(lines) else { return nil }
    return lines.first { $0.hasPrefix("E: ") || $0.hasPrefix("W: Failed to fetch") }
  }

  private static func hasReadSource(_ lines: [String]) -> Bool {
    lines.contains { $0.hasPrefix("Get:") || $0.hasPrefix("Hit:") }
  }

  /// Whether a lock is what it came to nothing for: one that was waited for may have been had, and another thing failed.
  private static func endsWithLock(_ lines: [String]) -> Bool {
    guard let last = lines.lastIndex(where: isAboutLock) else { return false }
    // What dpkg was refused apt says once more, in words of its own.
    return !lines[(last + 1)...].contains { isError($0) && !$0.contains("Sub-process") }
  }

  private static func isError(_ line: String) -> Bool {
    line.lowercased().hasPrefix("error") || line.hasPrefix("E: ") || line.hasPrefix("dpkg: error")
      || line.containsAny(full + damaged + unsatisfied + unfetched) || unknownPackage(line) != nil
  }

  /// Source: `zypper(8)`: 100 to 103 are news after success, and 106 skipped a repository; 107 is a script that failed.
  private static let news: Set<Int32> = [100, 101, 102, 103, 106]
  /// Source: `zypper(8)`; `dnf(8)` and yum's `yummain.py`, with `exit_on_lock`.
  private static let lockCodes: [PackageManager: Int32] = [.zypper: 7, .dnf: 200, .yum: 200]

  private static let locks = [
    // apt, dpkg; older ones say 'is locked', newer ones 'was locked'
    "Could not get lock", "Unable to lock directory", "Unable to lock the administration directory",
    "Unable to acquire the dpkg frontend lock",
    "locked by another process", "Waiting for cache lock",
    // rpm, yum, dnf, dnf5, tdnf
    "can't create transaction lock", "another copy is running as pid", "currently holding the yum lock",
    "Waiting for process with pid", "Failed to obtain the transaction lock",
    "waiting for tdnf_instance lock", "Failed to acquire tdnf_instance lock",
    "System management is locked by the application",
  ]
  private static let full = [
    "No space left on device", "You don't have enough free space", "more space on the", "more space needed on the",
    "more inodes on the", "not enough disk space", "Insufficient space in",
  ]
  private static let unfetched = [
    "Failed to fetch", "Could not resolve", "Temporary failure resolving", "Could not retrieve mirrorlist",
    "Failed to download metadata", "Cannot retrieve repository metadata", "Curl error", "Couldn't resolve host",
  ]
  private static let damaged = [
    "dpkg was interrupted", "Unmet dependencies. Try", "status database area", "rpmdb open failed", "db5 error",
    "database is malformed", "DB_RUNRECOVERY", "needs to be reinstalled", "parsing file '/var/lib/dpkg",
    "The package lists or status file could not be parsed", "cannot open Packages",
  ]
  private static let unsatisfied = [
    "have unmet dependencies", "held broken packages", "nothing provides ", "conflicting requests",
  ]

  /// `held by process 4711 (unattended-upgr)`, `running as pid 4711`, `with pid 4711 (zypper)`.
  private static func holder(_ line: String) -> String? {
    for mark in ["held by process ", "running as pid ", "with pid ", "(pid "] {
      guard let range = line.firstRange(of: mark) else { continue }
      let pid = line[range.upperBound...].prefix(while: \.isNumber)
      // Of a lock from another PID namespace the kernel says 0.
      guard !pid.isEmpty, pid != "0" else { continue }
      let rest = line[range.upperBound...].dropFirst(pid.count).drop { $0 == " " || $0 == ")" }
      let name = rest.first == "(" ? rest.dropFirst().prefix { $0 != ")" } : ""
      return name.isEmpty ? "process \(pid)" : "process \(pid) (\(name))"
    }
    return nil
  }

  private static func unknownPackage(_ line: String) -> String? {
    let marks = [
      "E: Unable to locate package ", "No package ", "Error: Unable to find a match: ", "Package '",
      "E: Package '", "No match for argument: ", "No provider of '", "E: Couldn't find any package by regex '",
    ]
    for mark in marks where line.hasPrefix(mark) {
      let rest = line.dropFirst(mark.count)
      if mark == "No package ", !rest.contains(" available") { continue }
      if mark.hasSuffix("Package '"), !rest.contains("' not found"), !rest.contains("has no installation candidate") {
        continue
      }
      let name = rest.prefix { $0 != "'" && $0 != " " }
      return name.isEmpty ? nil : String(name)
    }
    return nil
  }

  /// What names the cause: of what apt and dpkg call errors the first, which the others follow from; of what others do
  /// the last, or their last line.
  private static func cause(_ lines: [String], _ manager: PackageManager) -> String? {
    let spoken = lines.filter { !$0.isEmpty }
    if manager == .apt, let first = spoken.first(where: { $0.hasPrefix("E: ") || $0.hasPrefix("dpkg: error") }) {
      return first
    }
    return spoken.last { $0.hasPrefix("E: ") || $0.hasPrefix("Error") || $0.hasPrefix("error") } ?? spoken.last
  }
}

extension String {
  func containsAny(_ parts: [String]) -> Bool { parts.contains { contains($0) } }
}
