import ArgumentParser
import EngineMessages

struct TransmitCommand: ModeCommand {
  static let configuration = CommandConfiguration(
    commandName: "tx",
    abstract: "Builds and sends UDP flows on every port.",
    discussion: """
      Sends 1518-byte frames of 16 flows at 10 kpps for five seconds:

        dpdk-host-engine tx --no-huge 64 --vdev net_null0 --frame-size 1518 \\
          --flows 16 --rate 10kpps --duration 5

      What a full transmit queue does not take is offered again: nothing is dropped.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var traffic: FlowOptions

  func validate() throws {
    try traffic.refuseMix(in: engineRequest)
    try refuseImpossible()
  }

  var engineRequest: EngineRequest {
    var request = common.request(.tx)
    traffic.apply(to: &request, warmUp: common.warmUp)
    return request
  }
}
