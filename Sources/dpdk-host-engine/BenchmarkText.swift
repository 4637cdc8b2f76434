import EngineMessages

/// A trial of `rfc2544` as a line for a person.
func line(of trial: Trial) -> String {
  let burst = trial.burst.map { "  burst \($0)" } ?? ""
  let asked = trial.askedPps.map { scaled($0, "pps") } ?? right("max", 11)
  return
    "trial \(right("\(trial.number)", 3))  \(left(name(of: trial.test), 12))  \(right("\(trial.frameSize)", 4)) bytes"
    + "  asked \(asked)  sent \(scaled(trial.txPps, "pps"))  lost \(trial.loss.lost) of \(trial.loss.sent)\(burst)"
    + "  \(trial.failure.map { "failed: \($0.text)" } ?? "passed")\n"
}

/// What `rfc2544` found, as one table a test, with a row a frame size.
func tables(of report: BenchmarkReport) -> String {
  let tables = [
    throughputTable(report.sizes), latencyTable(report.sizes), frameLossTable(report.sizes),
    backToBackTable(report.sizes),
  ].compactMap { $0 }
  let trials = report.sizes.reduce(0) { $0 + $1.trials.count }
  return (tables.isEmpty ? ["nothing was found in \(trials) trials\n"] : tables).joined(separator: "\n")
}

private func throughputTable(_ sizes: [FrameSizeReport]) -> String? {
  table(
    "throughput", sizes.filter { size in size.trials.contains { $0.test == .throughput } },
    [("rate", 13), ("layer 2", 13), ("failed at", 13), ("trials", 6), ("", 0)]
  ) { size in
    let trials = String(size.trials.count { $0.test == .throughput })
    guard let throughput = size.throughput else { return ["none", "", "", trials] }
    let rate = scaled(throughput.packetsPerSecond, "pps")
    return [
      throughput.limit == nil ? rate : "≥ " + rate.drop { $0 == " " }, scaled(throughput.bitsPerSecond, "bps"),
      throughput.failedAt.map { scaled($0, "pps") } ?? "never", trials, remark(on: throughput),
    ]
  }
}

private func remark(on throughput: Throughput) -> String {
  switch throughput.limit {
  case .sender: "sender's limit"
  case .rate: "limit of --rate"
  case nil: throughput.isResolved ? "" : "not resolved"
  }
}

private func latencyTable(_ sizes: [FrameSizeReport]) -> String? {
  table(
    "latency at that rate, in microseconds", sizes.filter { $0.latency != nil },
    [("sent", 11), ("min", 8), ("mean", 8), ("p50", 8), ("p99", 8), ("max", 8), ("", 0)]
  ) { size in
    guard let latency = size.latency else { return [] }
    let trial = size.trials.first { $0.number == size.latencyTrial }
    let remarks = [trial?.askedPps == nil ? "unpaced" : nil, trial?.isPassed == false ? "failed" : nil]
    return [trial.map { scaled($0.txPps, "pps") } ?? ""]
      + [
        Double(latency.minimum), latency.mean, Double(latency.p50), Double(latency.p99), Double(latency.maximum),
      ].map(microseconds)
      + [trial == nil ? "" : remarks.compactMap { $0 }.joined(separator: ", ")]
  }
}

private func frameLossTable(_ sizes: [FrameSizeReport]) -> String? {
  let points = sizes.flatMap { size in (size.frameLoss ?? []).map { (size.frameSize, $0) } }
  guard !points.isEmpty else { return nil }
  var text = "frame loss\n bytes  of highest           sent          lost\n"
  for (size, point) in points {
    text +=
      "\(right("\(size)", 6))  \(right("\(point.percent) %", 10))  \(right(scaled(point.packetsPerSecond, "pps"), 13))"
    text += "  \(right(fixed(point.lossRatio * 100, 4), 10)) %\n"
  }
  return text
}

private func backToBackTable(_ sizes: [FrameSizeReport]) -> String? {
  table(
    "back-to-back", sizes.filter { $0.backToBack != nil },
    [("packets", 13), ("sent at", 13), ("failed at", 13), ("", 0)]
  ) { size in
    guard let longest = size.backToBack else { return [] }
    return [
      "\(longest.packets)", scaled(longest.packetsPerSecond, "pps"), longest.failedAt.map { "\($0)" } ?? "never",
      longest.isResolved ? "" : "not resolved",
    ]
  }
}

/// Columns of a width, below their names, behind the frame size; nil without a row.
private func table(
  _ title: String, _ sizes: [FrameSizeReport], _ columns: [(name: String, width: Int)],
  row: (FrameSizeReport) -> [String]
) -> String? {
  guard !sizes.isEmpty else { return nil }
  func line(_ first: String, _ cells: [String]) -> String {
    var text = right(first, 6)
    for (cell, column) in zip(cells, columns) { text += "  " + right(cell, column.width) }
    while text.last == " " { text.removeLast() }
    return text + "\n"
  }
  return "\(title)\n" + line("bytes", columns.map(\.name))
    + sizes.map { line("\($0.frameSize)", row($0)) }.joined()
}

private func name(of test: BenchmarkTest) -> String {
  switch test {
  case .throughput: "throughput"
  case .latency: "latency"
  case .frameLoss: "frame loss"
  case .backToBack: "back-to-back"
  }
}
