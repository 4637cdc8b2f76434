/// What a run measured, over the measured interval alone: warm-up is not in it.
public struct TrafficResult: Codable, Equatable, Sendable {
  /// Seconds from the first to the last reading of the counters.
  public var seconds: Double
  public var ports: [PortResult]
  /// What did not arrive; nil where nobody checks arrival (`tx`, `rx`, `forward`).
  public var loss: Loss?
  /// Nil where no packet carried a timestamp back.
  public var latency: Latency?
  /// What came of sub-devices that went while traffic ran; nil where none did.
  public var interruptions: [Interruption]?
  /// What `rfc2544` found; the ports are then those of its last trial.
  public var benchmark: BenchmarkReport?

  public init(
    seconds: Double, ports: [PortResult], loss: Loss? = nil, latency: Latency? = nil,
    interruptions: [Interruption]? = nil, benchmark: BenchmarkReport? = nil
  ) {
    self.seconds = seconds
    self.ports = ports
    self.loss = loss
    self.latency = latency
    self.interruptions = interruptions
    self.benchmark = benchmark
  }
}

/// What one port moved over the measured interval: packets, and rates a second.
public struct PortResult: Codable, Equatable, Sendable {
  public var port: Int
  public var name: String
  public var driver: String
  public var rxPackets: UInt64
  public var txPackets: UInt64
  public var rxPps: Double
  public var txPps: Double
  public var rxBps: Double
  public var txBps: Double
  /// What the port itself dropped for want of a descriptor (`rte_eth_stats.imissed`).
  public var rxMissed: UInt64
  /// What a full transmit queue made the engine free instead of send.
  public var txDropped: UInt64
  /// What the port could not receive for want of memory (`rte_eth_stats.rx_nombuf`); nil from an engine that did not tell.
  public var rxNoMbuf: UInt64?
  /// The same of each queue where there are several, by number.
  public var queues: [QueueResult]?
  /// Our counts of the whole run beside the port's own; nil with more queues than `rte_eth_stats` tells apart (16).
  public var account: PortAccount?
  /// What lies beneath a master port, with what each one moved; empty for any other.
  public var subdevices: [Subdevice]

  public init(
    port: Int, name: String, driver: String, rxPackets: UInt64, txPackets: UInt64, rxPps: Double, txPps: Double,
    rxBps: Double, txBps: Double, rxMissed: UInt64, txDropped: UInt64, rxNoMbuf: UInt64? = nil,
    queues: [QueueResult]? = nil, account: PortAccount? = nil, subdevices: [Subdevice] = []
  ) {
    self.port = port
    self.name = name
    self.driver = driver
    self.rxPackets = rxPackets
    self.txPackets = txPackets
    self.rxPps = rxPps
    self.txPps = txPps
    self.rxBps = rxBps
    self.txBps = txBps
    self.rxMissed = rxMissed
    self.txDropped = txDropped
    self.rxNoMbuf = rxNoMbuf
    self.queues = queues
    self.account = account
    self.subdevices = subdevices
  }
}

/// What one queue of a port moved over the measured interval.
public struct QueueResult: Codable, Equatable, Sendable {
  public var queue: Int
  public var rxPackets: UInt64
  public var txPackets: UInt64
  public var rxPps: Double
  public var txPps: Double

  public init(queue: Int, rxPackets: UInt64, txPackets: UInt64, rxPps: Double, txPps: Double) {
    self.queue = queue
    self.rxPackets = rxPackets
    self.txPackets = txPackets
    self.rxPps = rxPps
    self.txPps = txPps
  }
}
