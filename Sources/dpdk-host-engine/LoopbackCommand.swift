import ArgumentParser
import EngineMessages

struct LoopbackCommand: ModeCommand {
  static let configuration = CommandConfiguration(
    commandName: "loopback",
    abstract: "Sends on one port, receives on another, checks loss and latency.",
    discussion: """
      Sends on the first port of each pair (0 to 1, 2 to 3), and receives on the \
      second; a lone port sends to itself. Two failsafes over a pair of memory interfaces:

        dpdk-host-engine loopback --in-memory --duration 5 \\
          --vdev 'net_failsafe0,dev(net_memif0,role=server,socket=/run/a)' \\
          --vdev 'net_failsafe1,dev(net_memif1,role=client,socket=/run/a)'

      Loss counts the whole run, warm-up and drain included; a packet whose length, \
      checksum or payload changed on its way is damaged, and not received. Latency is that of one \
      packet a burst, and at full rate mostly time spent in queues: give a --rate for a \
      better one.

      The ports answer no ARP and no neighbour solicitation while traffic runs: a router \
      between them needs static neighbour entries.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var traffic: FlowOptions

  func validate() throws {
    try traffic.refuseMix(in: engineRequest)
    try refuseImpossible()
  }

  var engineRequest: EngineRequest {
    var request = common.request(.loopback)
    traffic.apply(to: &request, warmUp: common.warmUp)
    return request
  }
}
