public import EngineMessages
internal import FoundationEssentials
internal import Subprocess
internal import Synchronization
public import SystemPackage

/// What is left over after a run, for the reader of an error.
private let tailLines = 12
/// What an engine may take for starting, draining and closing, beside warm-up and measured traffic.
public let engineGrace: Duration = .seconds(60)
/// Nothing of our own environment. Swift's backtrace would push EAL's last words, which name the cause, out of the tail.
private let engineEnvironment = Environment.custom([
  "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "SWIFT_BACKTRACE": "enable=no",
])
/// Between the request to end and the end by force.
private let patience: Duration = .seconds(5)

/// What came of a run of the packet engine.
public struct EngineRun: Sendable {
  public var result: TrafficResult
  /// What happened to ports while traffic ran.
  public var events: [PortEvent]
  /// Things that the engine wanted noted.
  public var notices: [String]
  /// The end of what it said on standard error.
  public var log: [String]
}

/// Runs `dpdk-host-engine` as a child: the request in as JSON, events out as one JSON object a line.
///
/// The engine gets a clean environment and no shell; it is ended, first by SIGTERM and then by SIGKILL, when it does
/// not come to its end in time.
///
/// - Parameters:
///   - grace: how much longer than its traffic the engine may take.
///   - tell: called with each event as it arrives.
/// - Throws: when the engine cannot be started, crashes, hangs, prints what is not an event, or says that it failed;
///   each with the end of what it said on standard error.
public func runEngine(
  _ request: EngineRequest, at engine: FilePath, grace: Duration = engineGrace,
  tell: @Sendable @escaping (EngineEvent) -> Void
) async throws(HostError) -> EngineRun {
  let said = Transcript()
  let status: TerminationStatus
  do {
    let json = String(decoding: try JSONEncoder().encode(request), as: UTF8.self)
    var options = PlatformOptions()
    options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: patience)]
    let limit = .seconds(request.longestTraffic) + grace
    let outcome = try await run(
      .path(engine), arguments: ["--request", "-"],
      environment: engineEnvironment,
      platformOptions: options, input: .string(json), output: .sequence, error: .sequence
    ) { execution in
      // Standard error is drained at the same time: an engine that fills that pipe would hang.
      async let log: Void = {
        for try await line in execution.standardError.strings(bufferingPolicy: .unbounded) { said.log(line) }
      }()
      let watch = Task {
        try await Task.sleep(for: limit)
        said.markLate(after: limit)
        try? execution.send(signal: .terminate)
        try await Task.sleep(for: patience)
        try? execution.send(signal: .kill)
      }
      defer { watch.cancel() }
      for try await line in execution.standardOutput.strings(bufferingPolicy: .unbounded) where !line.isEmpty {
        guard let event = try? JSONDecoder().decode(EngineEvent.self, from: Data(line.utf8)) else {
          said.rubbish(line)
          continue
        }
        said.event(event)
        tell(event)
      }
      try await log
    }
    status = outcome.terminationStatus
  } catch let error as SubprocessError {
    throw HostError("cannot run the packet engine '\(engine)': \(error)")
  } catch { throw HostError("lost the packet engine '\(engine)': \(error)") }
  return try said.judged(status)
}

/// What the engine said, collected from two streams at once.
private final class Transcript: Sendable {
  private struct State {
    var log: [String] = []
    var rubbish: String?
    var notices: [String] = []
    var events: [PortEvent] = []
    var result: TrafficResult?
    var failure: EngineFailure?
    var lateAfter: Duration?
  }

  private let state = Mutex(State())

  func log(_ line: String) {
    // EAL's backtrace says nothing to who reads the tail, and would push its reason out of it.
    guard line.wholeMatch(of: /\d+: \S+ \(.*\) \[[0-9a-f]+\]/) == nil else { return }
    state.withLock { state in
      state.log.append(String(line.prefix(300)))
      if state.log.count > tailLines { state.log.removeFirst() }
    }
  }

  func rubbish(_ line: String) { state.withLock { $0.rubbish = $0.rubbish ?? line } }
  func markLate(after limit: Duration) { state.withLock { $0.lateAfter = limit } }

  func event(_ event: EngineEvent) {
    state.withLock { state in
      switch event {
      case .started, .sample, .trial: break
      case .port(let event): state.events.append(event)
      case .notice(let notice): state.notices.append(notice.message)
      case .result(let result): state.result = result
      case .failed(let failure): state.failure = failure
      }
    }
  }

  func judged(_ status: TerminationStatus) throws(HostError) -> EngineRun {
    let state = state.withLock { $0 }
    let tail = state.log.isEmpty ? "it said nothing" : "its last words:\n  " + state.log.joined(separator: "\n  ")
    if let limit = state.lateAfter {
      throw HostError("the packet engine hung: it was ended after \(limit.components.seconds) s; \(tail)")
    }
    if let failure = state.failure { throw HostError("the packet engine failed: \(failure.message); \(tail)") }
    if let rubbish = state.rubbish {
      throw HostError("the packet engine printed what is not an event: '\(rubbish.prefix(200))'; \(tail)")
    }
    switch status {
    case .exited(0): break
    case .exited(let code): throw HostError("the packet engine ended with exit code \(code); \(tail)")
    case .signaled(let signal): throw HostError("the packet engine was killed by signal \(signal); \(tail)")
    }
    guard let result = state.result else { throw HostError("the packet engine ended without a result; \(tail)") }
    return EngineRun(result: result, events: state.events, notices: state.notices, log: state.log)
  }
}

extension EngineRequest {
  /// Seconds that traffic may take at most, with what is waited for between trials.
  var longestTraffic: Double {
    guard mode == .rfc2544 else { return (duration ?? 0) + warmUp }
    let duration = duration ?? BenchmarkPlan.duration
    let rest = benchmark.settle + max(2, benchmark.wait)
    // A search, a trial for the latency and one for the longest burst, and ten steps of the loss curve, each made twice.
    let trials = Double(benchmark.trials + 2 + 20) * (duration + rest)
    // A burst gets twice the time, as it may leave late.
    let bursts = Double(benchmark.trials) * (2 * duration + 1 + rest)
    return Double(benchmark.isMixed ? 1 : frameSizes.count) * (trials + bursts) + warmUp
  }
}
