/// The most that a port may send.
public enum TrafficRate: Equatable, Sendable {
  case maximum
  case packetsPerSecond(Double)
  /// Bits of layer 2 a second, frame check sequence included.
  case bitsPerSecond(Double)

  /// Reads `max`, `1500000`, `1.5Mpps`, `10kpps`, `2Gbps`; a bare number is packets a second.
  ///
  /// - Returns: nil for anything else, zero, negative numbers and what is too large for one included.
  public init?(_ text: some StringProtocol) {
    if text == "max" {
      self = .maximum
      return
    }
    let isBits = text.hasSuffix("bps")
    let number = isBits ? text.dropLast(3) : text.hasSuffix("pps") ? text.dropLast(3) : text[...]
    let scales: [Character: Double] = ["k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9]
    let scale = number.last.flatMap { scales[$0] }
    guard let value = Double(scale == nil ? number : number.dropLast()) else { return nil }
    let rate = value * (scale ?? 1)
    guard rate > 0, rate.isFinite else { return nil }
    self = isBits ? .bitsPerSecond(rate) : .packetsPerSecond(rate)
  }

  public var text: String {
    switch self {
    case .maximum: "max"
    case .packetsPerSecond(let rate): "\(rate)pps"
    case .bitsPerSecond(let rate): "\(rate)bps"
    }
  }
}

extension TrafficRate: Codable {
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let rate = Self(text) else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "'\(text)' is not a rate: write one as max, 1.5Mpps or 2Gbps"))
    }
    self = rate
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
