internal import Glibc
internal import Synchronization

private let isInterrupted = Atomic(false)

/// Runs work whose task is cancelled once SIGINT, SIGTERM or SIGHUP comes, in the place of the end of the program: so it
/// can end what it started, and clear away what it made.
///
/// What is executed meanwhile has none of it: handlers do not outlive `execve(2)`.
func cancelledBySignals<Value: Sendable>(_ work: @Sendable @escaping () async -> Value) async -> Value {
  isInterrupted.store(false, ordering: .relaxed)
  let former = [SIGINT, SIGTERM, SIGHUP].compactMap { number -> (number: Int32, action: sigaction)? in
    var former = sigaction()
    // What is ignored, as by nohup(1), stays so: SIG_IGN is no function, but 1.
    guard sigaction(number, nil, &former) == 0, unsafeBitCast(former.__sigaction_handler.sa_handler, to: Int.self) != 1
    else { return nil }
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in isInterrupted.store(true, ordering: .relaxed) }
    action.sa_flags = SA_RESTART
    sigaction(number, &action, nil)
    return (number, former)
  }
  defer {
    for (number, action) in former { withUnsafePointer(to: action) { _ = sigaction(number, $0, nil) } }
  }
  let task = Task { await work() }
  let watch = Task {
    while !isInterrupted.load(ordering: .relaxed) { try await Task.sleep(for: .milliseconds(100)) }
    task.cancel()
  }
  defer { watch.cancel() }
  return await task.value
}

extension HostError {
  static let interrupted = HostError("interrupted by a signal", remedy: "run this command again: it begins anew")
}
