import CDPDK
public import EngineMessages
import Glibc

/// One run of the packet engine in this process, from `rte_eal_init` to `rte_eal_cleanup`.
///
/// EAL lives once a process: so does a run.
public struct TrafficRun {
  private let request: EngineRequest
  private let endsWithParent: Bool

  /// - Parameter endsWithParent: whether the run stops as on a signal when the process that started this one ends.
  public init(_ request: EngineRequest, endsWithParent: Bool = false) {
    self.request = request
    self.endsWithParent = endsWithParent
  }

  /// Why no engine can serve the request on the CPUs that this process may run on, or none at all; nil where one may.
  public static func objection(to request: EngineRequest) -> String? {
    request.objection ?? lcoreObjection(to: request.lcores, allowed: affinityCPUs())
  }

  /// Makes the run on the calling thread, which becomes the main lcore; blocks until the duration is over, or SIGINT,
  /// SIGTERM or SIGHUP comes.
  ///
  /// EAL's log goes to standard error. With ordinary pages and no PCI device no privilege is needed.
  ///
  /// - Parameter emit: gets every event up to the result. What it throws ends the run.
  /// - Throws: ``DPDKError`` of a DPDK function, `EngineFailure` of a request that this host cannot serve, and what
  ///   `emit` throws. Ports, memory and lcores are given back then too.
  public func run(emit: (EngineEvent) throws -> Void) throws {
    if let objection = Self.objection(to: request) { throw EngineFailure(message: objection) }
    if let objection = request.memory.objection() { throw EngineFailure(message: objection) }
    let nodes = request.memory.isOfHugepages ? MemoryNode.all() : []
    if let objection = nodes.objection(to: request.lcores) { throw EngineFailure(message: objection) }
    let captureFile = try request.capture.map { try CaptureFile(path: $0.path) }
    let signals = StopSignals(endsWithParent: endsWithParent)
    let prefix = request.filePrefix ?? "dpdk-host-engine-\(getpid())"
    var mapFiles: MapFiles?
    if case .hugetlbfs(let directory?) = request.memory {
      mapFiles = MapFiles(directory: directory, filePrefix: prefix)
    }
    let telemetry = request.telemetry && telemetryIsPossible(filePrefix: prefix)
    if telemetry { try TelemetryCommands.register(for: RunStatus(request)) }
    let affinity = affinityCPUs()
    let arguments = ealArguments(
      for: request, affinity: affinity, mainCPU: nodes.mainCPU(among: affinity), filePrefix: prefix,
      telemetry: telemetry, netvscStartsByItself: netvscStartsByItself)
    try loadDrivers()
    let eal = try EAL(arguments: arguments, mapFiles: mapFiles)
    var ports = try eal.ports.map { id throws(DPDKError) in try PortDescription(ofPort: id) }
    let portless = eal.portless(among: request.virtualDevices).map { "'\($0)'" }.joined(separator: ", ")
    guard !ports.isEmpty else {
      throw EngineFailure(
        message: portless.isEmpty
          ? "no port to use: name a virtual device with --vdev, or a PCI device with --allow"
          : "no port to use: \(portless) came to be none: see above what its driver says, and check its arguments")
    }
    if !portless.isEmpty {
      try emit(.notice(EngineNotice(message: "\(portless) came to be no port: see above what its driver says")))
    }
    ports = try used(ports)
    ports = try PortEndpoints(of: request, for: ports).paired(ports)
    let workers = try chooseWorkers(of: eal, near: ports.first?.numaNode)
    // Each call lends what it owns to the next: ports go before pools, pools before EAL.
    try run(on: ports, workers, eal, signals, captureFile) { event in
      TelemetryCommands.note(event)
      try emit(event)
    }
  }

  /// Those that the request names, or all; one that is left out is neither configured nor started.
  private func used(_ ports: [PortDescription]) throws(EngineFailure) -> [PortDescription] {
    guard !request.usedPorts.isEmpty else { return ports }
    let wanted = Set(request.usedPorts.map { $0.lowercased() })
    let used = ports.filter { wanted.contains($0.mac) }
    guard !used.isEmpty else {
      throw EngineFailure(
        message: "no port has one of the MAC addresses \(request.usedPorts.joined(separator: ", ")): there are "
          + ports.map { "'\($0.name)' \($0.mac)" }.joined(separator: ", "))
    }
    return used
  }

  private func run(
    on descriptions: [PortDescription], _ workers: [Lcore], _ eal: borrowing EAL, _ signals: StopSignals,
    _ captureFile: consuming CaptureFile?, emit: (EngineEvent) throws -> Void
  ) throws {
    let pools = try Pools(for: descriptions, request: request)
    let ports = try Ports(descriptions, pools: pools, request: request)
    guard try ports.waitForLinks(signals) else {
      throw EngineFailure(message: "stopped by a signal before the ports were up")
    }
    let neighbours = NeighbourResolution(ports: descriptions, sources: pools.sources, signals: signals)
    guard let request = try neighbours.resolve(request) else {
      throw EngineFailure(message: "stopped by a signal before the peers' MAC addresses were known")
    }
    let beneath = try ports.subdevices()
    var start = EngineStart(
      mode: request.mode, dpdk: eal.version, ports: descriptions, workers: workers.map { Int($0.id) },
      workerCPUs: workers.map(\.cpus), hertz: Double(rte_get_tsc_hz()), mbufs: pools.packets)
    for index in start.ports.indices {
      start.ports[index].subdevices = beneath.claimed[index].map(\.withoutCounts)
    }
    if let objection = request.drill?.objection(on: start.ports) { throw EngineFailure(message: objection) }
    try emit(.started(start))
    for port in beneath.unclaimed {
      try emit(
        .notice(EngineNotice(message: "port '\(port.name)' (\(port.driver)) is beneath a master that cannot be told")))
    }
    let traffic = Traffic(ports: descriptions, workers: workers, sources: pools.sources, signals: signals)
    try emit(.result(try run(traffic, as: request, on: ports, captureFile, emit: emit)))
  }

  /// With a capture around it where one is wanted.
  private func run(
    _ traffic: Traffic, as request: EngineRequest, on ports: borrowing Ports, _ captureFile: consuming CaptureFile?,
    emit: (EngineEvent) throws -> Void
  ) throws -> TrafficResult {
    guard let capture = request.capture, let file = captureFile.take() else {
      return try run(traffic, as: request, on: ports, emit: emit)
    }
    let kept = try PacketCapture(capture, into: file, ports: traffic.ports, request: request)
    let result = try run(traffic, as: request, on: ports, emit: emit)
    try emit(.notice(kept.finish()))
    return result
  }

  private func run(
    _ traffic: Traffic, as request: EngineRequest, on ports: borrowing Ports, emit: (EngineEvent) throws -> Void
  ) throws -> TrafficResult {
    if request.mode == .rfc2544 { return try BenchmarkRun.run(request, with: traffic, on: ports, emit: emit) }
    var traffic = traffic
    let result = try traffic.run(request, on: ports, emit: emit)
    for notice in request.rateNotices(about: result, ofPorts: traffic.ports.count) { try emit(.notice(notice)) }
    return result
  }

  /// One worker lcore a queue; those on the ports' NUMA node first.
  private func chooseWorkers(of eal: borrowing EAL, near node: Int?) throws(EngineFailure) -> [Lcore] {
    let all = eal.workers
    guard all.count >= request.queues else {
      throw EngineFailure(
        message: "\(request.queues) queues need as many worker lcores beside the main one, and there are \(all.count): "
          + "lower --queues, or name more CPUs with --lcores")
    }
    let near = all.filter { $0.numaNode == node }
    let far = all.filter { $0.numaNode != node }
    return Array((near + far).prefix(request.queues))
  }
}
