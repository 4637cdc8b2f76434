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
      port, capabilities, queues: request.queues, hashes: request.hashes,
      largestFrame: request.frameSizes.max() ?? 64, pool: pools[places[index]], sharesOnePool: pools.count == 1)
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
