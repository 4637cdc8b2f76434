internal import Glibc
internal import Provisioning
internal import Synchronization

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
  /// A signal asked to stop: this command runs to its end, and no other is begun.
  case stopping([String])
  case finished([String])
  case failed([String], HostError)
}

/// Runs commands of a package manager: without a terminal, with nothing to read, and with patience for its lock.
///
/// None is ended half-way: where the task is cancelled, the one that runs goes on to its end, and no other begins.
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
  /// - Parameters:
  ///   - elsewhere: what to do where no repository has a package.
  ///   - isFatal: whether it failed for a trouble, by what it said.
  ///   - beforeTry: what is to be done before each try.
  /// - Privileges: root.
  /// - Throws: what was in the way, with the way out.
  @discardableResult
  func run(
    _ command: [String], elsewhere: String = "", isFatal: (PackageTrouble, [String]) -> Bool = { _, _ in true },
    beforeTry: () async throws(HostError) -> Void = {}
  ) async throws(HostError) -> PackageCommandResult {
    guard !Task.isCancelled else { throw interrupted(before: [command]) }
    tell(.started(command))
    do throws(HostError) {
      let result = try await tryPatiently(command, beforeTry: beforeTry)
      if let trouble = result.trouble, isFatal(trouble, result.lines) {
        throw error(trouble, of: command, elsewhere: elsewhere)
      }
      tell(.finished(command))
      return result
    } catch {
      tell(.failed(command, error))
      throw error
    }
  }

  /// Runs a command whose failing is an answer.
  ///
  /// - Parameter isQuiet: what it says is not told, as it changes nothing.
  func tryPatiently(
    _ command: [String], isQuiet: Bool = false, beforeTry: () async throws(HostError) -> Void = {}
  ) async throws(HostError) -> PackageCommandResult {
    let deadline = ContinuousClock.now + patience
    var holder: String?
    var isWaiting = false
    while true {
      guard !Task.isCancelled else { throw interrupted(before: [command]) }
      try await beforeTry()
      let result = try await once(command, until: deadline, isQuiet: isQuiet)
      guard case .locked(let by) = result.trouble, ContinuousClock.now < deadline else { return result }
      if !isWaiting || by != holder { tell(.waiting(by: by)) }
      (isWaiting, holder) = (true, by)
      try? await Task.sleep(for: Self.pause)
    }
  }

  /// Everything that is installed.
  ///
  /// - Throws: where the database cannot be read.
  func installed() async throws(HostError) -> InstalledPackages {
    let query = manager.database.query
    let result = try await ask(query)
    if let trouble = result.trouble { throw error(trouble, of: query) }
    guard let installed = InstalledPackages(result.output, from: manager.database) else {
      throw HostError(
        "cannot make sense of what '\(query[0])' says is installed", remedy: "see what it prints, and mend its database"
      )
    }
    return installed
  }

  /// Runs a command that takes no lock and changes nothing, also after a signal.
  func ask(_ command: [String]) async throws(HostError) -> PackageCommandResult {
    try await once(command, until: nil, isQuiet: true)
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
    let stop = Stop()
    // SIGTERM while it waits for a lock harms nothing; at any other time nobody ends it.
    let isToEnd: @Sendable () -> Bool = {
      guard let deadline, ContinuousClock.now > deadline || stop.isAsked, let last = said.last else { return false }
      return PackageTrouble.isAboutLock(last)
    }
    // A task of its own, which is not cancelled with ours.
    let running = Task { () -> Result<Int32, HostError> in
      do throws(HostError) {
        return .success(
          try await runCommand(command, environment: environment, endingWhen: isToEnd) { line, isOutput in
            said.add(line, isOutput: isOutput)
            if !isQuiet { tell(.line(line)) }
          })
      } catch { return .failure(error) }
    }
    let ended = await withTaskCancellationHandler {
      await running.value
    } onCancel: {
      stop.ask()
      if !isQuiet { tell(.stopping(command)) }
    }
    return PackageCommandResult(
      output: said.output, errors: said.errors, lines: said.lines,
      trouble: PackageTrouble(manager, program: program, exitCode: try ended.get(), lines: said.lines))
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
}

/// Whether a command that may be ended is to end.
private final class Stop: Sendable {
  private let flag = Atomic(false)

  var isAsked: Bool { flag.load(ordering: .relaxed) }
  func ask() { flag.store(true, ordering: .relaxed) }
}
