import ArgumentParser
import EngineMessages

struct ReceiveCommand: ModeCommand {
  static let configuration = CommandConfiguration(
    commandName: "rx",
    abstract: "Receives on every port, counts and frees.",
    discussion: """
      Receives 128-byte packets from a device that makes them up:

        dpdk-host-engine rx --no-huge 64 --vdev net_null0,size=128 --duration 5
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var address: AddressOption

  var engineRequest: EngineRequest {
    var request = common.request(.rx)
    address.apply(to: &request)
    return request
  }
}
