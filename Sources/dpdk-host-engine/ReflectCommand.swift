import ArgumentParser
import EngineMessages

struct ReflectCommand: ModeCommand {
  static let configuration = CommandConfiguration(
    commandName: "reflect",
    abstract: "Sends every packet back to whom it came from.",
    discussion: """
      Swaps the MAC addresses, the IP addresses and the UDP or TCP ports of every packet, \
      and sends it back on the port that it came from. The far end of a loopback on \
      another machine, which finds it by its address:

        dpdk-host-engine reflect --in-memory --allow 0000:01:00.0 --address 10.0.0.2

      What a full transmit queue does not take is dropped and counted.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var address: AddressOption

  @Option(help: ArgumentHelp("Bursts of UDP packets to put on every port first, 0 to 16.", valueName: "bursts"))
  var sendFirst = 0

  @Option(help: ArgumentHelp("Their frame size, or the largest that will arrive. Repeatable.", valueName: "bytes"))
  var frameSize: [FrameSize] = [.bytes(64)]

  var engineRequest: EngineRequest {
    var request = common.request(.reflect)
    request.sendFirst = sendFirst
    request.frameSizes = frameSize.flatMap(\.sizes)
    address.apply(to: &request)
    return request
  }
}
