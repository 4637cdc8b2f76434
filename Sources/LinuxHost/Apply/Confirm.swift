internal import Glibc
internal import Provisioning

/// Keeps what `apply --confirm-within` did: takes the dead-man's switch away.
///
/// What outlasts a reboot (boot configuration) belongs here, after the switch is gone, and never into an `apply` that
/// waits to be confirmed: until now a reboot was a way back.
///
/// - Privileges: root.
/// - Throws: where nothing waits, where it is too late, or while an `apply` or a `revert` still runs.
public func confirm() async throws(HostError) {
  let lock = try HostLock()
  defer { withExtendedLifetime(lock) {} }
  guard let pending = try UnconfirmedFile().read() else {
    throw HostError(
      "nothing waits to be confirmed",
      remedy: "see 'dpdk-host check' for what is; what undid it says so in 'journalctl -u dpdk-host-unconfirmed-*', "
        + "or, without systemd, in '\(UnconfirmedFile().logPath)'")
  }
  guard !pending.isOver(now: bootTime()) else {
    throw HostError(
      "too late: the \(pending.seconds) s are over, and what 'apply' did is being undone",
      remedy: "run 'dpdk-host apply' again; where nothing is undone in a minute: dpdk-host revert")
  }
  try await DeadMansSwitch().disarm()
}

/// The watch of the dead-man's switch: waits for the deadline, and undoes what the journal got since it was armed. What
/// an earlier `apply` did stays.
///
/// It waits for an `apply` that still runs, and reads the deadline again after that; one that hangs is ended by force.
/// What a process keeps from being undone (`dpdk.inUse`) is tried again until the process is gone.
///
/// - Parameters:
///   - tell: called after each step.
///   - waits: called with what it waits for, when that changes.
/// - Privileges: root.
/// - Returns: nil where it was confirmed, or undone by somebody else.
public func revertUnconfirmed(
  tell: (RevertEvent) -> Void, waits: (String) -> Void
) throws(HostError) -> RevertOutcome? {
  let file = UnconfirmedFile()
  var said = ""
  func wait(_ seconds: Double, for what: String) {
    if what != said { waits(what) }
    said = what
    usleep(UInt32(seconds * 1e6))
  }
  while let pending = try file.read() {
    let left: [String]
    guard pending.isOver(now: bootTime()) else {
      wait(pollPeriod, for: "waiting for 'dpdk-host confirm'")
      continue
    }
    do throws(HostError) {
      let lock = try HostLock()
      defer { withExtendedLifetime(lock) {} }
      // Only with the lock it is certain: `apply` may have come to its end, or `confirm` may have been first.
      guard let pending = try file.read(), pending.isOver(now: bootTime()) else { continue }
      let outcome = try undoJournal(after: pending.entriesBefore, tell: tell)
      if outcome.isDone {
        try file.remove(keepsLog: true)
        return outcome
      }
      left =
        outcome.findings.filter { $0.severity == .blocker }.map { "\($0.subject): \($0.message)" }
        + outcome.failures.map(\.description)
    } catch {
      if let process = pending.hung(now: bootTime()), startTime(of: process.pid) == process.startTime {
        waits("'apply' (pid \(process.pid)) hangs, and is ended")
        kill(pid_t(process.pid), SIGKILL)
      }
      wait(pollPeriod, for: error.description)
      continue
    }
    wait(retryPeriod, for: "cannot undo it all yet: \(left.joined(separator: "; "))")
  }
  return nil
}

/// Seconds; what is seen by it is only whether a file is gone.
private let pollPeriod = 0.2
private let retryPeriod = 5.0
