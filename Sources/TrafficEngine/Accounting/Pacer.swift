import EngineMessages

/// Which of the queues that share a port's rate one is.
struct PacerShare: Equatable, Sendable {
  let queue: Int
  let queues: Int

  init(queue: Int, of queues: Int) {
    self.queue = queue
    self.queues = queues
  }
}

/// Says how many packets a worker's queue may send, by the time stamp counter.
///
/// Every packet sent puts off the next one by what it costs at the rate asked for: the schedule keeps no account of when a
/// worker looked, so that the rate is exact however late it does. What is due is sent as it becomes due, a packet at a time
/// where the worker looks often enough. A second schedule, a quarter faster, keeps what a stall put off from leaving all at once.
struct Pacer: Equatable, Sendable {
  /// Whether there is a rate to keep; without, the worker need not read the counter.
  let isPaced: Bool
  /// The most packets a burst.
  let burst: Int

  /// The fewest packets a burst: one, but for rates at which a queue would be asked too often.
  private let fewest: Int
  private let cyclesPerPacket: Double
  private let cyclesPerByte: Double
  /// Cycles of a packet of mean size.
  private let meanCost: Double
  private let mostArrears: Double
  private let mostClump: Double
  private let start: UInt64
  /// Cycles after the start at which the next packet is due.
  private var due: Double = 0
  /// Cycles after the start at which it may leave at the earliest.
  private var earliest: Double = 0

  /// - Parameters:
  ///   - rate: for a whole port.
  ///   - share: queues that share a port send in turn: each begins a part of an interval later.
  ///   - frameSizes: with the frame check sequence; a rate in bits counts it.
  ///   - hertz: of the time stamp counter.
  ///   - catchUp: seconds of a stall that are made good; the rest of a longer one is given up.
  ///   - start: its reading when the port's schedule began.
  ///   - now: its reading now; nothing is due from before.
  init(
    rate: TrafficRate, share: PacerShare, burst: Int, frameSizes: [Int], hertz: Double,
    catchUp: Double = longestCatchUp, start: UInt64, now: UInt64
  ) {
    let meanSize = Double(frameSizes.reduce(0, +)) / Double(max(1, frameSizes.count))
    let queues = Double(share.queues)
    switch rate {
    case .maximum:
      cyclesPerPacket = 0
      cyclesPerByte = 0
    case .packetsPerSecond(let value):
      cyclesPerPacket = hertz * queues / value
      cyclesPerByte = 0
    case .bitsPerSecond(let value):
      cyclesPerPacket = 0
      cyclesPerByte = hertz * 8 * queues / value
    }
    isPaced = rate != .maximum
    self.burst = burst
    meanCost = cyclesPerPacket + cyclesPerByte * meanSize
    fewest = isPaced ? max(1, min(burst, Int(min(hertz * Self.shortestInterval / meanCost, 1e6)))) : burst
    mostArrears = hertz * catchUp
    mostClump = max(hertz * Self.longestClump, meanCost * Double(burst))
    self.start = start
    guard isPaced else { return }
    let interval = meanCost * Double(fewest)
    let offset = interval * Double(share.queue) / queues
    let elapsed = Double(now &- start)
    due = offset + max(0, ((elapsed - offset) / interval).rounded(.up)) * interval
    earliest = due
  }

  /// Seconds from one burst to the next below which bursts grow instead.
  static let shortestInterval = 1e-6
  /// Seconds of packets that may leave at once after a stall, where they are more than a burst.
  static let longestClump = 20e-6
  /// How much faster than the rate the rest of a stall is made good.
  static let haste = 1.25
  /// Seconds of a stall that are made good where a rate is to be kept: some time slices that others had of the CPU. What a longer
  /// one owes would raise the rate for as long as anybody could measure: of a second it is a fiftieth at the most.
  static let longestCatchUp = 0.02
  /// The same where no more may be offered in any moment than the rate: a search for what a device carries would lose what
  /// is made good at its limit, and takes the rate that was sent for what it is.
  static let searchCatchUp = 20e-6

  /// The packets that may be sent at this reading of the counter: none, or from the fewest to a burst.
  @inline(__always)
  mutating func packetsDue(at now: UInt64) -> Int {
    let elapsed = Double(now &- start)
    guard elapsed >= due, elapsed >= earliest else { return 0 }
    return packetsDue(afterCycles: elapsed)
  }

  private mutating func packetsDue(afterCycles elapsed: Double) -> Int {
    due = max(due, elapsed - mostArrears)
    earliest = max(earliest, elapsed - mostClump)
    let packets = min((elapsed - due) / meanCost, (elapsed - earliest) * Self.haste / meanCost)
    return max(fewest, Int(min(packets, Double(burst - 1))) + 1)
  }

  /// Gives up what is owed from before, so that none of it is sent in an interval that begins now.
  mutating func forgive(at now: UInt64) {
    let elapsed = Double(now &- start)
    due = max(due, elapsed)
    earliest = max(earliest, elapsed)
  }

  /// Puts off the next packets by what was sent; `bytes` are those in the mbufs.
  @inline(__always)
  mutating func charge(packets: Int, bytes: Int) {
    let cost = cyclesPerPacket * Double(packets) + cyclesPerByte * Double(bytes + packets * frameCheckBytes)
    due += cost
    earliest += cost * (1 / Self.haste)
  }
}
