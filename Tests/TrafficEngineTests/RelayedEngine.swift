import EngineMessages
import Foundation
import Testing

@testable import TrafficEngine
@testable import packet_relay

/// The engine with a relay between its two ports: a process of its own, on another CPU than the engine's worker.
struct RelayedEngine {
  private let relay: EngineProcess
  private let devices: [String]

  /// Whether this machine has a CPU for each of the two loops.
  static let isPossible = affinityCPUs().count >= 2

  /// Starts a program before all others, where the tests may say so: both loops take a CPU each and do not sleep.
  private static let first = [
    "/usr/bin/setsid", "/bin/sh", "-c",
    "echo -20 2>/dev/null >/proc/self/autogroup; exec nice -n -20 \"$@\" 2>&2", "sh",
  ]

  /// - Parameter options: the relay's: its faults, or its rate.
  init(_ options: [String]) throws {
    let socket = "/tmp/\(EngineProcess.newPrefix()).sock"
    // Rings of 2048: what comes while a loop is kept from its CPU waits there.
    devices = (0...1).map { "net_memif\($0),role=client,id=\($0),rsize=11,socket=\(socket)" }
    relay = try EngineProcess(
      ["--socket", socket, "--cpu", "\(affinityCPUs()[0])", "--file-prefix", EngineProcess.newPrefix()] + options,
      program: "packet-relay", launcher: Self.first)
    #expect(try relay.nextLine() == "ready")
  }

  /// Starts a request on the engine's side of the relay.
  func start(_ request: EngineRequest) throws -> EngineProcess {
    var request = request
    request.virtualDevices = devices
    request.lcores = "\(affinityCPUs()[0]),\(affinityCPUs()[1])"
    request.memory = .ordinaryPages(mebibytes: 128)
    request.filePrefix = EngineProcess.newPrefix()
    let text = String(decoding: try JSONEncoder().encode(request), as: UTF8.self)
    return try EngineProcess(["--request", "-"], launcher: Self.first, input: text)
  }

  /// Makes a run, and asks the relay afterwards what it did.
  func run(_ request: EngineRequest) throws -> (ended: EngineProcess.Ended, relay: RelayReport) {
    let ended = try start(request).finish()
    return (ended, try stop())
  }

  /// Ends the relay, with its account.
  func stop() throws -> RelayReport {
    kill(relay.id, SIGTERM)
    let ended = try relay.finish()
    let line = try #require(ended.output.split(separator: "\n").last, "\(ended.errors)")
    #expect(ended.code == 0, "\(ended.errors)")
    return try JSONDecoder().decode(RelayReport.self, from: Data(line.utf8))
  }
}

/// What nobody planned to lose: with any of it a test has shown nothing.
func unplannedLosses(_ result: TrafficResult, _ relay: RelayReport) -> UInt64 {
  result.ports.reduce(relay.unplanned) { sum, port in
    sum + port.rxMissed + port.txDropped + (port.rxNoMbuf ?? 0) + (port.account?.portSendErrors ?? 0)
  }
}
