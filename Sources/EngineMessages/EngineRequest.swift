/// One run of the packet engine: what `dpdk-host` writes and `dpdk-host-engine --request` reads.
///
/// The whole contract between the two programs is this value in, a stream of ``EngineEvent`` out.
public struct EngineRequest: Codable, Equatable, Sendable {
  public var mode: TrafficMode
  public var forwarding: Forwarding
  /// EAL's `--lcores`; nil takes every CPU that the process may run on.
  public var lcores: String?
  /// Devargs of virtual devices, one EAL `--vdev` each, in order; a PCI device may be named here too, as in
  /// `7870:00:00.0,mac=02:00:00:00:00:01,mac=02:00:00:00:00:02`.
  ///
  /// On Hyper-V, where none starts with `net_vdev_netvsc`, that driver is told to take nothing: by itself it takes every
  /// NETVSC without an address.
  public var virtualDevices: [String]
  /// Devices on a bus, one EAL `-a` each, with their devargs behind a comma: PCI addresses (`acf1:00:02.0`, `00:02.0`,
  /// `pci:00:02.0`), and the UUID of a VMBus device that is bound to `uio_hv_generic`.
  ///
  /// No other PCI device is probed: without a PCI address here and in ``virtualDevices`` the engine says `--no-pci`. On the
  /// VMBus DPDK 22.11 probes every NETVSC that is bound to `uio_hv_generic`, whether it is named or not.
  public var allowedDevices: [String]
  /// Receive and transmit queues a port, one worker lcore each.
  public var queues: Int
  /// Packets a burst, 1 to 512.
  public var burst: Int
  /// Frame sizes in bytes as RFC 2544 counts them, the four of the frame check sequence included; 64 where none is named, and
  /// those of the RFC in `rfc2544`.
  public var frameSizes: [Int]
  /// UDP flows for each sending port, told apart by their source port.
  public var flows: Int
  /// Where the flows come from and go to.
  public var endpoints: FlowEndpoints
  /// The same for single ports, by their MAC address as DPDK tells it; what one leaves nil is as in ``endpoints``.
  ///
  /// The order in which ports come up need not be known: two ports of which one sends to the other's source address are a
  /// pair, whatever their numbers. An address that no port has fails the run, and so do ports of which one sends IPv4 and one IPv6,
  /// where nothing but the engine's own frames is sent.
  public var portEndpoints: [String: FlowEndpoints]
  /// The MAC addresses of the ports to use, where DPDK brings up more than are wanted; empty uses all.
  public var usedPorts: [String]
  /// Bursts that `forward` puts on every transmit queue before it forwards: what keeps rings busy that nobody feeds.
  public var sendFirst: Int
  /// Packets that every sending port sends, and then no more: the run ends when they have left, if its duration is not over
  /// before. Nil sets no limit.
  public var packets: UInt64?
  /// Seconds of measured traffic; nil runs until SIGINT or SIGTERM. In `rfc2544` that of one trial, and 60 where it is nil.
  public var duration: Double?
  /// Seconds of traffic before the measurement starts. In `rfc2544` those of the learning frames before the first trial.
  public var warmUp: Double
  /// Seconds between two ``EngineEvent/sample(_:)`` events; zero sends none. Where it is left out 1, and 0 in `rfc2544`.
  public var statisticsPeriod: Double
  /// The most that every sending port may send.
  public var rate: TrafficRate
  /// The 802.1Q VLAN that packets are built in, 1 to 4094; nil builds them untagged.
  public var vlan: Int?
  /// What the RSS hash of a port with several queues is made of; empty takes what is best for UDP flows.
  public var hashes: [RSSHash]
  /// What `rfc2544` is to find out.
  public var benchmark: BenchmarkPlan
  /// A fault to raise on purpose while traffic runs.
  public var drill: Drill?
  /// The first packets to keep in a file.
  public var capture: Capture?
  /// Whether DPDK's telemetry socket answers while the run lasts.
  public var telemetry: Bool
  public var memory: PacketMemory
  /// EAL's `--file-prefix`: what keeps two DPDK programs on a host apart.
  public var filePrefix: String?
  /// Further EAL arguments, as they are.
  public var ealArguments: [String]

  enum CodingKeys: String, CodingKey, CaseIterable {
    case mode, forwarding, lcores, virtualDevices, allowedDevices, queues, burst, frameSizes, flows, endpoints,
      portEndpoints, usedPorts, sendFirst, packets, duration, warmUp, statisticsPeriod, rate, vlan, hashes,
      benchmark, drill, capture, telemetry, memory, filePrefix, ealArguments
  }

  public init(
    mode: TrafficMode, forwarding: Forwarding = .io, lcores: String? = nil, virtualDevices: [String] = [],
    allowedDevices: [String] = [], queues: Int = 1, burst: Int = 32, frameSizes: [Int]? = nil, flows: Int = 1,
    endpoints: FlowEndpoints = FlowEndpoints(), portEndpoints: [String: FlowEndpoints] = [:],
    usedPorts: [String] = [], sendFirst: Int = 0, packets: UInt64? = nil,
    duration: Double? = nil, warmUp: Double = 0.2, statisticsPeriod: Double? = nil, rate: TrafficRate = .maximum,
    vlan: Int? = nil, hashes: [RSSHash] = [], benchmark: BenchmarkPlan = BenchmarkPlan(), drill: Drill? = nil,
    capture: Capture? = nil, telemetry: Bool = true,
    memory: PacketMemory = .hugetlbfs(directory: nil), filePrefix: String? = nil, ealArguments: [String] = []
  ) {
    self.mode = mode
    self.forwarding = forwarding
    self.lcores = lcores
    self.virtualDevices = virtualDevices
    self.allowedDevices = allowedDevices
    self.queues = queues
    self.burst = burst
    self.frameSizes = frameSizes ?? (mode == .rfc2544 ? BenchmarkPlan.frameSizes : [64])
    self.flows = flows
    self.endpoints = endpoints
    self.portEndpoints = portEndpoints
    self.usedPorts = usedPorts
    self.sendFirst = sendFirst
    self.packets = packets
    self.duration = duration
    self.warmUp = warmUp
    self.statisticsPeriod = statisticsPeriod ?? (mode == .rfc2544 ? 0 : 1)
    self.rate = rate
    self.vlan = vlan
    self.hashes = hashes
    self.benchmark = benchmark
    self.drill = drill
    self.capture = capture
    self.telemetry = telemetry
    self.memory = memory
    self.filePrefix = filePrefix
    self.ealArguments = ealArguments
  }
}

extension EngineRequest {
  /// Reads a request; whatever but `mode` is left out takes the value that the initialiser gives it.
  ///
  /// - Throws: `DecodingError` also for a key that no request has, so that a misspelt one is not passed over.
  public init(from decoder: any Decoder) throws {
    try decoder.refuseUnknownKeys(of: CodingKeys.self)
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(mode: try values.decode(TrafficMode.self, forKey: .mode))
    func read<Value: Decodable>(_ key: CodingKeys, into value: inout Value) throws {
      if let found = try values.decodeNamed(Value.self, forKey: key) { value = found }
    }
    try read(.forwarding, into: &forwarding)
    lcores = try values.decodeNamed(String.self, forKey: .lcores)
    try read(.virtualDevices, into: &virtualDevices)
    try read(.allowedDevices, into: &allowedDevices)
    try read(.queues, into: &queues)
    try read(.burst, into: &burst)
    try read(.frameSizes, into: &frameSizes)
    try read(.flows, into: &flows)
    try read(.endpoints, into: &endpoints)
    try read(.portEndpoints, into: &portEndpoints)
    try read(.usedPorts, into: &usedPorts)
    try read(.sendFirst, into: &sendFirst)
    packets = try values.decodeNamed(UInt64.self, forKey: .packets)
    duration = try values.decodeNamed(Double.self, forKey: .duration)
    try read(.warmUp, into: &warmUp)
    try read(.statisticsPeriod, into: &statisticsPeriod)
    try read(.rate, into: &rate)
    vlan = try values.decodeNamed(Int.self, forKey: .vlan)
    try read(.hashes, into: &hashes)
    try read(.benchmark, into: &benchmark)
    drill = try values.decodeNamed(Drill.self, forKey: .drill)
    capture = try values.decodeNamed(Capture.self, forKey: .capture)
    try read(.telemetry, into: &telemetry)
    try read(.memory, into: &memory)
    filePrefix = try values.decodeNamed(String.self, forKey: .filePrefix)
    try read(.ealArguments, into: &ealArguments)
  }
}
