import EngineMessages

/// The pools of a run, one for each NUMA node that has a port, and who takes from which.
struct Pools: ~Copyable {
  private var pools: OwnedArray<PacketPool>
  /// The position of its pool for each port.
  private let places: [Int]

  init(for ports: [PortDescription], request: EngineRequest) throws(DPDKError) {
    var nodes: [Int?] = []
    let places = ports.map { port in
      if let known = nodes.firstIndex(of: port.numaNode) { return known }
      nodes.append(port.numaNode)
      return nodes.count - 1
    }
    var pools = OwnedArray<PacketPool>(capacity: nodes.count)
    for (place, node) in nodes.enumerated() {
      let size = poolSize(
        ports: ports.filter { $0.numaNode == node }, queues: request.queues, burst: request.burst)
      pools.append(try PacketPool(name: "packets_\(place)", packets: size, numaNode: node))
    }
    self.pools = pools
    self.places = places
  }

  /// Where each port's workers get their packets.
  var sources: [PacketSource] { places.map { pools[$0].source } }

  /// Opens a port on the pool of its node.
  func open(
    _ port: PortDescription, at index: Int, _ capabilities: PortCapabilities, request: EngineRequest
  ) throws(DPDKError) -> EthernetPort {
    try EthernetPort(
      port, capabilities, queues: request.queues, largestFrame: request.frameSizes.max() ?? 64,
      pool: pools[places[index]], sharesOnePool: pools.count == 1)
  }
}

/// Mbufs for the ports of one node: every descriptor of every queue filled, on both ways of a master port (VF, and TAP
/// or VMBus), the caches of the lcores, and the bursts in hand.
func poolSize(ports: [PortDescription], queues: Int, burst: Int) -> Int {
  let perQueue = ports.map { port in
    (["net_failsafe", "net_netvsc"].contains(port.driver) ? 4 : 2) * Int(EthernetPort.descriptors) + 2
      * PacketPool.cacheSize + 4 * burst
  }
  return perQueue.reduce(0, +) * queues - 1
}

/// Started ports, closed in reverse order when they go.
struct Ports: ~Copyable {
  private var ports: OwnedArray<EthernetPort>
  private let masters: [MasterPort]

  /// Opens every port, and hears the first objection before it opens any.
  init(_ descriptions: [PortDescription], pools: borrowing Pools, request: EngineRequest) throws {
    let largest = request.frameSizes.max() ?? 64
    var capabilities: [PortCapabilities] = []
    for port in descriptions {
      let capable = try PortCapabilities(ofPort: UInt16(port.port), named: port.name)
      if let objection = capable.objection(queues: request.queues, largestFrame: largest) {
        throw EngineFailure(message: "port '\(port.name)' \(objection)")
      }
      capabilities.append(capable)
    }
    var ports = OwnedArray<EthernetPort>(capacity: descriptions.count)
    for (index, port) in descriptions.enumerated() {
      ports.append(try pools.open(port, at: index, capabilities[index], request: request))
    }
    let masters = try descriptions.map { port throws(DPDKError) in try MasterPort(port) }
    self.ports = ports
    self.masters = masters
  }

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
      statistics.append(PortStatistics(missed: try ports[index].missedPackets(), subdevices: subdevices.claimed[index]))
    }
    return statistics
  }

  /// What lies beneath each port now, with its counts.
  func subdevices() throws(DPDKError) -> ClaimedPorts { ClaimedPorts(of: try ownedPorts(), by: masters) }

  /// A memif handshake takes half a second, a failsafe's search for its sub-devices some more.
  static let longestLinkWait = Duration.seconds(10)
}
