/// The reboots that were asked for since the host last had all that its profile wants of a boot.
///
/// By it no host reboots again and again for what no reboot brings about. It is kept until `boot.pending` has gone.
public struct RebootRecord: Codable, Equatable, Sendable {
  /// `/etc/machine-id`: a record that came with a copied disk counts for nothing.
  public var machine: String?
  /// The boot in which the last was asked for.
  public var boot: String
  /// What it was for.
  public var cause: [String]
  public var reboots: Int
  /// How often the proof after it was begun.
  public var continuations: Int

  public init(machine: String?, boot: String, cause: [String], reboots: Int, continuations: Int = 0) {
    self.machine = machine
    self.boot = boot
    self.cause = cause
    self.reboots = reboots
    self.continuations = continuations
  }

  /// Also for causes that change each time.
  static let mostReboots = 3
  /// A proof that takes the machine down with it is not begun a third time.
  public static let mostContinuations = 2
}

/// What the findings at the end of a run say about a reboot.
public enum RebootDecision: Equatable, Sendable {
  case notNeeded
  /// One is due; the record to be kept before it.
  case due(RebootRecord)
  /// There was one, and it did not help.
  case inVain(Finding)
}

/// Whether a reboot is due, and another one would make sense.
///
/// In the same boot nothing was in vain yet: the reboot that was asked for may have been held up.
///
/// - Parameters:
///   - record: what was asked for before; nil where nothing was.
///   - boot: the boot id of now.
public func decideReboot(
  _ findings: [Finding], after record: RebootRecord?, boot: String, machine: String?
) -> RebootDecision {
  let cause = findings.filter { $0.id == Finding.bootPendingID }.map { "\($0.subject): \($0.message)" }.sorted()
  guard !cause.isEmpty else { return .notNeeded }
  guard let record, record.machine == machine else {
    return .due(RebootRecord(machine: machine, boot: boot, cause: cause, reboots: 1))
  }
  guard record.boot != boot else {
    var again = record
    again.cause = cause
    return .due(again)
  }
  guard record.cause != cause, record.reboots < RebootRecord.mostReboots else {
    let count = record.reboots == 1 ? "the last reboot" : "the last \(record.reboots) reboots"
    return .inVain(
      Finding(
        Finding.rebootInVainID, .blocker, subject: "reboot",
        message: "\(count) did not bring about what was wanted: \(cause.joined(separator: "; "))",
        remedy: "see which entry of the boot loader's menu was booted, and 'dpdk-host check'; it is not tried again"))
  }
  return .due(RebootRecord(machine: machine, boot: boot, cause: cause, reboots: record.reboots + 1))
}

extension RebootRecord {
  /// The record with one more proof begun; nil where there were enough.
  public func continuing() -> RebootRecord? {
    guard continuations < Self.mostContinuations else { return nil }
    var record = self
    record.continuations += 1
    return record
  }
}

extension Finding {
  /// What is written for the next boot is not what was booted.
  public static let bootPendingID = "boot.pending"
  /// A failure, not a block: everything was applied.
  public static let rebootInVainID = "boot.rebootInVain"
}
