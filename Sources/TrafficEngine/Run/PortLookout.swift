import EngineMessages

/// The main lcore's eye on the ports while it waits: feeds a ``PortWatch``, and raises the fault of a drill when it is due.
struct PortLookout {
  private(set) var watch: PortWatch
  private let lineup: Lineup
  /// Masters by their owner's number.
  private var places: [UInt64: Int]
  /// When the fault of a drill is due.
  private var fault: ContinuousClock.Instant?
  /// Between two looks.
  let period: Duration

  /// How often a port that a sub-device can go from beneath is looked at: what its standstill is measured with.
  static let closePeriod = Duration.milliseconds(2)
  /// How often any other.
  static let widePeriod = Duration.milliseconds(100)
  /// The shortest time without a packet that is told.
  static let shortestSilence = Duration.milliseconds(500)

  /// - Parameter watch: of traffic before: what happened since is news. Nil where the ports just came up: what was raised
  ///   meanwhile is none.
  init(
    on ports: borrowing Ports, _ lineup: Lineup, _ request: EngineRequest, goingOnWith watch: PortWatch?,
    from start: ContinuousClock.Instant, measuredFrom measuredStart: ContinuousClock.Instant
  ) throws {
    if watch == nil { _ = ports.signals.take() }
    var places: [UInt64: Int] = [:]
    let states = try ports.states(&places)
    self.lineup = lineup
    self.places = places
    period = states.contains { !$0.subdevices.isEmpty } || request.drill != nil ? Self.closePeriod : Self.widePeriod
    if let drill = request.drill, drill.kind == .revoke { fault = measuredStart + .seconds(drill.after) }
    let silence = Self.silence(in: request)
    self.watch =
      watch?.goingOn(from: start, silence: silence)
      ?? PortWatch(
        lineup.ports, states, from: start, measuredFrom: measuredStart, silence: silence, mode: request.mode)
  }

  /// Looks once.
  mutating func look(at ports: borrowing Ports) throws -> [PortEvent] {
    let now = ContinuousClock.now
    if let due = fault, now >= due {
      fault = nil
      try ports.revokeFirstSubdevices()
    }
    var signals = ports.signals.take()
    for index in signals.indices where signals[index].device == nil {
      signals[index].device = portName(signals[index].port)
    }
    let states = watch.wantsStates(at: now) ? try ports.states(&places, withLinks: watch.wantsLinks(at: now)) : nil
    return watch.look(at: now, signals, states, lineup.counters.totals())
  }

  /// A sample's period, and long enough for ten packets at the rate asked for.
  private static func silence(in request: EngineRequest) -> Duration {
    var seconds = max(request.statisticsPeriod, shortestSilence / .seconds(1))
    let bits = Double((request.frameSizes.max() ?? 64) * 8)
    switch request.rate {
    case .maximum: break
    case .packetsPerSecond(let rate): seconds = max(seconds, 10 / rate)
    case .bitsPerSecond(let rate): seconds = max(seconds, 10 * bits / rate)
    }
    return .seconds(seconds)
  }
}
