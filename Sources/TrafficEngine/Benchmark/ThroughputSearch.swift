import EngineMessages
import Glibc

/// The search for the highest rate that a device carries (RFC 2544, 26.1): says the rate of the next trial, and is told what
/// came of it.
///
/// The first trial offers all it can. What came back of it is the first guess; from there the search strides up or down, each
/// stride four times the last, until a rate that passed and one that failed enclose the throughput, and then halves the ratio
/// between them.
///
/// A busy machine makes trials fail by chance, and none pass. So a trial that lost packets at a rate that the device was seen
/// to carry is made again, twice at most, and one whose sender fell behind once; without loss that counts for the rate sent.
/// What is found is the highest rate as sent: where the best trial fell short of what it was asked for by more than the
/// resolution, it is made again too.
struct ThroughputSearch {
  /// The next trial.
  enum Step: Equatable {
    /// All that can be offered.
    case maximum
    /// Packets a second of all sending ports together.
    case rate(Double)
  }

  /// Every trial so far.
  private(set) var outcomes: [TrialOutcome] = []
  /// Where the search stood for each of them: the rate that it asked for, or what was sent of the first one, and of one that
  /// came through though its sender fell behind.
  private var places: [Double] = []
  private let resolution: Double
  private let allowedLoss: Double
  private let limit: Int
  private let lowestRate: Double
  private var course = Course.guess
  /// How often the last step was made again.
  private var repetitions = 0
  private(set) var next: Step? = .maximum

  /// How the rates follow each other.
  private enum Course: Equatable {
    case guess
    /// The exponents of the next stride.
    case up(Double)
    case down(Double)
    case halve
  }

  /// - Parameters:
  ///   - resolution: see `BenchmarkPlan`, as `allowedLoss` and `limit`, the most trials.
  ///   - lowestRate: below which there is nothing to find: a trial would have no packet to send.
  init(resolution: Double, allowedLoss: Double, limit: Int, lowestRate: Double) {
    self.resolution = resolution
    self.allowedLoss = allowedLoss
    self.limit = limit
    self.lowestRate = lowestRate
  }

  /// The trial with the highest rate, as sent, of those that lost no more than allowed: the throughput.
  var best: TrialOutcome? {
    outcomes.filter { $0.isLossless(within: allowedLoss) }.max { $0.sent < $1.sent }
  }

  /// The lowest rate that failed, of those above all that passed.
  var failedAt: Double? {
    let passed = highestPassed ?? 0
    return zip(places, outcomes).filter { $0 > passed && !$1.isLossless(within: allowedLoss) }.map(\.0).min()
  }

  /// ``best`` as a report has it, of frames of so many bytes; nil where there is none.
  ///
  /// A rate counts as failed as far as a trial showed it: one whose sender fell behind shows what was sent, and that only above
  /// the best.
  func throughput(frameBytes: Double) -> Throughput? {
    guard let best else { return nil }
    let passed = highestPassed ?? 0
    let shown = zip(places, outcomes).filter { $0 > passed && !$1.isLossless(within: allowedLoss) }
      .compactMap { place, outcome in outcome.isKept ? place : outcome.sent > best.sent ? outcome.sent : nil }.min()
    let isSendersLimit = !best.isKept || failedAt == nil
    return Throughput(
      packetsPerSecond: best.sent, bitsPerSecond: best.sent * 8 * frameBytes, failedAt: shown,
      isResolved: shown.map { $0 <= best.sent * (1 + resolution) } ?? (failedAt == nil),
      limit: !isSendersLimit ? nil : best.isKept && best.asked != nil ? .rate : .sender)
  }

  /// Whether no rate is left between ``best`` and ``failedAt`` that the resolution would tell from either.
  var isResolved: Bool {
    guard let best else { return false }
    return failedAt.map { $0 <= best.sent * (1 + resolution) } ?? true
  }

  /// Whether nothing ever came back.
  var isSilent: Bool { !outcomes.isEmpty && carried == 0 }

  /// Whether the sender stayed far below two rates, or below three, and below each twice: a busy machine misses some, this one
  /// cannot send as much.
  var isBehind: Bool {
    outcomes.count >= 4 && outcomes.suffix(4).allSatisfy(\.isFarBehind)
      || outcomes.count >= 6 && outcomes.suffix(6).allSatisfy { !$0.isKept && $0.isLossless(within: allowedLoss) }
  }

  /// Why there is no ``best``, with what to look at.
  var obstacle: String {
    guard let lowest = outcomes.map(\.sent).filter({ $0 > 0 }).min() else {
      return "nothing was sent: does the port take packets? else raise --rate or --duration"
    }
    if isSilent { return "no packet came back: is the way there, and back?" }
    return "packets were lost at every rate that was tried, the lowest of \(Int(lowest.rounded(.up))) packets a second"
  }

  private var highestPassed: Double? {
    zip(places, outcomes).filter { $1.isLossless(within: allowedLoss) }.map(\.0).max()
  }

  /// The most that was seen to come back, by what arrived while it was sent and by what is not missing.
  private var carried: Double {
    outcomes.map { min($0.received, $0.sent * (1 - $0.lossRatio)) }.max() ?? 0
  }

  /// Enters what came of the trial that ``next`` asked for.
  mutating func record(_ outcome: TrialOutcome) {
    outcomes.append(outcome)
    if case .rate(let rate) = next, outcome.isKept || !outcome.isLossless(within: allowedLoss) {
      places.append(rate)
    } else {
      places.append(outcome.sent)
    }
    guard outcomes.count < limit else {
      next = nil
      return
    }
    if isWorthRepeating(outcome) {
      repetitions += 1
      return
    }
    repetitions = 0
    turn()
    next = step().map(Step.rate)
  }

  private func isWorthRepeating(_ outcome: TrialOutcome) -> Bool {
    if !outcome.isKept, repetitions < 1 { return true }
    guard let asked = outcome.asked, next != .maximum, !outcome.isLossless(within: allowedLoss) else { return false }
    return repetitions < 2 && asked <= carried * (1 + resolution)
  }

  /// Where the search goes from the last rate; one trial at it that passed is enough.
  private mutating func turn() {
    let isPassed = highestPassed.flatMap { passed in places.last.map { $0 <= passed } } ?? false
    // What was sent is no place to stride on from, where more was asked for in vain.
    if isPassed, outcomes.last?.isFarBehind == true {
      course = .halve
      return
    }
    switch (course, isPassed) {
    case (.guess, true): course = .up(1)
    case (.guess, false):
      // A guess needs something that came back of the trials before.
      if outcomes.dropLast().contains(where: { $0.received > 0 }) { course = .down(1) }
    case (.up(let exponent), true): course = .up(exponent * 4)
    case (.down(let exponent), false): course = .down(exponent * 4)
    case (.up, false), (.down, true), (.halve, _): course = .halve
    }
  }

  /// The rate of the next trial; nil where the search is over.
  private func step() -> Double? {
    guard let failed = failedAt, !isBehind else { return nil }
    let rate: Double
    if let passed = highestPassed {
      if isResolved { return nil }
      // Enclosed, but the best trial was sent a little slower than asked for: another may do better.
      if failed <= passed * (1 + resolution) { return places.count { $0 == passed } < 4 ? passed : nil }
      let middle = (passed * failed).squareRoot()
      if case .up(let exponent) = course { rate = min(middle, passed * stride(exponent)) } else { rate = middle }
    } else if isSilent {
      // Nothing at all came back: look for a rate at which something does, but not for long.
      guard outcomes.count < 3 else { return nil }
      rate = failed / 10
    } else if course == .guess {
      rate = min(carried / (1 - allowedLoss), failed)
    } else if case .down(let exponent) = course {
      rate = failed / stride(exponent)
    } else {
      rate = failed / 2
    }
    return rate >= lowestRate ? rate : nil
  }

  /// Somewhat less than the resolution for the first stride, so that a pass and a fail one stride apart end the search.
  private func stride(_ exponent: Double) -> Double {
    min(pow(1 + resolution * 0.8, exponent), 1e12)
  }
}
