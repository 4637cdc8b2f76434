import EngineMessages

/// What happens to the ports of a run, made out of what drivers raise, of how the ports look now and then, and of what they move.
///
/// Pure: it is told, and answers with events.
struct PortWatch {
  private let ports: [PortDescription]
  /// Where the zero of the events' time is.
  private let measuredStart: ContinuousClock.Instant
  private let silence: Duration
  private let checksArrival: Bool
  private var movements: [PortMovement]
  private var isUp: [Bool]
  private var isSilent: [Bool]
  /// The sub-devices that are there, by name, with the place of their master.
  private var present: [String: Int] = [:]
  /// Devices that came, and that no master has claimed yet.
  private var arrivals: [String: ContinuousClock.Instant] = [:]
  private var open: [Outage] = []
  private var closed: [Outage] = []
  private var nextStates: ContinuousClock.Instant

  /// Between two looks at links and sub-devices.
  static let statesPeriod = Duration.milliseconds(100)
  /// How long a device that came may take until its master claims it.
  static let claimTime = Duration.seconds(1)

  /// - Parameters:
  ///   - states: of each port, by place.
  ///   - silence: how long a port may move nothing.
  ///   - checksArrival: whether what the first port of a pair sent is looked for on the second.
  init(
    _ ports: [PortDescription], _ states: [PortState], from start: ContinuousClock.Instant,
    measuredFrom measuredStart: ContinuousClock.Instant, silence: Duration, checksArrival: Bool
  ) {
    self.ports = ports
    self.measuredStart = measuredStart
    self.silence = silence
    self.checksArrival = checksArrival
    movements = ports.map { _ in PortMovement(at: start) }
    isUp = states.map(\.isUp)
    isSilent = ports.map { _ in false }
    nextStates = start + Self.statesPeriod
    for (place, state) in states.enumerated() {
      for name in state.subdevices { present[name] = place }
    }
  }

  /// Whether ``look(at:_:_:_:)`` should be told how the ports look.
  func wantsStates(at now: ContinuousClock.Instant) -> Bool {
    now >= nextStates || !arrivals.isEmpty || open.contains { $0.end == nil }
  }

  /// - Parameters:
  ///   - signals: raised since the look before.
  ///   - states: of each port, looked at after the signals were taken; nil where nobody looked.
  ///   - totals: of each port.
  mutating func look(
    at now: ContinuousClock.Instant, _ signals: [PortSignal], _ states: [PortState]?, _ totals: [PacketTotals]
  ) -> [PortEvent] {
    var events: [PortEvent] = []
    for place in ports.indices { movements[place].look(at: now, totals[place]) }
    for signal in signals { events += take(signal, totals) }
    if let states {
      nextStates = now + Self.statesPeriod
      events += compare(states, at: now, totals)
    }
    for place in ports.indices { events += silenceEvents(of: place, at: now) }
    for index in open.indices {
      let place = open[index].place
      open[index].look(at: movements[place], missing: missing(ofPairWith: place, totals))
    }
    let over = open.filter { $0.isOver(at: now, movements[$0.place]) }
    if !over.isEmpty {
      closed += over
      open.removeAll { $0.isOver(at: now, movements[$0.place]) }
    }
    return events
  }

  /// What the removals so far cost, in their order.
  var interruptions: [Interruption] {
    (closed + open).sorted { $0.start < $1.start }
      .map { $0.interruption(port: ports[$0.place].port, measuredFrom: measuredStart) }
  }

  private mutating func take(_ signal: PortSignal, _ totals: [PacketTotals]) -> [PortEvent] {
    // One that is gone again before anybody could ask for its name: the look at what is there tells.
    guard let device = signal.device else { return [] }
    let own = ports.firstIndex { $0.name == device }
    let place = own ?? present[device]
    switch signal.kind {
    case .arrival:
      arrivals[device] = signal.time
      return []
    case .removal: return remove(device, at: place, signal.time, isGone: false, totals)
    case .departure:
      arrivals[device] = nil
      return remove(device, at: place, signal.time, isGone: true, totals)
    case .link(let isUp):
      guard let own else { return [event(isUp ? .linkUp : .linkDown, device, place, signal.time)] }
      return link(isUp, of: own, at: signal.time)
    case .reset: return [event(.reset, device, place, signal.time)]
    }
  }

  private mutating func remove(
    _ device: String, at place: Int?, _ time: ContinuousClock.Instant, isGone: Bool, _ totals: [PacketTotals]
  ) -> [PortEvent] {
    if isGone { present[device] = nil }
    if let index = open.firstIndex(where: { $0.device == device && $0.end == nil }) {
      if isGone { open[index].isGone = true }
      return []
    }
    // Two ways of one departure: what is away already, or was never claimed, carried no packets.
    guard let place else { return [] }
    // A second removal ends what was to be seen of the first.
    closed += open.filter { $0.device == device }
    open.removeAll { $0.device == device }
    open.append(
      Outage(
        of: device, at: place, start: time, isGone: isGone,
        isReceiving: movements[place].received.packets >= movements[place].sent.packets,
        missing: missing(ofPairWith: place, totals)))
    return [event(.removed, device, place, time)]
  }

  private mutating func compare(
    _ states: [PortState], at now: ContinuousClock.Instant, _ totals: [PacketTotals]
  ) -> [PortEvent] {
    var events: [PortEvent] = []
    var found: [String: Int] = [:]
    for (place, state) in states.enumerated() {
      events += link(state.isUp, of: place, at: now)
      for name in state.subdevices { found[name] = place }
    }
    for (name, place) in present.sorted(by: { $0.key < $1.key }) where found[name] == nil {
      events += remove(name, at: place, now, isGone: true, totals)
    }
    for (name, place) in found.sorted(by: { $0.key < $1.key }) {
      let time = arrivals.removeValue(forKey: name) ?? now
      if let index = open.firstIndex(where: { $0.device == name && $0.end == nil }) {
        // Told to go, and not gone yet.
        guard open[index].isGone else { continue }
        open[index].comeBack(at: time)
      } else if present[name] != nil {
        continue
      }
      present[name] = place
      events.append(event(.added, name, place, time))
    }
    for (name, time) in arrivals.sorted(by: { $0.key < $1.key }) where time + Self.claimTime < now {
      arrivals[name] = nil
      events.append(event(.added, name, nil, time))
    }
    return events
  }

  private mutating func link(_ isUp: Bool, of place: Int, at time: ContinuousClock.Instant) -> [PortEvent] {
    guard isUp != self.isUp[place] else { return [] }
    self.isUp[place] = isUp
    return [event(isUp ? .linkUp : .linkDown, ports[place].name, place, time)]
  }

  private mutating func silenceEvents(of place: Int, at now: ContinuousClock.Instant) -> [PortEvent] {
    let movement = movements[place]
    let isSilentNow = movement.hasMoved && movement.last.duration(to: now) >= silence
    guard isSilentNow != isSilent[place] else { return [] }
    isSilent[place] = isSilentNow
    return [event(isSilentNow ? .silent : .resumed, ports[place].name, place, now)]
  }

  private func missing(ofPairWith place: Int, _ totals: [PacketTotals]) -> Int64? {
    guard checksArrival else { return nil }
    let pair = PortPair.pairs(ofPorts: ports.count)[place / 2]
    return Int64(clamping: totals[pair.first].txPackets) - Int64(clamping: totals[pair.second].arrived)
  }

  private func event(
    _ kind: PortEvent.Kind, _ device: String, _ place: Int?, _ time: ContinuousClock.Instant
  ) -> PortEvent {
    PortEvent(
      elapsed: measuredStart.duration(to: time) / .seconds(1), port: place.map { ports[$0].port }, device: device,
      kind: kind)
  }
}
