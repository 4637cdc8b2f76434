import ArgumentParser
import EngineMessages

/// What runs without a mode: `dpdk-host-engine --request FILE`.
struct RequestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "request",
    abstract: "Runs a request in JSON; the word may be left out.",
    discussion: """
      What a request leaves out, all but its mode, has a default:

        echo '{"mode":"rx","virtualDevices":["net_null0"],"duration":5}' \\
          | dpdk-host-engine --request -

      The run ends with a result too when the program that started it ends.
      """)

  @Option(help: ArgumentHelp("A file with the request, - for standard input.", valueName: "file"))
  var request: String?

  @Option(help: "Events as json, one object a line, or as text.")
  var format: OutputFormat = .json

  func run() throws {
    guard let path = request else { throw CleanExit.helpRequest(EngineCommand.self) }
    let output = try EventOutput(format: format)
    do {
      let request = try readRequest(path)
      if let objection = request.objection { throw RequestError(reason: objection) }
      try output.run(request, endsWithParent: true)
    } catch let error as RequestError {
      output.fail(EngineFailure(message: error.reason))
      throw ExitCode.validationFailure
    }
  }
}
