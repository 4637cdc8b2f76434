/// A number with its unit in eleven columns or a few more, as ` 57.21 Mpps`.
func scaled(_ value: Double, _ unit: String) -> String {
  let scales = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")]
  // What two decimals round up to a thousand has the next prefix.
  let (scale, prefix) = scales.first { value >= $0.0 * 0.999_995 } ?? (1, " ")
  return right(fixed(value / scale, 2), 6) + " " + prefix + unit
}

/// A number with a fixed count of decimals.
func fixed(_ value: Double, _ decimals: Int) -> String {
  let unit = (0..<decimals).reduce(1) { scale, _ in scale * 10 }
  guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
  let number = Int((abs(value) * Double(unit)).rounded())
  let sign = value < 0 && number > 0 ? "-" : ""
  guard decimals > 0 else { return "\(sign)\(number)" }
  let fraction = String(number % unit)
  return "\(sign)\(number / unit)." + String(repeating: "0", count: decimals - fraction.count) + fraction
}

/// Nanoseconds in microseconds: with one decimal, below a microsecond to the nanosecond.
func microseconds(_ nanoseconds: Double) -> String {
  fixed(nanoseconds / 1000, nanoseconds > 0 && nanoseconds < 1000 ? 3 : 1)
}

/// Filled with spaces behind it to so many columns.
func left(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}

/// Filled with spaces before it to so many columns.
func right(_ text: String, _ width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.count)) + text
}
