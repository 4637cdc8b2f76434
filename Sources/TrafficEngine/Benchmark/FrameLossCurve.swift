/// The rates at which the loss is measured (RFC 2544, 26.3): from the highest down in tenths, until two in a row lost nothing.
struct FrameLossCurve {
  /// Percent of the highest rate that can be offered; nil where the curve is complete.
  private(set) var next: Int? = 100
  private var losslessInARow = 0

  /// Enters the share of packets that the trial lost which ``next`` asked for.
  mutating func record(lossRatio: Double) {
    guard let percent = next else { return }
    losslessInARow = lossRatio == 0 ? losslessInARow + 1 : 0
    next = losslessInARow == 2 || percent == 10 ? nil : percent - 10
  }
}
