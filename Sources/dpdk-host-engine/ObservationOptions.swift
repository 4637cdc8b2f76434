import ArgumentParser
import EngineMessages

/// How others may look on while a run lasts: the telemetry socket, a capture file.
struct ObservationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Keep the first packets of every port, received and sent, in this file (pcapng); one that exists is overwritten.",
      valueName: "file"))
  var capture: String?

  @Option(help: ArgumentHelp("Packets of each port to keep. Default: 1000.", valueName: "packets"))
  var capturePackets: Int?

  @Flag(help: "Do without DPDK's telemetry socket, which dpdk-telemetry.py asks.")
  var noTelemetry = false

  func validate() throws {
    if capture == nil, capturePackets != nil {
      throw ValidationError("--capture-packets has no file to fill: name one with --capture")
    }
  }

  /// Adds these options to a request.
  func apply(to request: inout EngineRequest) {
    request.capture = capture.map { Capture(path: $0, packets: capturePackets ?? 1_000) }
    request.telemetry = !noTelemetry
  }
}

/// The value of `--rss`: what to hash by, separated by commas.
struct RSSHashList: ExpressibleByArgument, Equatable {
  var hashes: [RSSHash]

  init?(argument: String) {
    hashes = []
    for name in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let hash = RSSHash(rawValue: String(name)) else { return nil }
      hashes.append(hash)
    }
  }
}
