import EngineMessages

/// What happens to the ports of a run, made out of what drivers raise, of how the ports look now and then, and of what they move.
///
/// Pure: it is told, and answers with events.
struct PortWatch {
  private let ports: [PortDescription]
  private let pairs: [PortPair]
  /// Where the zero of the events' time is.
  private let measuredStart: ContinuousClock.Instant
  private let mode: TrafficMode
  private var movements: [PortMovement]
  /// The same with all that a port received, also of others: whoever receives is not silent.
  private var signs: [PortMovement]
  private var isUp: [Bool]
  /// Since when each silent port is; nil of one that is not.
  private var silentSince: [ContinuousClock.Instant?]
  /// How long each port may move nothing.
  private var patience: [Duration]
  /// Of each port at the look before; nil where nobody checks arrival.
  private var missing: [Int64?]
  /// The sub-devices that are there, by name, with the place of their master.
  private var present: [String: Int] = [:]
  /// Devices that came, and that no master has claimed yet.
  private var arrivals: [String: ContinuousClock.Instant] = [:]
  /// What happened to each port in the traffic of now that makes some drivers count from zero.
  private(set) var disturbances: [PortAccount.Restart?]
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
  ///   - mode: says which packets of a port show that it carries traffic.
  init(
    _ ports: [PortDescription], _ states: [PortState], from start: ContinuousClock.Instant,
    measuredFrom measuredStart: ContinuousClock.Instant, silence: Duration, mode: TrafficMode
  ) {
    self.ports = ports
    pairs = PortPair.pairs(ofPorts: ports.count)
    self.measuredStart = measuredStart
    self.mode = mode
    movements = ports.map { _ in PortMovement(at: start) }
    signs = movements
    isUp = states.map { $0.isUp ?? true }
    silentSince = ports.map { _ in nil }
    patience = ports.map { _ in silence }
    missing = ports.map { _ in mode == .loopback ? 0 : nil }
    disturbances = ports.map { _ in nil }
    nextStates = start + Self.statesPeriod
    for (place, state) in states.enumerated() {
      for name in state.subdevices { present[name] = place }
    }
  }

  /// The same at the beginning of further traffic, whose counters begin anew: what changed meanwhile is told by the first look,
  /// in the time of the first traffic.
  func goingOn(from start: ContinuousClock.Instant, silence: Duration) -> PortWatch {
    var next = self
    next.movements = ports.map { _ in PortMovement(at: start) }
    next.signs = next.movements
    next.silentSince = silentSince.map { $0 == nil ? nil : start }
    next.patience = ports.map { _ in silence }
    next.missing = missing.map { $0 == nil ? nil : 0 }
    next.disturbances = ports.map { _ in nil }
    for index in next.open.indices { next.open[index].goOn() }
    next.nextStates = start
    return next
  }

  /// Whether ``look(at:_:_:_:)`` should be told how the ports look.
  func wantsStates(at now: ContinuousClock.Instant) -> Bool {
    wantsLinks(at: now) || !arrivals.isEmpty || open.contains { $0.end == nil }
  }

  /// Whether their links should be among it: a failsafe that is asked for its own puts off plugging in by seconds.
  func wantsLinks(at now: ContinuousClock.Instant) -> Bool { now >= nextStates }

  /// - Parameters:
  ///   - signals: raised since the look before.
  ///   - states: of each port, looked at after the signals were taken; nil where nobody looked.
  ///   - totals: of each port.
  mutating func look(
    at now: ContinuousClock.Instant, _ signals: [PortSignal], _ states: [PortState]?, _ totals: [PacketTotals]
  ) -> [PortEvent] {
    var events: [PortEvent] = []
    for place in ports.indices {
      let (received, sent) = moved(at: place, totals)
      let isDisturbed = open.contains { $0.place == place }
      movements[place].look(at: now, received: received, sent: sent, isDisturbed: isDisturbed)
      let isReceiver = mode == .loopback && place == pairs[place / 2].second
      signs[place].look(
        at: now, received: isReceiver ? totals[place].rxPackets : received, sent: sent, isDisturbed: isDisturbed)
    }
    for signal in signals { events += take(signal) }
    if let states {
      if wantsLinks(at: now) { nextStates = now + Self.statesPeriod }
      events += compare(states, at: now)
    }
    for place in ports.indices { events += silenceEvents(of: place, at: now) }
    for place in ports.indices where mode == .loopback { missing[place] = missingNow(at: place, totals) }
    for index in open.indices {
      let place = open[index].place
      open[index].look(at: movements[place], missing: missing[place])
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

  private mutating func take(_ signal: PortSignal) -> [PortEvent] {
    // One that is gone again before anybody could ask for its name: the look at what is there tells.
    guard let device = signal.device else { return [] }
    let own = ports.firstIndex { $0.name == device }
    let place = own ?? present[device]
    switch signal.kind {
    case .arrival:
      arrivals[device] = signal.time
      return []
    case .removal: return remove(device, at: place, signal.time, isGone: false)
    case .departure:
      arrivals[device] = nil
      return remove(device, at: place, signal.time, isGone: true)
    case .link(let isUp):
      guard let own else { return [event(isUp ? .linkUp : .linkDown, device, place, signal.time)] }
      return link(isUp, of: own, at: signal.time)
    case .reset: return [event(.reset, device, place, signal.time)]
    }
  }

  private mutating func remove(
    _ device: String, at place: Int?, _ time: ContinuousClock.Instant, isGone: Bool
  ) -> [PortEvent] {
    if isGone { present[device] = nil }
    if let index = open.firstIndex(where: { $0.device == device && $0.end == nil }) {
      if isGone { open[index].isGone = true }
      return []
    }
    // Two ways of one departure: what is away already, or was never claimed, carried no packets.
    guard let place else { return [] }
    disturbances[place] = .removed
    if let index = open.firstIndex(where: { $0.device == device }), !open[index].hasMoved(movements[open[index].place])
    {
      open[index].goAgain(isGone: isGone)
      return [event(.removed, device, place, time)]
    }
    // A second removal ends what was to be seen of the first.
    closed += open.filter { $0.device == device }
    open.removeAll { $0.device == device }
    open.append(
      Outage(of: device, at: place, start: time, isGone: isGone, movements[place], missing: missing[place]))
    return [event(.removed, device, place, time)]
  }

  private mutating func compare(_ states: [PortState], at now: ContinuousClock.Instant) -> [PortEvent] {
    var events: [PortEvent] = []
    var found: [String: Int] = [:]
    for (place, state) in states.enumerated() {
      if let isUp = state.isUp { events += link(isUp, of: place, at: now) }
      for name in state.subdevices { found[name] = place }
    }
    for (name, place) in present.sorted(by: { $0.key < $1.key }) where found[name] == nil {
      events += remove(name, at: place, now, isGone: true)
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
    // A link that goes between two looks, and comes back, is told by its coming alone.
    disturbances[place] = disturbances[place] ?? .linkDown
    return [event(isUp ? .linkUp : .linkDown, ports[place].name, place, time)]
  }

  private mutating func silenceEvents(of place: Int, at now: ContinuousClock.Instant) -> [PortEvent] {
    let last = signs[place].last
    if let since = silentSince[place] {
      guard last != since else { return [] }
      silentSince[place] = nil
      return [event(.resumed, ports[place].name, place, now)]
    }
    guard last.duration(to: now) >= patience[place] else { return [] }
    silentSince[place] = last
    // What comes once in a while only is told a few times.
    patience[place] *= 2
    return [event(.silent, ports[place].name, place, now)]
  }

  /// Packets of a port that the mode lives by: answers to neighbours are none.
  private func moved(at place: Int, _ totals: [PacketTotals]) -> (received: UInt64, sent: UInt64) {
    switch mode {
    case .tx: (0, totals[place].txPackets)
    case .rx: (totals[place].rxPackets, 0)
    case .forward, .reflect: (totals[place].rxPackets, totals[place].txPackets)
    case .loopback, .rfc2544: (totals[pairs[place / 2].second].arrived, 0)
    }
  }

  private func missingNow(at place: Int, _ totals: [PacketTotals]) -> Int64 {
    let pair = pairs[place / 2]
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
