import ArgumentParser
import EngineMessages
import TrafficEngine

/// A command that makes one run: its options are a request.
protocol ModeCommand: ParsableCommand {
  var common: CommonOptions { get }
  var engineRequest: EngineRequest { get }
}

extension ModeCommand {
  func run() throws { try common.run(engineRequest) }

  func validate() throws { try refuseImpossible() }

  /// What no run can be made of is told while options are read: usage is that of the mode then.
  ///
  /// - Throws: `ValidationError`.
  func refuseImpossible() throws {
    if let objection = TrafficRun.objection(to: engineRequest) { throw ValidationError(objection) }
  }
}
