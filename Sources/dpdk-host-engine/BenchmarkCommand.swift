import ArgumentParser
import EngineMessages

struct BenchmarkCommand: ModeCommand {
  static let configuration = CommandConfiguration(
    commandName: "rfc2544",
    abstract: "Finds throughput, latency, frame loss and back-to-back by RFC 2544.",
    discussion: """
      Sends on the first port of each pair (0 to 1, 2 to 3), and receives on the \
      second; a lone port sends to a peer that reflects. Every frame size is tested by \
      itself, imix as one. A trial lasts --duration, 60 seconds where none is given:

        dpdk-host-engine rfc2544 --in-memory --vdev net_memif0,role=server,id=0 \\
          --vdev net_memif1,role=client,id=0 --frame-size 64 --frame-size 1518 \\
          --tests throughput,latency --duration 10

      A trial that loses packets at a rate that came through before, or that this \
      machine could not send, is made again. With json every trial is an event when it \
      is over, and all are in the result.

      The ports answer no ARP and no neighbour solicitation while traffic runs: a router \
      between them needs static neighbour entries.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var traffic: FlowOptions

  @Option(
    help: ArgumentHelp(
      "Which to make, with commas between: throughput, latency, frame-loss, back-to-back. Default: all.",
      valueName: "tests"))
  var tests: BenchmarkTests?

  @Option(help: ArgumentHelp("Where a search ends: the last pass and fail as far apart.", valueName: "share"))
  var resolution = BenchmarkPlan().resolution

  @Option(help: ArgumentHelp("The share of packets that a trial may lose.", valueName: "share"))
  var allowedLoss = BenchmarkPlan().allowedLoss

  @Option(help: "The most trials of one search.")
  var trials = BenchmarkPlan().trials

  @Option(
    help: ArgumentHelp("Seconds without an arrival after which what is missing is lost.", valueName: "seconds"))
  var wait = BenchmarkPlan().wait

  @Option(help: ArgumentHelp("Seconds without traffic between two trials.", valueName: "seconds"))
  var settle = BenchmarkPlan().settle

  func validate() throws {
    if traffic.frameSize.contains(.imix), traffic.frameSize.count > 1 {
      throw ValidationError("imix is tested as one: give no other --frame-size beside it")
    }
    try traffic.refuseMix(in: engineRequest)
    try refuseImpossible()
  }

  var engineRequest: EngineRequest {
    var request = common.request(.rfc2544)
    traffic.apply(to: &request, warmUp: common.warmUp)
    request.benchmark = BenchmarkPlan(
      tests: tests?.tests ?? BenchmarkTest.allCases, resolution: resolution, allowedLoss: allowedLoss, trials: trials,
      wait: wait, settle: settle, isMixed: traffic.frameSize == [.imix])
    return request
  }
}

/// A value of `--tests`.
struct BenchmarkTests: ExpressibleByArgument, Equatable {
  var tests: [BenchmarkTest]

  /// Reads `throughput,frame-loss`; nil where one of them is no test.
  init?(argument: String) {
    let names: [Substring: BenchmarkTest] = [
      "throughput": .throughput, "latency": .latency, "frame-loss": .frameLoss, "back-to-back": .backToBack,
    ]
    let words = argument.split(separator: ",", omittingEmptySubsequences: false)
    let found = words.compactMap { names[$0] }
    guard found.count == words.count else { return nil }
    tests = BenchmarkTest.allCases.filter(found.contains)
  }
}
