/// An `apply` that is undone unless somebody confirms it, as it waits in `/run/dpdk-host/unconfirmed.json`.
///
/// Times are seconds of `CLOCK_BOOTTIME`: a clock that is set must not move the deadline, and a machine that slept is as
/// unreachable as one that is cut off.
public struct UnconfirmedApply: Codable, Equatable, Sendable {
  /// What waits for the deadline.
  public enum Watch: Codable, Equatable, Sendable {
    /// A transient service of systemd, by the name of its unit without a suffix.
    case service(unit: String)
    /// A process of ours that waits, in a session of its own.
    case process(pid: Int)
  }

  /// A process, safe from another that gets the same number later.
  public struct Process: Codable, Equatable, Sendable {
    public var pid: Int
    /// Field 22 of `proc_pid_stat(5)`.
    public var startTime: UInt64

    public init(pid: Int, startTime: UInt64) {
      self.pid = pid
      self.startTime = startTime
    }
  }

  /// What `confirm` makes last: the profile as it was read, and the findings that were waived.
  public struct Lasting: Codable, Equatable, Sendable {
    public var profileText: String
    public var waived: [String]

    public init(profileText: String, waived: [String]) {
      self.profileText = profileText
      self.waived = waived
    }
  }

  /// How long after the first deadline an `apply` that still runs is taken for hung, in seconds.
  public static let patience = 120.0

  /// Like no other, in this boot and after it: the watch of one `apply` is never taken for that of the next.
  public var id: String
  public var boot: String
  /// How many entries the journal had before: they are not this `apply`'s, and stay.
  public var entriesBefore: Int
  /// What `--confirm-within` said.
  public var seconds: Int
  public var deadline: Double
  /// After that an `apply` that has not come to its end is ended by force, as it holds the lock; nil once it has.
  public var hungAfter: Double?
  /// Nil once it has come to its end.
  public var applying: Process?
  /// Nil for the moment between the file and the watch.
  public var watch: Watch?
  /// Nil where nothing is to last.
  public var lasting: Lasting?

  /// As it is armed, before the first change.
  public init(
    id: String, boot: String, entriesBefore: Int, seconds: Int, now: Double, applying: Process,
    lasting: Lasting? = nil
  ) {
    self.id = id
    self.boot = boot
    self.entriesBefore = entriesBefore
    self.seconds = seconds
    deadline = now + Double(seconds)
    hungAfter = deadline + Self.patience
    self.applying = applying
    self.lasting = lasting
  }

  /// The deadline counts from the end of `apply`: only from then on somebody can confirm.
  public mutating func applied(now: Double) {
    deadline = now + Double(seconds)
    hungAfter = nil
    applying = nil
  }

  public func isOver(now: Double) -> Bool { now >= deadline }

  /// The process that must be ended at last, so that its changes can be undone.
  public func hung(now: Double) -> Process? { hungAfter.map { now >= $0 } ?? false ? applying : nil }
}

extension Finding {
  /// What `apply --confirm-within` says at its end.
  public static func unconfirmed(within seconds: Int) -> Finding {
    Finding(
      "apply.unconfirmed", .warning, subject: "\(seconds) s",
      message: "confirm within \(seconds) s, or everything is undone; "
        + "the way back without network is the serial console",
      remedy: "type: sudo dpdk-host confirm")
  }
}
