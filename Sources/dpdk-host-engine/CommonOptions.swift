import ArgumentParser
import EngineMessages

/// What every mode takes: devices, lcores, memory, time, output.
struct CommonOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("A virtual device, as net_null0 or net_memif0,role=server. Repeatable.", valueName: "devargs"))
  var vdev: [String] = []

  @Option(
    help: ArgumentHelp(
      "A PCI device that DPDK may take, with devargs, or a VMBus UUID. Repeatable; no other PCI device is touched.",
      valueName: "pci"))
  var allow: [String] = []

  @Option(
    help: ArgumentHelp(
      """
      CPUs, as 0,2-3: the first reports, each other one serves a queue, in this order; a single one does both. Default: all \
      that it may use. Two engines on one machine need it, each other CPUs than the other: left alone, both work on the same.
      """,
      valueName: "list"))
  var lcores: String?

  @Option(help: "Receive and transmit queues of each port, one worker lcore each.")
  var queues = 1

  @Option(
    help: ArgumentHelp(
      "What chooses the receive queue of a packet: ip, udp, tcp, or several with commas. Default: best for UDP.",
      valueName: "fields"))
  var rss: RSSHashList?

  @Option(help: "Packets a burst, 1 to 512.")
  var burst = 32

  @Option(help: ArgumentHelp("Seconds to measure. Default: until SIGINT or SIGTERM.", valueName: "seconds"))
  var duration: Double?

  @Option(
    help: ArgumentHelp("Seconds of traffic before that. Default: 0.2, with --packets none.", valueName: "seconds"))
  var warmUp: Double?

  @Option(help: ArgumentHelp("Seconds between samples, 0 for none. Default: 1, in rfc2544 0.", valueName: "seconds"))
  var statsPeriod: Double?

  @Flag(help: "Take hugepages without a hugetlbfs mount.")
  var inMemory = false

  @Option(help: ArgumentHelp("Take hugepages from this hugetlbfs mount.", valueName: "directory"))
  var hugeDir: String?

  @Option(help: ArgumentHelp("Take this many MiB of ordinary pages, for trials.", valueName: "mib"))
  var noHuge: Int?

  @Option(help: ArgumentHelp("Keeps DPDK programs on a host apart. Default: the process id.", valueName: "name"))
  var filePrefix: String?

  @Option(help: ArgumentHelp("A further EAL argument, as --eal=--iova-mode=va. Repeatable.", valueName: "argument"))
  var eal: [String] = []

  @Option(
    help: ArgumentHelp(
      """
      revoke has every failsafe lose its first sub-device that is no TAP, or its TAP where it has no other, after 1 s of \
      measured traffic, or as revoke@5.
      """,
      valueName: "fault"))
  var drill: Drill?

  @OptionGroup var observation: ObservationOptions

  @Option(help: "Events as text, redrawn on a terminal, or as json, one object a line.")
  var format: OutputFormat = .text

  func validate() throws {
    if [inMemory, hugeDir != nil, noHuge != nil].filter({ $0 }).count > 1 {
      throw ValidationError("memory has one source: give one of --in-memory, --huge-dir and --no-huge")
    }
    if vdev.isEmpty && allow.isEmpty {
      throw ValidationError("no port is named: give a virtual device with --vdev, or a PCI device with --allow")
    }
  }

  /// A request for a mode with these options; the mode adds its own.
  func request(_ mode: TrafficMode) -> EngineRequest {
    var request = EngineRequest(
      mode: mode, lcores: lcores, virtualDevices: vdev, allowedDevices: allow, queues: queues, burst: burst,
      duration: duration, warmUp: warmUp ?? 0.2, statisticsPeriod: statsPeriod, hashes: rss?.hashes ?? [], drill: drill,
      memory: memory, filePrefix: filePrefix, ealArguments: eal)
    observation.apply(to: &request)
    return request
  }

  /// Makes the run.
  ///
  /// - Throws: `ExitCode` of a run that failed.
  func run(_ request: EngineRequest) throws {
    try EventOutput(format: format).run(request)
  }

  private var memory: PacketMemory {
    if let noHuge { return .ordinaryPages(mebibytes: noHuge) }
    return inMemory ? .anonymousHugepages : .hugetlbfs(directory: hugeDir)
  }
}
