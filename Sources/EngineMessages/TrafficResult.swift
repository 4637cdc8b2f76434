/// What a run measured, over the measured interval alone: warm-up is not in it.
public struct TrafficResult: Codable, Equatable, Sendable {
  /// Seconds from the first to the last reading of the counters.
  public var seconds: Double
  public var ports: [PortResult]
  /// What did not arrive; nil where nobody checks arrival (`tx`, `rx`, `forward`).
  public var loss: Loss?
  /// Nil where no packet carried a timestamp back.
  public var latency: Latency?

  public init(seconds: Double, ports: [PortResult], loss: Loss? = nil, latency: Latency? = nil) {
    self.seconds = seconds
    self.ports = ports
    self.loss = loss
    self.latency = latency
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
  /// What lies beneath a master port, with what each one moved; empty for any other.
  public var subdevices: [Subdevice]

  public init(
    port: Int, name: String, driver: String, rxPackets: UInt64, txPackets: UInt64, rxPps: Double, txPps: Double,
    rxBps: Double, txBps: Double, rxMissed: UInt64, txDropped: UInt64, subdevices: [Subdevice] = []
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
    self.subdevices = subdevices
  }
}

/// Latencies in nanoseconds, of one packet a burst.
public struct Latency: Codable, Equatable, Sendable {
  public var samples: UInt64
  public var minimum: UInt64
  public var mean: Double
  public var p50: UInt64
  public var p90: UInt64
  public var p99: UInt64
  public var p999: UInt64
  public var maximum: UInt64

  public init(
    samples: UInt64, minimum: UInt64, mean: Double, p50: UInt64, p90: UInt64, p99: UInt64, p999: UInt64,
    maximum: UInt64
  ) {
    self.samples = samples
    self.minimum = minimum
    self.mean = mean
    self.p50 = p50
    self.p90 = p90
    self.p99 = p99
    self.p999 = p999
    self.maximum = maximum
  }
}
