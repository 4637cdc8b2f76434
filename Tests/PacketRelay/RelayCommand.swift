import ArgumentParser
import FoundationEssentials
import Glibc

/// A device under test: takes packets on one memory interface and puts them out on another, with faults by a seeded plan,
/// at a limited rate, or both; in the end it says what it did.
///
/// It shares no code with the engine, and reads none of its marks: only UDP source ports and the order of arrival.
@main
struct RelayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "packet-relay")

  @Option(help: "The socket of both memory interfaces; this side is the server.") var socket: String
  @Option(help: "The CPU that packets are moved on.") var cpu: Int
  @Option var filePrefix: String
  @Option(help: "Seconds after which it ends by itself.") var longest = 600.0
  @Option(help: "Milliseconds without a packet after which what is held goes out.") var idle = 100.0

  @Option var seed: UInt64 = 1
  @Option(help: "Of a thousand packets.") var drop = 0
  @Option(help: "Of a thousand packets.") var duplicate = 0
  @Option(help: "Of a thousand packets: held until others, up to 64, went by.") var delay = 0
  @Option(help: "Of a thousand packets: changes places with one up to 16 behind it.") var swap = 0
  @Option(help: "Of a thousand packets: one of the last 16 bytes changed.") var corrupt = 0

  @Option(help: "Packets that faults may befall; those behind them go through as they are.") var first = UInt64.max

  @Option(help: "Packets a second; none is unlimited.") var rate: Double?
  @Option(help: "Packets that may go out at once after a time without.") var depth = 64.0
  @Option(help: "Packets that wait; those behind them are dropped.") var queue = 256

  func run() throws {
    signal(SIGPIPE, SIG_IGN)
    let stop = StopCheck(longest: longest)
    let environment = try RelayEnvironment(socket: socket, cpu: cpu, filePrefix: filePrefix, packets: queue + 16_384)
    let impairment = Impairment(
      seed: seed,
      shares: .init(drop: drop, duplicate: duplicate, delay: delay, swap: swap, corrupt: corrupt))
    let limit = rate.map { RateLimit(rate: $0, depth: depth, queue: queue, hertz: environment.hertz) }
    var relay = Relay(environment: environment, impairment: impairment, limit: limit, first: first, idle: idle / 1000)
    say("ready")
    if try environment.waitForPeer(until: stop) { relay.run(until: stop) }
    let report = try relay.report()
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    say(String(decoding: try encoder.encode(report), as: UTF8.self))
  }

  /// A line is one write: `print` into a pipe would wait for the end.
  private func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = write(STDOUT_FILENO, bytes, bytes.count)
  }
}

/// Whether the relay should end: on SIGTERM or SIGINT, when the program that started it is gone, and after a time.
struct StopCheck {
  private var signals = sigset_t()
  private let parent = getppid()
  private let deadline: ContinuousClock.Instant

  /// To be made before EAL starts its threads, which inherit the mask.
  init(longest: Double) {
    deadline = .now + .seconds(longest)
    sigemptyset(&signals)
    sigaddset(&signals, SIGTERM)
    sigaddset(&signals, SIGINT)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  func isDue() -> Bool {
    var signals = signals
    var none = timespec(tv_sec: 0, tv_nsec: 0)
    return sigtimedwait(&signals, nil, &none) > 0 || getppid() != parent || ContinuousClock.now > deadline
  }
}

/// What a relay did; counts of packets.
struct RelayReport: Codable, Equatable {
  /// UDP, as they came in.
  var received: UInt64 = 0
  /// UDP, as they went out, second copies included.
  var sent: UInt64 = 0
  /// On purpose.
  var dropped: UInt64 = 0
  var duplicated: UInt64 = 0
  var corrupted: UInt64 = 0
  /// For want of room in the queue before the rate limit.
  var tailDropped: UInt64 = 0
  /// First copies that went out behind a later packet of their flow, as RFC 4737 counts them.
  var reordered: UInt64 = 0
  var flows = 0
  /// `imissed`, `rx_nombuf` and `oerrors` of both interfaces: anything but zero is a loss that nobody planned.
  var unplanned: UInt64 = 0
}
