internal import Glibc
internal import Provisioning
internal import Synchronization
internal import SystemPackage

/// Runs the commands of a build, and keeps what they say.
struct BuildCommands {
  /// Nil for those that only look.
  var log: FileDescriptor?
  /// For what compilers write on their way.
  var temporary: String?
  let tell: @Sendable (PackageEvent) -> Void

  /// What is kept in memory of what a command said.
  private static let mostLines = 100_000

  /// Runs one step, and hands back what it said.
  ///
  /// - Throws: with the first error that it told, and the way out.
  @discardableResult
  func run(_ step: SourceStep) async throws(HostError) -> [String] {
    write("# \(step.command.joined(separator: " "))")
    return try await told(step).lines
  }

  /// Standard output of a command that only looks.
  func output(_ title: String, of command: [String]) async throws(HostError) -> String {
    try await told(SourceStep(title, command)).output
  }

  private func told(_ step: SourceStep) async throws(HostError) -> CommandOutput {
    let command = step.command
    tell(.started(command))
    do throws(HostError) {
      let (code, said) = try await once(command)
      guard !Task.isCancelled else { throw .interrupted }
      guard code == 0 else {
        throw error(BuildTrouble(said.lines, exitCode: code, ofArchive: step.program == "tar"), of: step)
      }
      tell(.finished(command))
      return said
    } catch {
      tell(.failed(command, error))
      throw error
    }
  }

  private func once(_ command: [String]) async throws(HostError) -> (code: Int32, said: CommandOutput) {
    let said = CommandOutput(mostLines: Self.mostLines)
    let pace = Pace()
    let code = try await runCommand(Self.niceness + command, environment: environment, isBuild: true) {
      line, isOutput in
      said.add(line, isOutput: isOutput)
      guard log != nil else { return }
      write(line)
      // A build says a thousand lines, and one a second is enough to see that it goes on.
      if pace.isDue() { tell(.line(line)) }
    }
    return (code, said)
  }

  /// libdispatch runs its threads, from which processes are started, at 0, however nice this program was started; a build
  /// is what one is nice with.
  private static let niceness: [String] = {
    let ours = getpriority(Int32(PRIO_PROCESS.rawValue), id_t(getpid()))
    return ours > 0 && access("/usr/bin/nice", X_OK) == 0 ? ["/usr/bin/nice", "-n", "\(ours)"] : []
  }()

  /// A disk that is full is told by the command itself.
  private func write(_ line: String) {
    if let log { _ = try? log.writeAll("\(line)\n".utf8) }
  }

  /// Nothing of our own environment decides what is built.
  private var environment: [String: String] {
    var words = [
      "PATH": "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin", "LC_ALL": "C", "HOME": "/root",
      "PYTHONDONTWRITEBYTECODE": "1", "CCACHE_DISABLE": "1",
    ]
    if let temporary { words["TMPDIR"] = temporary }
    return words
  }

  private func error(_ trouble: BuildTrouble, of step: SourceStep) -> HostError {
    let title = "'\(step.program)' could not \(step.title)"
    switch trouble {
    case .diskFull(let line):
      return HostError("\(title), as the disk is full: \(line)", remedy: "make room, then run this command again")
    case .outOfMemory(let line):
      return HostError("\(title), as the memory is full: \(line)", remedy: "give --jobs 1, or more memory")
    case .cutShort(let line):
      return HostError("\(title), as the archive is cut short: \(line)", remedy: "fetch it again")
    case .notArchive(let line):
      return HostError("\(title): \(line)", remedy: "name a tarball of DPDK")
    case .unpackerMissing(let program):
      return HostError(
        "\(title), as '\(program)' is not there", remedy: "install the package that has it, such as xz-utils or zstd")
    case .failed(let line):
      return HostError("\(title): \(line)", remedy: log == nil ? "" : "all that was said is in the build log")
    }
  }
}

/// Once a second.
private final class Pace: Sendable {
  private let last = Mutex(ContinuousClock.now)

  func isDue() -> Bool {
    last.withLock { last in
      let now = ContinuousClock.now
      guard now - last >= .seconds(1) else { return false }
      last = now
      return true
    }
  }
}
