internal import Glibc
internal import Provisioning
internal import Subprocess
internal import Synchronization
internal import SystemPackage

/// Runs a command with nothing to read, and hands over each line of both its streams as it comes. It is in a session of
/// its own, which a terminal's ^C does not reach.
///
/// - Parameters:
///   - environment: all of it.
///   - isBuild: it ends with all that it started where this task is cancelled.
///   - isToEnd: asked once a second; the command gets SIGTERM once it is so.
///   - hear: a line, and whether it came on standard output; from two threads at once.
/// - Returns: the exit code, or 128 and the signal that ended it.
func runCommand(
  _ command: [String], environment: [String: String], isBuild: Bool = false,
  endingWhen isToEnd: (@Sendable () -> Bool)? = nil,
  hear: @Sendable @escaping (_ line: String, _ isOutput: Bool) -> Void
) async throws(HostError) -> Int32 {
  var options = PlatformOptions()
  options.createSession = true
  if isBuild {
    options.teardownSequence = [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(5))]
  }
  do {
    let outcome = try await Subprocess.run(
      .path(FilePath(command[0])), arguments: Arguments(Array(command.dropFirst())),
      environment: .custom(environment.reduce(into: [:]) { $0[.init(stringLiteral: $1.key)] = $1.value }),
      platformOptions: options, input: .none, output: .sequence, error: .sequence
    ) { execution in
      let watch = Task {
        while let isToEnd {
          try await Task.sleep(for: .seconds(1))
          if isToEnd() { return try execution.send(signal: .terminate) }
        }
      }
      defer { watch.cancel() }
      async let errors: Void = {
        for try await line in execution.standardError.strings(bufferingPolicy: .unbounded) { hear(line, false) }
      }()
      for try await line in execution.standardOutput.strings(bufferingPolicy: .unbounded) { hear(line, true) }
      try await errors
    }
    switch outcome.terminationStatus {
    case .exited(let status): return status
    case .signaled(let signal): return 128 + signal
    }
  } catch { throw HostError("cannot run '\(command[0])': \(error)") }
}

/// What a command said, collected from two streams at once.
final class CommandOutput: Sendable {
  private let state = Mutex<(lines: [String], output: String, errors: String)>(([], "", ""))
  private let mostLines: Int

  init(mostLines: Int) { self.mostLines = mostLines }

  func add(_ line: String, isOutput: Bool) {
    state.withLock { state in
      if isOutput { state.output += line + "\n" } else { state.errors += line + "\n" }
      state.lines.append(line)
      // The first lines hold the cause, the last the end.
      if state.lines.count > mostLines { state.lines.remove(at: mostLines / 2) }
    }
  }

  var last: String? { state.withLock { $0.lines.last } }
  var lines: [String] { state.withLock { $0.lines } }
  var output: String { state.withLock { $0.output } }
  var errors: String { state.withLock { $0.errors } }
}
