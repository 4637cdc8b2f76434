import EngineMessages

/// The pools of a run, for each NUMA node that has a port, and who takes from which.
///
/// What a mode builds and what it receives lie apart: frames that are built keep their payload from one use to the next.
struct Pools: ~Copyable {
  /// Of each node what its ports receive into, and in a mode that forwards also send from.
  private var receiving: OwnedArray<PacketPool>
  /// Of each node what frames are built in, of which every packet that leaves comes; none where a mode only forwards.
  private var sending: OwnedArray<PacketPool>
  /// The position of its node for each port.
  private let places: [Int]
  /// Mbufs of all pools.
  let packets: Int

  init(for ports: [PortDescription], request: EngineRequest) throws(DPDKError) {
    var nodes: [Int?] = []
    let places = ports.map { port in
      if let known = nodes.firstIndex(of: port.numaNode) { return known }
      nodes.append(port.numaNode)
      return nodes.count - 1
    }
    var receiving = OwnedArray<PacketPool>(capacity: nodes.count)
    var sending = OwnedArray<PacketPool>(capacity: nodes.count)
    var packets = 0
    let buildsFrames = request.mode.sendsOnlyBuiltFrames
    for (place, node) in nodes.enumerated() {
      let size = poolSize(
        ports: ports.filter { $0.numaNode == node }, queues: request.queues, burst: request.burst,
        ways: buildsFrames ? 1 : 2)
      func pool(_ name: String) throws(DPDKError) -> PacketPool {
        try PacketPool(name: "\(name)_\(place)", packets: size, largestFrame: request.largestFrame, numaNode: node)
      }
      packets += size * (buildsFrames ? 2 : 1)
      receiving.append(try pool("packets"))
      if buildsFrames {
        sending.append(try pool("frames"))
        try sending[place].fill()
      }
    }
    self.receiving = receiving
    self.sending = sending
    self.places = places
    self.packets = packets
  }

  /// Where each port's workers get what they build and send.
  var sources: [PacketSource] {
    places.map { sending.count > 0 ? sending[$0].source : receiving[$0].source }
  }

  /// Opens a port on the pool of its node.
  func open(
    _ port: PortDescription, at index: Int, _ capabilities: PortCapabilities, request: EngineRequest
  ) throws(DPDKError) -> EthernetPort {
    try EthernetPort(
      port, capabilities, queues: request.queues, hashes: request.hashes, largestFrame: request.largestUntaggedFrame,
      pool: receiving[places[index]],
      sharesOnePool: sending.count > 0 && !request.mayAnswerNeighbours || receiving.count == 1 && sending.count == 0)
  }
}

extension EngineRequest {
  /// Whether received mbufs may go out again before traffic begins: while a peer's MAC address is asked for, ours is told.
  fileprivate var mayAnswerNeighbours: Bool {
    let ports = portEndpoints.values.map { $0.filled(from: endpoints) } + [endpoints]
    return ports.contains { $0.destinationAddress != nil && $0.destinationMAC == nil }
  }
}

extension TrafficMode {
  /// Whether nothing is sent but frames of the engine's own.
  var sendsOnlyBuiltFrames: Bool {
    switch self {
    case .tx, .loopback, .rfc2544: true
    case .rx, .forward, .reflect: false
    }
  }
}

/// Mbufs for the ports of one node: every descriptor of every queue filled, on both sides of a master port (VF, and TAP
/// or VMBus), the caches of the lcores, and the bursts in hand.
///
/// - Parameter ways: one for a pool that is only received into, or only sent from, two for one that serves both.
func poolSize(ports: [PortDescription], queues: Int, burst: Int, ways: Int) -> Int {
  let perQueue = ports.map { port in
    let sides = ["net_failsafe", "net_netvsc"].contains(port.driver) ? 2 : 1
    // It fills a second ring of receive descriptors, as long as the first (vmxnet3_dev_rx_queue_setup).
    let rings = ways * sides + (port.driver == "net_vmxnet3" ? 1 : 0)
    return rings * Int(EthernetPort.descriptors) + 2 * PacketPool.cacheSize + 4 * burst
  }
  return perQueue.reduce(0, +) * queues - 1
}
