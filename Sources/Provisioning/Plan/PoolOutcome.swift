/// What a reservation came to on one node.
public struct PoolOutcome: Equatable, Sendable {
  public var request: PoolRequest
  /// Pages in the pool before.
  public var before: Int
  /// Pages in the pool after the last attempt.
  public var got: Int
  /// Pages in the pool after the attempt was given up and given back; nil where it was not.
  public var left: Int?

  public init(request: PoolRequest, before: Int, got: Int, left: Int? = nil) {
    self.request = request
    self.before = before
    self.got = got
    self.left = left
  }

  public var isShort: Bool { got < request.pages }
}

extension Finding {
  public static let shortID = "hugepages.short"

  /// Says of each pool that stayed short what was asked and got. It cannot be waived: the pages are given back already.
  public static func short(_ outcomes: [PoolOutcome]) -> [Finding] {
    outcomes.filter(\.isShort).map { outcome in
      let left = outcome.left == outcome.before ? "all given back" : "\(outcome.left ?? outcome.got) are left"
      return Finding(
        shortID, .blocker, subject: "node \(outcome.request.node)",
        message: "requires \(outcome.request.pages) pages of \(outcome.request.pageSize), got \(outcome.got); \(left)",
        remedy: "memory is too fragmented: reserve them at boot, or ask for fewer")
    }
  }
}

extension Finding {
  /// A pool that stayed short in this boot, where the next one has its pages on the kernel command line.
  public var untilBoot: Finding {
    var finding = self
    finding.severity = .warning
    finding.remedy = "reboot: the kernel reserves them before memory is fragmented"
    return finding
  }
}
