import Glibc
import Synchronization

/// SIGINT, SIGTERM and SIGHUP (a terminal that was closed) as the main lcore meets them: blocked, and taken when it waits.
///
/// Made before EAL, whose lcores inherit the mask. SIGPIPE is ignored: a reader that went away shows as an error
/// of the write.
struct StopSignals {
  private var set = sigset_t()
  private let parent: pid_t?
  private let arrival = Arrival()

  /// - Parameter endsWithParent: whether the end of the process that started this one counts as a signal.
  ///   It is looked for by polling: the signal that the kernel can send follows the thread that started us.
  init(endsWithParent: Bool) {
    sigemptyset(&set)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      sigaddset(&set, number)
      // A shell starts its background jobs with SIGINT ignored, and what is ignored cannot be waited for.
      signal(number, SIG_DFL)
    }
    signal(SIGPIPE, SIG_IGN)
    pthread_sigmask(SIG_BLOCK, &set, nil)
    parent = endsWithParent ? getppid() : nil
  }

  /// Whether a signal came in any wait so far.
  var haveCome: Bool { arrival.isNoted.load(ordering: .relaxed) }

  /// Sleeps until a moment.
  ///
  /// - Returns: whether a signal came first.
  func wait(until deadline: ContinuousClock.Instant) -> Bool {
    var set = set
    while true {
      let left = ContinuousClock.now.duration(to: deadline)
      let slice = max(.zero, min(left, Self.longestSleep)).components
      var time = timespec(tv_sec: Int(slice.seconds), tv_nsec: Int(slice.attoseconds / 1_000_000_000))
      if sigtimedwait(&set, nil, &time) > 0 || parent.map({ getppid() != $0 }) == true {
        arrival.isNoted.store(true, ordering: .relaxed)
        return true
      }
      if ContinuousClock.now >= deadline { return false }
    }
  }

  private static let longestSleep = Duration.milliseconds(200)

  private final class Arrival: Sendable {
    let isNoted = Atomic(false)
  }
}
