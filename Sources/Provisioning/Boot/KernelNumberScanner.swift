/// Reads numbers as the kernel's `sscanf` does with `%lu`: white space before is skipped, what follows is left.
struct KernelNumberScanner {
  private var rest: Substring.UTF8View

  init(_ text: String) { rest = Substring(text).utf8 }

  var isAtEnd: Bool { rest.isEmpty }

  /// Nil where no digit is; a number too large is the largest one.
  mutating func number() -> Int? {
    let blank = rest.drop { $0 == UInt8(ascii: " ") || (9...13).contains($0) }
    let digits = blank.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard !digits.isEmpty else { return nil }
    rest = rest[digits.endIndex...]
    return Int(String(Substring(digits))) ?? .max
  }

  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard let first = rest.first, first == UInt8(ascii: character) else { return false }
    rest = rest.dropFirst()
    return true
  }
}
