/// One line of the engine's standard output with `--format json`.
///
/// The key `event` tells the kind; what a kind carries stands beside it, in one flat object.
public enum EngineEvent: Equatable, Sendable {
  /// EAL and every port are up, traffic begins.
  case started(EngineStart)
  /// The rates since the sample before, while traffic runs.
  case sample(TrafficSample)
  /// Something happened to a port; the run goes on.
  case port(PortEvent)
  /// A trial of `rfc2544` is over.
  case trial(Trial)
  /// Something that a reader of the result should know; the run goes on.
  case notice(EngineNotice)
  /// The run is over: the last event of a run that came to its end.
  case result(TrafficResult)
  /// The run could not be made: the last event instead of a result.
  case failed(EngineFailure)
}

/// What a run begins with: the mode, and what it found to run on.
public struct EngineStart: Codable, Equatable, Sendable {
  public var mode: TrafficMode
  /// `rte_version()`
  public var dpdk: String
  public var ports: [PortDescription]
  /// The lcores that move packets, the main lcore left out.
  public var workers: [Int]
  /// The CPUs that each of them may run on, mostly one; nil from an engine that did not tell.
  public var workerCPUs: [[Int]]?
  /// Cycles of the time stamp counter a second, by which cycles a packet can be told (`rte_get_tsc_hz`).
  public var hertz: Double?
  /// Mbufs of all pools together.
  public var mbufs: Int?

  public init(
    mode: TrafficMode, dpdk: String, ports: [PortDescription], workers: [Int], workerCPUs: [[Int]]? = nil,
    hertz: Double? = nil, mbufs: Int? = nil
  ) {
    self.mode = mode
    self.dpdk = dpdk
    self.ports = ports
    self.workers = workers
    self.workerCPUs = workerCPUs
    self.hertz = hertz
    self.mbufs = mbufs
  }
}

/// A port as DPDK names it (`rte_eth_dev_info_get`).
public struct PortDescription: Codable, Equatable, Sendable {
  public var port: Int
  public var name: String
  public var driver: String
  public var mac: String
  public var numaNode: Int?
  /// What lies beneath a master port, without counts; empty for any other.
  public var subdevices: [Subdevice]

  public init(
    port: Int, name: String, driver: String, mac: String, numaNode: Int?, subdevices: [Subdevice] = []
  ) {
    self.port = port
    self.name = name
    self.driver = driver
    self.mac = mac
    self.numaNode = numaNode
    self.subdevices = subdevices
  }
}

/// The rates of all ports over one statistics period.
public struct TrafficSample: Codable, Equatable, Sendable {
  /// Seconds of measured traffic so far; negative during warm-up.
  public var elapsed: Double
  public var ports: [PortRates]

  public init(elapsed: Double, ports: [PortRates]) {
    self.elapsed = elapsed
    self.ports = ports
  }
}

/// Rates of one port over one interval: packets, and bits of layer 2 with the frame check sequence, a second.
public struct PortRates: Codable, Equatable, Sendable {
  public var port: Int
  public var rxPps: Double
  public var txPps: Double
  public var rxBps: Double
  public var txBps: Double
  /// Packets that a full transmit queue made the engine free, and that the port dropped, a second; nil where it is not known.
  public var dropPps: Double?
  /// The packets of each queue where there are several, by number.
  public var queues: [QueueRates]?

  public init(
    port: Int, rxPps: Double, txPps: Double, rxBps: Double, txBps: Double, dropPps: Double? = nil,
    queues: [QueueRates]? = nil
  ) {
    self.port = port
    self.rxPps = rxPps
    self.txPps = txPps
    self.rxBps = rxBps
    self.txBps = txBps
    self.dropPps = dropPps
    self.queues = queues
  }
}

/// Packets a second of one queue over one interval.
public struct QueueRates: Codable, Equatable, Sendable {
  public var queue: Int
  public var rxPps: Double
  public var txPps: Double

  public init(queue: Int, rxPps: Double, txPps: Double) {
    self.queue = queue
    self.rxPps = rxPps
    self.txPps = txPps
  }
}

/// A remark in words, for people.
public struct EngineNotice: Codable, Equatable, Sendable {
  public var message: String

  public init(message: String) { self.message = message }
}

/// Why a run could not be made, or not be finished.
public struct EngineFailure: Codable, Equatable, Sendable {
  /// The DPDK function that failed, where one did.
  public var function: String?
  public var message: String

  public init(function: String? = nil, message: String) {
    self.function = function
    self.message = message
  }
}

extension EngineEvent: Codable {
  private enum Kind: String, Codable { case started, sample, port, trial, notice, result, failed }
  private enum Key: String, CodingKey { case event }

  public init(from decoder: any Decoder) throws {
    switch try decoder.container(keyedBy: Key.self).decode(Kind.self, forKey: .event) {
    case .started: self = .started(try EngineStart(from: decoder))
    case .sample: self = .sample(try TrafficSample(from: decoder))
    case .port: self = .port(try PortEvent(from: decoder))
    case .trial: self = .trial(try Trial(from: decoder))
    case .notice: self = .notice(try EngineNotice(from: decoder))
    case .result: self = .result(try TrafficResult(from: decoder))
    case .failed: self = .failed(try EngineFailure(from: decoder))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .started(let value):
      try container.encode(Kind.started, forKey: .event)
      try value.encode(to: encoder)
    case .sample(let value):
      try container.encode(Kind.sample, forKey: .event)
      try value.encode(to: encoder)
    case .port(let value):
      try container.encode(Kind.port, forKey: .event)
      try value.encode(to: encoder)
    case .trial(let value):
      try container.encode(Kind.trial, forKey: .event)
      try value.encode(to: encoder)
    case .notice(let value):
      try container.encode(Kind.notice, forKey: .event)
      try value.encode(to: encoder)
    case .result(let value):
      try container.encode(Kind.result, forKey: .event)
      try value.encode(to: encoder)
    case .failed(let value):
      try container.encode(Kind.failed, forKey: .event)
      try value.encode(to: encoder)
    }
  }
}
