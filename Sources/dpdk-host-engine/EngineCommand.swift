import ArgumentParser
import EngineMessages

@main
struct EngineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dpdk-host-engine",
    abstract: "Moves packets with DPDK and measures them.",
    discussion: """
      Every mode runs on virtual devices alone, without a NIC and, with --no-huge, \
      without hugepages or root:

        dpdk-host-engine forward --no-huge 64 --duration 5 \\
          --vdev net_null0 --vdev net_null1

      A program asks with a request in JSON, and reads one event a line:

        dpdk-host-engine --request request.json

      SIGINT, SIGTERM and SIGHUP end a run with its result. EAL's log goes to standard error. \
      Exit codes: 0 done, 1 failed, 64 wrong usage.
      """,
    version: programVersion,
    subcommands: [
      TransmitCommand.self, ReceiveCommand.self, ForwardCommand.self, ReflectCommand.self, LoopbackCommand.self,
      BenchmarkCommand.self, RequestCommand.self,
    ], defaultSubcommand: RequestCommand.self)
}
