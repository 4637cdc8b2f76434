extension EngineRequest {
  /// Why no engine can serve the request, with the option of the command line to change; nil where one may.
  ///
  /// What depends on the host, as its lcores and ports, shows only in the run.
  public var objection: String? {
    if let size = frameSizes.first(where: { !(64...Self.longestFrame).contains($0) }) {
      return "frame size '\(size)' is not between 64 and \(Self.longestFrame) bytes: change --frame-size"
    }
    if frameSizes.isEmpty { return "no frame size is given: name one with --frame-size" }
    if frameSizes.count > Self.mostFrameSizes {
      return "frame sizes '\(frameSizes.count)' are more than \(Self.mostFrameSizes): change --frame-size"
    }
    if !(1...512).contains(burst) { return "burst '\(burst)' is not between 1 and 512 packets: change --burst" }
    if !(1...256).contains(queues) { return "queues '\(queues)' are not between 1 and 256: change --queues" }
    if !(1...16_384).contains(flows) { return "flows '\(flows)' are not between 1 and 16384: change --flows" }
    if let objection = rate.objection { return objection }
    if !(0...16).contains(sendFirst) {
      return "first bursts '\(sendFirst)' are not between 0 and 16: change --send-first"
    }
    if let duration, !(duration > 0 && duration <= 1e9) {
      return "duration '\(duration)' is not a positive number of seconds: change --duration"
    }
    if !(warmUp >= 0 && warmUp <= 1e9) { return "warm-up '\(warmUp)' is not a number of seconds: change --warm-up" }
    if statisticsPeriod != 0, !(statisticsPeriod >= 0.01 && statisticsPeriod <= 1e9) {
      return "period '\(statisticsPeriod)' is neither 0 nor 0.01 seconds or more: change --stats-period"
    }
    if mode == .rfc2544, packets != nil {
      return "packets cannot be limited in rfc2544: its trials have their own number"
    }
    if case .ordinaryPages(let mebibytes) = memory, !(1...1_048_576).contains(mebibytes) {
      return "memory '\(mebibytes)' is not a positive number of up to 1048576 MiB: change --no-huge"
    }
    if let filePrefix,
      filePrefix.contains("/") || ["", ".", ".."].contains(filePrefix) || filePrefix.utf8.count > Self.longestPrefix
    {
      return "file prefix '\(filePrefix.prefix(40))' is not a file name of up to \(Self.longestPrefix) bytes: "
        + "change --file-prefix"
    }
    return flowObjection ?? runObjection
  }

  /// Bytes of the longest frame, with the frame check sequence.
  public static let longestFrame = 9_216

  private static let mostFrameSizes = 64

  /// EAL puts `map_N` behind it, and a file name has up to 255 bytes.
  private static let longestPrefix = 200
}

extension TrafficRate {
  /// Packets or bits a second: from one in a quarter of an hour to what no port will carry soon.
  private static let range = 1e-3...1e12

  fileprivate var objection: String? {
    switch self {
    case .packetsPerSecond(let rate) where !Self.range.contains(rate),
      .bitsPerSecond(let rate) where !Self.range.contains(rate):
      "rate '\(text)' is not between \(Self.range.lowerBound) and \(Self.range.upperBound) a second: change --rate"
    case .maximum, .packetsPerSecond, .bitsPerSecond: nil
    }
  }
}
