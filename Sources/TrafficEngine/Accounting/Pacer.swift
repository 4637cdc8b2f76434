import EngineMessages

/// Says when a worker's queue may send again, by the time stamp counter: every packet sent puts off the next one
/// by what it costs at the rate asked for.
struct Pacer: Equatable, Sendable {
  /// Whether there is a rate to keep; without, the worker need not read the counter.
  let isPaced: Bool
  /// Packets a burst: at low rates small ones, lest the packets come in clumps.
  let burst: Int

  private let cyclesPerPacket: Double
  private let cyclesPerByte: Double
  private let mostArrears: Double
  private let start: UInt64
  private var due: Double = 0

  /// - Parameters:
  ///   - rate: for a whole port.
  ///   - queues: that share it.
  ///   - frameSizes: with the frame check sequence; a rate in bits counts it.
  ///   - hertz: of the time stamp counter.
  ///   - start: its reading now.
  init(rate: TrafficRate, queues: Int, burst: Int, frameSizes: [Int], hertz: Double, start: UInt64) {
    let meanSize = Double(frameSizes.reduce(0, +)) / Double(max(1, frameSizes.count))
    let packetsPerSecond: Double
    switch rate {
    case .maximum:
      packetsPerSecond = .infinity
      cyclesPerPacket = 0
      cyclesPerByte = 0
    case .packetsPerSecond(let value):
      packetsPerSecond = value / Double(queues)
      cyclesPerPacket = hertz / packetsPerSecond
      cyclesPerByte = 0
    case .bitsPerSecond(let value):
      packetsPerSecond = value / Double(queues) / (meanSize * 8)
      cyclesPerPacket = 0
      cyclesPerByte = hertz * 8 * Double(queues) / value
    }
    isPaced = rate != .maximum
    self.burst = isPaced ? max(1, Int(min(Double(burst), packetsPerSecond * Self.longestClump))) : burst
    mostArrears = hertz * Self.longestCatchUp
    self.start = start
  }

  /// Seconds of packets that may leave at once.
  static let longestClump = 100e-6
  /// Seconds of a stall that are made good afterwards; the rest of a longer one is given up.
  static let longestCatchUp = 1e-3

  /// Whether a burst may be sent at this reading of the counter.
  @inline(__always)
  mutating func isDue(at now: UInt64) -> Bool {
    let elapsed = Double(now &- start)
    if elapsed - due > mostArrears { due = elapsed - mostArrears }
    return elapsed >= due
  }

  /// Puts off the next burst by what was sent; `bytes` are those in the mbufs.
  @inline(__always)
  mutating func charge(packets: Int, bytes: Int) {
    let wire = Double(bytes + packets * frameCheckBytes)
    due += cyclesPerPacket * Double(packets) + cyclesPerByte * wire
  }
}
