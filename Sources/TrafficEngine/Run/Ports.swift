import EngineMessages

/// Started ports, closed in reverse order when they go.
struct Ports: ~Copyable {
  private var ports: OwnedArray<EthernetPort>
  let masters: [MasterPort]
  private let callbacks: PortCallbacks

  /// Opens every port, and hears the first objection before it opens any.
  init(_ descriptions: [PortDescription], pools: borrowing Pools, request: EngineRequest) throws {
    let largest = request.largestUntaggedFrame
    var capabilities: [PortCapabilities] = []
    for port in descriptions {
      let capable = try PortCapabilities(ofPort: UInt16(port.port), named: port.name)
      if let objection = capable.objection(queues: request.queues, hashes: request.hashes, largestFrame: largest) {
        throw EngineFailure(message: "port '\(port.name)' \(objection)")
      }
      capabilities.append(capable)
    }
    if request.drill?.kind == .revoke { try promiseRemovalEvents() }
    var ports = OwnedArray<EthernetPort>(capacity: descriptions.count)
    for (index, port) in descriptions.enumerated() {
      ports.append(try pools.open(port, at: index, capabilities[index], request: request))
    }
    let masters = try descriptions.map { port throws(DPDKError) in try MasterPort(port) }
    // Behind those of the failsafes, which are called first then.
    let callbacks = try PortCallbacks()
    self.ports = ports
    self.masters = masters
    self.callbacks = callbacks
  }

  // What asks over the telemetry socket would find ports half closed.
  deinit { closeTelemetry() }

  var count: Int { ports.count }

  /// What drivers raise from now on.
  var signals: PortSignals { callbacks.signals }

  func linkIsUp(_ place: Int) throws(DPDKError) -> Bool { try ports[place].linkIsUp() }

  func queueDepth(_ place: Int) -> QueueDepth { ports[place].queueDepth }

  /// Waits until every link is up.
  ///
  /// - Returns: false where a signal came first.
  /// - Throws: ``EngineFailure`` that names a port whose link stays down.
  func waitForLinks(_ signals: StopSignals) throws -> Bool {
    let deadline = ContinuousClock.now + Self.longestLinkWait
    for index in ports.indices {
      while try !ports[index].linkIsUp() {
        guard ContinuousClock.now < deadline else {
          throw EngineFailure(
            message: "link of port '\(ports[index].description.name)' is down since "
              + "\(Self.longestLinkWait.components.seconds) seconds: is its other end there?")
        }
        if signals.wait(until: ContinuousClock.now + .milliseconds(10)) { return false }
      }
    }
    return true
  }

  /// What each port counted since it started, and its sub-devices as they are now.
  func statistics() throws -> [PortStatistics] {
    let subdevices = try subdevices()
    var statistics: [PortStatistics] = []
    for index in ports.indices {
      var counted = try ports[index].statistics()
      counted.subdevices = subdevices.claimed[index]
      statistics.append(counted)
    }
    return statistics
  }

  /// What lies beneath each port now, with its counts.
  func subdevices() throws(DPDKError) -> ClaimedPorts { ClaimedPorts(of: try ownedPorts(), by: masters) }

  /// A memif handshake takes half a second, a failsafe's search for its sub-devices some more.
  static let longestLinkWait = Duration.seconds(10)
}
