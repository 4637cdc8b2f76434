/// The one word that a run comes down to, and the exit code that goes with it.
public enum Verdict: String, Codable, Sendable {
  case ready, actionNeeded, rebootNeeded, blocked, failed, belowRate

  /// Part of the contract: scripts, cloud-init and CI branch on it.
  public var exitCode: Int32 {
    switch self {
    case .ready: 0
    case .failed: 1
    case .actionNeeded: 2
    case .rebootNeeded: 3
    case .blocked: 4
    case .belowRate: 5
    }
  }

  /// As a person reads it.
  public var text: String {
    switch self {
    case .ready: "ready"
    case .actionNeeded: "action needed"
    case .rebootNeeded: "reboot needed"
    case .blocked: "blocked"
    case .failed: "failed"
    case .belowRate: "below the expected rate"
    }
  }
}
