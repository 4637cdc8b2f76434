/// The size of a huge page.
///
/// Its text is the size with a binary unit, as `mount(8)` takes it: `2M`, `1G`.
public struct PageSize: Hashable, Comparable, Sendable {
  public let bytes: UInt64

  public init(bytes: UInt64) { self.bytes = bytes }
  public init(kilobytes: UInt64) { self.init(bytes: kilobytes << 10) }

  public static let twoMegabytes = PageSize(kilobytes: 2048)
  public static let oneGigabyte = PageSize(kilobytes: 1_048_576)

  public var kilobytes: UInt64 { bytes >> 10 }

  public static func < (left: PageSize, right: PageSize) -> Bool { left.bytes < right.bytes }

  /// Reads `2M`, `1G`, `1024M`, `2MB`, `2048kB`, `2097152`: a number in binary units, as the kernel's `memparse` does.
  ///
  /// `/proc/mounts` says `1024M` for a gigabyte, the kernel command line also `1GB`; zero is no size.
  public init?(_ text: some StringProtocol) {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = UInt64(digits), number > 0 else { return nil }
    let shift: UInt64
    switch text[digits.endIndex...].uppercased() {
    case "": shift = 0
    case "K", "KB": shift = 10
    case "M", "MB": shift = 20
    case "G", "GB": shift = 30
    default: return nil
    }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: 1 << shift)
    guard !overflow else { return nil }
    self.init(bytes: bytes)
  }
}

extension PageSize: CustomStringConvertible {
  public var description: String {
    for (unit, shift) in [("G", 30), ("M", 20), ("K", 10)] as [(String, UInt64)] where bytes >= 1 << shift {
      let (whole, rest) = bytes.quotientAndRemainder(dividingBy: 1 << shift)
      if rest == 0 { return "\(whole)\(unit)" }
    }
    return "\(bytes)"
  }
}

extension PageSize: Codable {
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let size = PageSize(text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "'\(text)' is not a page size"))
    }
    self = size
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
