internal import Glibc
internal import Provisioning

/// How a command of a package manager ended.
struct PackageCommandResult {
  /// Standard output, and standard error, each by itself.
  var output: String
  var errors: String
  /// Both streams, the last lines of a long run.
  var lines: [String]
  var trouble: PackageTrouble?
}

/// What is heard while packages are installed or removed, or DPDK is built.
public enum PackageEvent: Sendable {
  case started([String])
  /// A line of the program's own.
  case line(String)
  /// Another has the lock, and is waited for; who, where it is known.
  case waiting(by: String?)
  case finished([String])
  case failed([String], HostError)
}

/// Runs commands of a package manager: without a terminal, with nothing to read, and with patience for its lock.
struct PackageCommands {
  let manager: PackageManager
  /// For how long a lock is waited for.
  let patience: Duration
  let tell: @Sendable (PackageEvent) -> Void

  /// Between two tries for a lock.
  private static let pause: Duration = .seconds(2)
  /// What is kept of what a command said.
  private static let mostLines = 400

  /// Runs a command that changes something, again while another has the lock.
  ///
  /// - Parameter elsewhere: what to do where no repository has a package.
  /// - Privileges: root.
  /// - Throws: what was in the way, with the way out.
  func run(_ command: [String], elsewhere: String = "") async throws(HostError) {
    tell(.started(command))
    do throws(HostError) {
      let result = try await tryPatiently(command)
      if let trouble = result.trouble { throw error(trouble, of: command, elsewhere: elsewhere) }
    } catch {
      tell(.failed(command, error))
      throw error
    }
    tell(.finished(command))
  }

  /// Runs a command whose failing is an answer.
  ///
  /// - Parameter isQuiet: what it says is not told, as it changes nothing.
  func tryPatiently(_ command: [String], isQuiet: Bool = false) async throws(HostError) -> PackageCommandResult {
    let deadline = ContinuousClock.now + patience
    var holder: String?
    var isWaiting = false
    while true {
      let result = try await once(command, until: deadline, isQuiet: isQuiet)
      guard case .locked(let by) = result.trouble, ContinuousClock.now < deadline else { return result }
      if !isWaiting || by != holder { tell(.waiting(by: by)) }
      (isWaiting, holder) = (true, by)
      do { try await Task.sleep(for: Self.pause) } catch { return result }
    }
  }

  /// Everything that is installed.
  ///
  /// - Throws: where the database cannot be read.
  func installed() async throws(HostError) -> InstalledPackages {
    let query = manager.database.query
    let result = try await once(query, until: nil, isQuiet: true)
    if let trouble = result.trouble { throw error(trouble, of: query) }
    guard let installed = InstalledPackages(result.output, from: manager.database) else {
      throw HostError(
        "cannot make sense of what '\(query[0])' says is installed", remedy: "see what it prints, and mend its database"
      )
    }
    return installed
  }

  /// - Parameter deadline: a command that does nothing but wait for a lock is ended then; nil where it takes none.
  private func once(
    _ command: [String], until deadline: ContinuousClock.Instant?, isQuiet: Bool
  ) async throws(HostError) -> PackageCommandResult {
    guard let program = command.first, access(program, X_OK) == 0 else {
      throw HostError(
        "'\(command.first ?? "")' is not there",
        remedy: "install the package that has it; no packages can be installed without")
    }
    let said = CommandOutput(mostLines: Self.mostLines)
    // SIGTERM while it waits for a lock harms nothing; at any other time nobody ends it.
    let isToEnd: @Sendable () -> Bool = {
      guard let deadline, ContinuousClock.now > deadline, let last = said.last else { return false }
      return PackageTrouble.isAboutLock(last)
    }
    let code = try await runCommand(command, environment: environment, endingWhen: isToEnd) { line, isOutput in
      said.add(line, isOutput: isOutput)
      if !isQuiet { tell(.line(line)) }
    }
    return PackageCommandResult(
      output: said.output, errors: said.errors, lines: said.lines,
      trouble: PackageTrouble(manager, exitCode: code, lines: said.lines))
  }

  /// Of our own environment nothing but the way to a proxy.
  private var environment: [String: String] {
    var words = manager.environment
    words["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin"
    words["LC_ALL"] = "C"
    words["HOME"] = "/root"
    for name in ["http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy"].flatMap({ [$0, $0.uppercased()] }) {
      if let value = getenv(name) { words[name] = String(cString: value) }
    }
    return words
  }

  /// What to say of it, and what to do.
  func error(_ trouble: PackageTrouble, of command: [String], elsewhere: String = "") -> HostError {
    let words = command.prefix(3).prefix { !$0.contains("=") }
    let title = "'\(words.joined(separator: " "))\(command.count > words.count ? " …" : "")'"
    switch trouble {
    case .locked(let by):
      return HostError(
        "\(title) was kept waiting for \(patience.components.seconds) s by \(by ?? "another package manager")",
        remedy: "wait until it has ended, then run this command again; --wait-for-lock waits longer")
    case .diskFull(let line):
      return HostError(
        "\(title) found the disk full: \(line.trimmingBlanks)",
        remedy: "make room, then run this command again: it goes on where it was cut short")
    case .broken(let line):
      let way =
        manager == .apt
        ? "'sudo dpkg --audit' tells what is wrong, 'sudo dpkg --configure -a' and 'sudo apt-get install -f' mend most of it"
        : "run 'sudo rpm --rebuilddb', and see '\(manager.rawValue) check'"
      return HostError(
        "\(title) cannot work, as its own state is broken: \(line.trimmingBlanks)",
        remedy: "\(way); then run this command again")
    case .unreachable(let line):
      return HostError(
        "\(title) could not fetch anything: \(line.trimmingBlanks)",
        remedy: "see whether this host reaches its repositories, and its name server; a proxy is taken from https_proxy"
      )
    case .needsRemoval(let line):
      return HostError(
        "\(title) would take away packages that are installed: \(line.trimmingBlanks)",
        remedy: "see 'apt-get install --simulate' of the same packages, and decide by hand")
    case .unknownPackages(let names):
      return HostError(
        "no repository of this host has \(names.map { "'\($0)'" }.joined(separator: ", "))",
        remedy: elsewhere.isEmpty ? "see which repositories are enabled" : elsewhere)
    case .other(let line):
      return HostError("\(title) failed: \(line.trimmingBlanks)", remedy: "see what it said above")
    }
  }
}
