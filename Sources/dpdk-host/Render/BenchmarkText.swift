import EngineMessages
import Provisioning

/// What RFC 2544 found, one line a frame size; what was not asked for, or not found, is a dash.
func benchmarkLines(_ report: BenchmarkReport, style: Style) -> [String] {
  let widths = [8, 14, 14, 12, 12, 16]
  func row(_ cells: [String]) -> String {
    zip(cells, widths).map { $0.0.padded(to: $0.1, right: true) }.joined()
  }
  var lines = [style.bold("RFC 2544") + "  the highest rate at which all arrive, and the latency at it"]
  lines.append(style.dim(row(["bytes", "packets/s", "Mbit/s", "p50 µs", "p99 µs", "burst, packets"])))
  for size in report.sizes {
    lines.append(
      row([
        "\(size.frameSize)",
        size.throughput.map { ($0.limit == nil ? "" : "≥ ") + grouped($0.packetsPerSecond) } ?? "–",
        size.throughput.map { grouped($0.bitsPerSecond / 1e6) } ?? "–",
        size.latency.map { microseconds(Double($0.p50)) } ?? "–",
        size.latency.map { microseconds(Double($0.p99)) } ?? "–",
        size.backToBack.map { grouped($0.packets) } ?? "–",
      ]))
  }
  lines += report.sizes.flatMap(lossLines)
  lines += note("not found as closely as asked for, in the trials allowed", report.sizes) {
    $0.throughput?.isResolved == false
  }
  lines += note("≥ as this machine sent no more, the way may carry more", report.sizes) {
    $0.throughput?.limit == .sender
  }
  lines += note("latency of a trial that did not pass", report.sizes) { size in
    size.trials.first { $0.number == size.latencyTrial }?.isPassed == false
  }
  return lines
}

/// A remark with the sizes that it is true of; none where it is of none.
private func note(
  _ remark: String, _ sizes: [FrameSizeReport], where isTrue: (FrameSizeReport) -> Bool
) -> [String] {
  let found = sizes.filter(isTrue).map { "\($0.frameSize)" }
  guard !found.isEmpty else { return [] }
  return "\(remark): \(found.joined(separator: ", ")) bytes".wrapped(width: 76).map { $0.indented(2) }
}

/// The loss at each share of the highest rate, in lines of up to 80 columns.
private func lossLines(_ size: FrameSizeReport) -> [String] {
  guard let points = size.frameLoss, !points.isEmpty else { return [] }
  let curve = points.map { "\($0.percent) %: \(lossPercent($0.lossRatio))" }.joined(separator: "  ")
  return "loss of \(size.frameSize) bytes at  \(curve)".wrapped(width: 76).map { $0.indented(2) }
}

/// Three decimals: a loss that rounds to nothing is one all the same.
func lossPercent(_ ratio: Double) -> String {
  let thousandths = (ratio * 100_000).rounded() / 1000
  return ratio > 0 && thousandths == 0 ? "<0.001 %" : "\(thousandths) %"
}

/// Nanoseconds in microseconds, to the tenth, and below one to the nanosecond.
private func microseconds(_ nanoseconds: Double) -> String {
  nanoseconds < 1000 ? "\(nanoseconds.rounded() / 1000)" : tenths(nanoseconds / 1000)
}

/// The percentiles, and how much later than its arrival a packet may have been seen.
func latencyLines(_ latency: Latency) -> [String] {
  let percentiles: [(String, UInt64?)] = [
    ("p50", latency.p50), ("p90", latency.p90), ("p99", latency.p99), ("p99.9", latency.p999),
    ("p99.99", latency.p9999), ("max", latency.maximum),
  ]
  let words = percentiles.compactMap { name, value in value.map { "\(name) \(microseconds(Double($0)))" } }
  let error = latency.uncertainty.map { " (up to \(microseconds($0)) less)" } ?? ""
  return "latency in µs  \(words.joined(separator: "  "))\(error)".wrapped(width: 76).map { $0.indented(2) }
}
