import ArgumentParser
import EngineMessages

struct ForwardCommand: ModeCommand {
  static let configuration = CommandConfiguration(
    commandName: "forward",
    abstract: "Moves packets from port to port.",
    discussion: """
      Forwards between the ports of each pair (0 and 1, 2 and 3), both ways; a lone \
      port to itself. Two rings that are filled with 4 bursts, and then forwarded round \
      and round:

        dpdk-host-engine forward --in-memory --vdev net_ring0 --vdev net_ring1 \\
          --send-first 4 --duration 5

      What a full transmit queue does not take is dropped and counted.
      """)

  @OptionGroup var common: CommonOptions

  @Option(help: "How packets are treated: io leaves them untouched.")
  var forwarding: Forwarding = .io

  @Option(help: ArgumentHelp("Bursts of UDP packets to put on every port first, 0 to 16.", valueName: "bursts"))
  var sendFirst = 0

  @Option(help: ArgumentHelp("Their frame size, or the largest that will arrive. Repeatable.", valueName: "bytes"))
  var frameSize: [FrameSize] = [.bytes(64)]

  var engineRequest: EngineRequest {
    var request = common.request(.forward)
    request.forwarding = forwarding
    request.sendFirst = sendFirst
    request.frameSizes = frameSize.flatMap(\.sizes)
    return request
  }
}
