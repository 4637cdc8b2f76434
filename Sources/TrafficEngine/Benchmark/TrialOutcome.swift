import EngineMessages

/// What a search is told of a trial: packets a second of all sending ports together.
struct TrialOutcome: Equatable, Sendable {
  /// Nil where as much was asked for as can be offered.
  var asked: Double?
  /// As it was sent.
  var sent: Double
  /// What came back while it was sent.
  var received: Double
  /// The share that did not come back, 0 to 1; 1 where nothing was sent.
  var lossRatio: Double

  /// What of the rate asked for a sender may miss: with less this machine was the bottleneck.
  static let tolerance = 0.01

  /// Whether the sender kept to its rate.
  var isKept: Bool { asked.map { sent >= $0 * (1 - Self.tolerance) } ?? true }

  /// Whether it fell short of it by more than a busy machine may.
  var isFarBehind: Bool { asked.map { sent < $0 * 0.9 } ?? false }

  func isLossless(within allowed: Double) -> Bool { sent > 0 && lossRatio <= allowed }

  /// Why a trial of this outcome did not pass; nil where it did.
  ///
  /// - Parameter hasSentAll: whether what was asked for was sent.
  func failure(allowing allowed: Double, hasSentAll: Bool) -> Trial.Failure? {
    if sent == 0 { return .nothingSent }
    switch (isLossless(within: allowed), hasSentAll) {
    case (true, true): return nil
    case (true, false): return .sentTooFew
    case (false, true): return .lost
    case (false, false): return .lostAndSentTooFew
    }
  }
}
