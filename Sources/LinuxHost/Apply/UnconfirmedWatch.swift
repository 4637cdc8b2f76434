internal import Glibc
internal import Provisioning
internal import SystemPackage

/// The watch of the dead-man's switch: waits for the deadline, and undoes what the journal got since it was armed. What
/// an earlier `apply` did stays.
///
/// It waits for an `apply` that still runs, and reads the deadline again after that; one that hangs is ended by force.
/// What cannot be undone (a process holds pages, `/var` is full) keeps nothing else from being undone, and is tried again
/// until it can; devices come first.
///
/// - Parameters:
///   - tell: called after each step.
///   - waits: called with what it waits for, when that changes.
/// - Privileges: root.
/// - Returns: nil where it was confirmed, or undone by somebody else.
public func revertUnconfirmed(
  tell: @escaping (RevertEvent) -> Void, waits: @escaping (String) -> Void
) async -> RevertOutcome? {
  var watch = UnconfirmedWatch(tell: tell, waits: waits)
  return await watch.run()
}

/// What the watch knows from one look to the next.
private struct UnconfirmedWatch {
  let tell: (RevertEvent) -> Void
  let waits: (String) -> Void
  private let file = UnconfirmedFile()
  /// As it was read at last.
  private var pending: UnconfirmedApply?
  /// Why it could not be read this time.
  private var unreadable: HostError?
  private var way: WayBack?
  private var said = ""

  init(tell: @escaping (RevertEvent) -> Void, waits: @escaping (String) -> Void) {
    self.tell = tell
    self.waits = waits
  }

  mutating func run() async -> RevertOutcome? {
    var sign: FileDescriptor?
    defer { withExtendedLifetime(sign) {} }
    while isPending() {
      guard let pending else {
        wait(pollPeriod, for: unreadable?.description ?? "")
        continue
      }
      if sign == nil { sign = try? WatchSign(of: pending.id).hold() }
      guard pending.isOver(now: bootTime()) else {
        wait(pollPeriod, for: unreadable?.description ?? "waiting for 'dpdk-host confirm'")
        continue
      }
      do throws(HostError) {
        let lock = try HostLock()
        defer { withExtendedLifetime(lock) {} }
        // Only with the lock it is certain: `apply` may have come to its end, or `confirm` may have been first.
        guard isPending() else { return nil }
        guard let pending = self.pending, pending.isOver(now: bootTime()) else { continue }
        if let outcome = await undo(pending) { return outcome }
      } catch {
        if let process = pending.hung(now: bootTime()), startTime(of: process.pid) == process.startTime {
          waits("'apply' (pid \(process.pid)) hangs, and is ended")
          kill(pid_t(process.pid), SIGKILL)
        }
        wait(pollPeriod, for: error.description)
        continue
      }
      rest()
    }
    return nil
  }

  /// Looks at the file: false once it is gone, or another `apply`'s. What cannot be read is as it was at the last look.
  private mutating func isPending() -> Bool {
    do throws(HostError) {
      guard let found = try file.read(), pending == nil || pending?.id == found.id else { return false }
      pending = found
      unreadable = nil
    } catch { unreadable = error }
    return true
  }

  /// To be called with ``HostLock``.
  ///
  /// - Returns: nil where something is left to do.
  private mutating func undo(_ pending: UnconfirmedApply) async -> RevertOutcome? {
    do throws(HostError) {
      if self.way == nil { self.way = try WayBack() }
      guard var way else { return nil }
      defer { self.way = way }
      let outcome = try await way.goAsFarAsPossible(after: pending.entriesBefore, tell: tell)
      if outcome.isDone {
        try file.remove(keepsLog: true)
        return outcome
      }
      let left =
        outcome.findings.filter { $0.severity == .blocker }.map { "\($0.subject): \($0.message)" }
        + outcome.failures.map(\.description)
      say("cannot undo it all yet: \(left.joined(separator: "; "))")
    } catch { say("cannot undo it all yet: \(error)") }
    return nil
  }

  private mutating func say(_ what: String) {
    if what != said { waits(what) }
    said = what
  }

  private mutating func wait(_ seconds: Double, for what: String) {
    say(what)
    usleep(UInt32(seconds * 1e6))
  }

  /// Until the next attempt; a `confirm` or a `revert` ends it.
  private func rest() {
    for _ in 1...looksPerRetry where file.exists { usleep(UInt32(pollPeriod * 1e6)) }
  }
}

/// Seconds; what is seen by it is only whether a file is gone.
private let pollPeriod = 0.2
/// 5 s
private let looksPerRetry = 25
