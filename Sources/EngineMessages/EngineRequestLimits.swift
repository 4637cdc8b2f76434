extension EngineRequest {
  /// Why no engine can serve the request, with the option of the command line to change; nil where one may.
  ///
  /// What depends on the host, as its lcores and ports, shows only in the run.
  public var objection: String? {
    if let size = frameSizes.first(where: { !(64...9_216).contains($0) }) {
      return "frame size '\(size)' is not between 64 and 9216 bytes: change --frame-size"
    }
    if frameSizes.isEmpty { return "no frame size is given: name one with --frame-size" }
    if !(1...512).contains(burst) { return "burst '\(burst)' is not between 1 and 512 packets: change --burst" }
    if !(1...256).contains(queues) { return "queues '\(queues)' are not between 1 and 256: change --queues" }
    if !(1...16_384).contains(flows) { return "flows '\(flows)' are not between 1 and 16384: change --flows" }
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
    if case .ordinaryPages(let mebibytes) = memory, mebibytes < 1 {
      return "memory '\(mebibytes)' is not a positive number of MiB: change --no-huge"
    }
    if let filePrefix, filePrefix.isEmpty || filePrefix.contains("/") {
      return "file prefix '\(filePrefix)' is not a file name: change --file-prefix"
    }
    if let objection = drill?.objection(in: self) { return objection }
    return nil
  }
}
