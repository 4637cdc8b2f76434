import EngineMessages

/// What is known of a run from the events that it sent so far.
struct RunStatus: Equatable, Sendable {
  enum Phase: String, Sendable {
    /// EAL and the ports come up.
    case starting
    case warmUp
    case measuring
    case over
  }

  let mode: TrafficMode
  let warmUp: Double
  private(set) var phase = Phase.starting
  private(set) var ports: [PortDescription] = []
  /// The latest; nil before the first.
  private(set) var sample: TrafficSample?
  /// How many trials of `rfc2544` are over.
  private(set) var trials = 0

  init(_ request: EngineRequest) {
    mode = request.mode
    warmUp = request.warmUp
  }

  mutating func note(_ event: EngineEvent) {
    switch event {
    case .started(let start):
      ports = start.ports
      phase = warmUp > 0 ? .warmUp : .measuring
    case .sample(let sample):
      self.sample = sample
      phase = sample.elapsed < 0 ? .warmUp : .measuring
    case .trial: trials += 1
    case .result, .failed: phase = .over
    case .port, .notice: break
    }
  }

  func rates(ofPort port: Int) -> PortRates? { sample?.ports.first { $0.port == port } }
}
