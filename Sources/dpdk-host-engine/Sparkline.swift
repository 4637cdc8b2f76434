/// Values as a row of bars, scaled to the highest of them.
///
/// - Parameter width: columns at the most; where there are more values, neighbours share one by their mean.
func sparkline(_ values: [Double], width: Int) -> String {
  guard width > 0, !values.isEmpty else { return "" }
  let columns = min(width, values.count)
  let means = (0..<columns).map { column in
    let part = values[column * values.count / columns..<(column + 1) * values.count / columns]
    return part.reduce(0, +) / Double(part.count)
  }
  let highest = means.max() ?? 0
  guard highest > 0, highest.isFinite else { return String(repeating: "▁", count: columns) }
  let bars: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
  return String(means.map { bars[max(0, min(bars.count - 1, Int(($0 / highest * 8).rounded(.up)) - 1))] })
}
