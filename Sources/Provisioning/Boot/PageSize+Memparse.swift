extension PageSize {
  /// A size as `memparse` in `lib/cmdline.c` reads it: in the notation of C, one letter of unit, the rest left unread
  /// (`1GB`, `0x200000`). Nil for zero and for what is no number.
  init?(memparse text: String) {
    let (digits, radix): (Substring, Int) =
      text.hasPrefix("0x") || text.hasPrefix("0X") ? (text.dropFirst(2), 16) : (text[...], text.hasPrefix("0") ? 8 : 10)
    let number = digits.prefix { $0.isASCII && ($0.hexDigitValue ?? 99) < radix }
    guard let value = UInt64(number, radix: radix), value > 0 else { return nil }
    let units = ["k", "m", "g", "t", "p", "e"]
    let unit = digits[number.endIndex...].first.flatMap { units.firstIndex(of: $0.lowercased()) }
    let (bytes, overflow) = value.multipliedReportingOverflow(by: 1 << (10 * UInt64(unit.map { $0 + 1 } ?? 0)))
    guard !overflow else { return nil }
    self.init(bytes: bytes)
  }
}
