import ArgumentParser
import EngineMessages

/// A command that makes one run: its options are a request.
protocol ModeCommand: ParsableCommand {
  var common: CommonOptions { get }
  var engineRequest: EngineRequest { get }
}

extension ModeCommand {
  func run() throws { try common.run(engineRequest) }
}
