import ArgumentParser
import EngineMessages

@main
struct EngineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dpdk-host-engine",
    abstract: "Moves packets with DPDK and measures them.",
    discussion: """
      Every mode runs on virtual devices alone, without a NIC and, with --no-huge, without hugepages or root:

        dpdk-host-engine forward --no-huge 64 --vdev net_null0 --vdev net_null1 --duration 5

      A program asks with a request in JSON, and reads one event a line:

        echo '{"mode":"rx","virtualDevices":["net_null0"],"duration":5}' | dpdk-host-engine --request -

      SIGINT and SIGTERM end a run with its result. EAL's log goes to standard error.
      Exit codes: 0 done, 1 failed, 64 wrong usage.
      """,
    subcommands: [TransmitCommand.self, ReceiveCommand.self, ForwardCommand.self, LoopbackCommand.self])

  @Option(
    help: ArgumentHelp(
      "Run the request in this file, - for standard input; events come as JSON.", valueName: "file"))
  var request: String?

  func run() throws {
    guard let path = request else { throw CleanExit.helpRequest(self) }
    let output = try EventOutput(format: .json)
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
