public import EngineMessages

extension EngineFailure: Error {
  /// What a reader of the events is told of a DPDK function that failed.
  init(_ error: DPDKError) {
    self.init(function: error.function, message: error.description)
  }
}
