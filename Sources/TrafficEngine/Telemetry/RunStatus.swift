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
  private let warmUp: Double
  private var startTime: ContinuousClock.Instant?
  private var isOver = false
  private(set) var ports: [PortDescription] = []
  /// The latest; nil before the first.
  private(set) var sample: TrafficSample?
  /// How many trials of `rfc2544` are over.
  private(set) var trials = 0

  init(_ request: EngineRequest) {
    mode = request.mode
    warmUp = request.warmUp
  }

  mutating func note(_ event: EngineEvent, at now: ContinuousClock.Instant = .now) {
    switch event {
    case .started(let start):
      ports = start.ports
      startTime = now
    case .sample(let sample): self.sample = sample
    case .trial: trials += 1
    case .result, .failed: isOver = true
    case .port, .notice: break
    }
  }

  func phase(at now: ContinuousClock.Instant = .now) -> Phase {
    if isOver { return .over }
    guard let startTime else { return .starting }
    return now < startTime + .seconds(warmUp) ? .warmUp : .measuring
  }

  func rates(ofPort port: Int) -> PortRates? { sample?.ports.first { $0.port == port } }
}
