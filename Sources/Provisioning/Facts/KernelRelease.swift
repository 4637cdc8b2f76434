/// A kernel release as `uname -r` prints it, taken apart: `4.12.14-8.19-azure`, `3.10.0-862.11.6.el7.x86_64`.
///
/// Every distribution has a scheme of its own; what is common is base version, then the packager's numbers, then words.
/// `==` is about the text; whether a kernel is newer is asked with ``baseOrder(_:_:)`` and ``releaseOrder(_:_:)``.
public struct KernelRelease: Hashable, Sendable {
  /// The text that was read.
  public let text: String
  /// The upstream version: 4.15.0; CBL-Mariner has a fourth number.
  public let base: DottedNumber
  /// The number behind `rc`: this is older than the base version itself.
  public let candidate: Int?
  /// The packager's numbers, one by one: 1014; 8.19; 862.11.6. Empty where there are none (Flatcar, Debian 13).
  public let release: [Int]
  /// `azure`, `azure-fips`, `generic`, `cloud`, `el7`, `cm2`: what kind of build it is; nil where nothing says so.
  public let flavour: String?
  /// `x86_64`, `amd64`, …, where the name ends in it.
  public let architecture: String?
  /// What marks it beside the flavour: `+`, `+deb13`, `.mshv1`, `bpo.2`.
  public let localMark: String?

  /// Nil where the text does not begin with a version of two numbers at least, or has a number too large for `Int`.
  public init?(_ text: some StringProtocol) {
    var marks: [Substring] = []
    // `+` may stand anywhere, and runs to the next hyphen.
    let segments = Substring(text).split(separator: "-", omittingEmptySubsequences: false).map { segment in
      let plus = segment.firstIndex(of: "+") ?? segment.endIndex
      if plus < segment.endIndex { marks.append(segment[plus...]) }
      return segment[..<plus]
    }
    guard let first = segments.first, text.allSatisfy({ $0.isASCII && !$0.isWhitespace }) else { return nil }

    let digits = first.prefix { $0.isNumber || $0 == "." }
    var end = digits.endIndex
    if end < first.endIndex {
      // Letters inside the version (`5.15.157.mshv1`): it ends at the last dot before them.
      guard digits.last == "." else { return nil }
      marks.insert(first[first.index(before: end)...], at: 0)
      end = first.index(before: end)
    }
    guard let base = DottedNumber(first[..<end]), base.numbers.count >= 2 else { return nil }

    var words = Words()
    for (index, segment) in segments.dropFirst().enumerated() {
      guard words.take(segment, isLast: index == segments.count - 2) else { return nil }
    }
    self.text = String(text)
    self.base = base
    candidate = words.candidate
    release = words.release
    flavour = words.flavour.isEmpty ? nil : words.flavour.joined(separator: "-")
    architecture = words.architecture
    let mark = (marks + words.marks).joined()
    localMark = mark.isEmpty ? nil : mark
  }

  /// The flavour that numbers are comparable within: `el7` for `el7_4`, which is a minor release of the same family.
  public var flavourFamily: String? {
    guard let flavour, flavour.hasPrefix("el") else { return flavour }
    return String(flavour.prefix { $0 != "_" })
  }

  /// How the upstream versions compare, a missing number as zero, a release candidate before its release.
  public static func baseOrder(_ left: KernelRelease, _ right: KernelRelease) -> Order {
    let bases = Order(left.base, right.base)
    guard bases == .same else { return bases }
    return Order(left.candidate ?? .max, right.candidate ?? .max)
  }

  /// How the packagers' numbers compare, one by one; nil where they cannot be: another flavour, or no number.
  public static func releaseOrder(_ left: KernelRelease, _ right: KernelRelease) -> Order? {
    guard left.flavourFamily == right.flavourFamily, !left.release.isEmpty, !right.release.isEmpty else { return nil }
    return Order(DottedNumber(numbers: left.release), DottedNumber(numbers: right.release))
  }

  public enum Order: Sendable {
    case older, same, newer

    init<Value: Comparable>(_ left: Value, _ right: Value) {
      self = left < right ? .older : left > right ? .newer : .same
    }
  }
}

/// What stands behind the base version, collected segment by segment.
private struct Words {
  var candidate: Int?
  var release: [Int] = []
  var flavour: [Substring] = []
  var architecture: String?
  var marks: [Substring] = []

  /// As `uname -m` or the distribution's package names have it.
  static let architectures: Set<Substring> = [
    "x86_64", "amd64", "i686", "686", "aarch64", "arm64", "ppc64le", "s390x", "riscv64",
  ]

  /// False for a number too large.
  mutating func take(_ segment: Substring, isLast: Bool) -> Bool {
    guard segment.first?.isNumber == true, release.isEmpty, flavour.isEmpty else {
      takeWords(segment, isLast: isLast)
      return true
    }
    var tokens = segment.split(separator: ".", omittingEmptySubsequences: false)[...]
    if let last = tokens.last, Self.architectures.contains(last), tokens.count > 1 {
      architecture = String(last)
      tokens.removeLast()
    } else if isLast, Self.architectures.contains(segment) {
      architecture = String(segment)
      return true
    }
    while let token = tokens.first, !token.isEmpty, token.allSatisfy(\.isNumber) {
      guard let number = Int(token) else { return false }
      release.append(number)
      tokens.removeFirst()
    }
    // Debian's backports sort below the release they are named after: `0.bpo.2`, `0.deb11.5`.
    if let token = tokens.first, token == "bpo" || token.hasPrefix("deb") {
      marks.append(tokens.joined(separator: ".")[...])
      tokens = []
    }
    if !tokens.isEmpty { takeWords(tokens.joined(separator: ".")[...], isLast: false) }
    return true
  }

  private mutating func takeWords(_ words: Substring, isLast: Bool) {
    if candidate == nil, let found = Self.candidate(in: words) {
      candidate = found.number
      if !found.rest.isEmpty { flavour.append(found.rest) }
    } else if isLast, Self.architectures.contains(words) {
      architecture = String(words)
    } else if !words.isEmpty {
      flavour.append(words)
    }
  }

  /// `rc9` of mainline, `051500rc7` of Ubuntu's mainline builds, `rc4.2.el8` of Red Hat's.
  private static func candidate(in words: Substring) -> (number: Int, rest: Substring)? {
    let tail = words.drop(while: \.isNumber)
    guard tail.hasPrefix("rc") else { return nil }
    let digits = tail.dropFirst(2).prefix(while: \.isNumber)
    let rest = tail[digits.endIndex...]
    guard let number = Int(digits), rest.isEmpty || rest.first == "." else { return nil }
    return (number, rest.drop { $0 == "." })
  }
}
