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

      With mac, what leaves by a port gets its MAC address and its peer's; with route, \
      the IP addresses too, so that a third machine receives what was sent to this one. \
      What is not IP, or has no hop left, is not routed. What a full transmit queue does \
      not take is dropped and counted, as is what is not routed. Over rings that hand the \
      same packets round and round, route drops them all after 64 hops, which is in the \
      warm-up, and moves nothing then: give io or mac.

      The addresses given here are those of every port; for each its own, write a \
      request with portEndpoints.
      """)

  @OptionGroup var common: CommonOptions

  @Option(
    help: "How packets are treated: io leaves them untouched, mac gives new MAC addresses, route IP addresses too.")
  var forwarding: Forwarding = .io

  @OptionGroup var address: AddressOption

  @Option(
    help: ArgumentHelp(
      "The peer's IP address: where route sends to, and whose MAC address is asked for.", valueName: "ip"))
  var destinationAddress: String?

  @Option(
    help: ArgumentHelp(
      "The peer's MAC address. Default: what ARP or neighbour discovery tells, or 02:00:00:00:00:NN.", valueName: "mac")
  )
  var destinationMac: String?

  @Option(help: ArgumentHelp("What leaves by a port comes from. Default: the port's own.", valueName: "mac"))
  var sourceMac: String?

  @Option(help: ArgumentHelp("Bursts of UDP packets to put on every port first, 0 to 16.", valueName: "bursts"))
  var sendFirst = 0

  @Option(help: ArgumentHelp("Their frame size, or the largest that will arrive. Repeatable.", valueName: "bytes"))
  var frameSize: [FrameSize] = [.bytes(64)]

  func validate() throws {
    let addresses = [address.address, destinationAddress, destinationMac, sourceMac]
    if forwarding == .io, addresses.contains(where: { $0 != nil }) {
      throw ValidationError("io writes no addresses and answers for none: give --forwarding mac or route")
    }
    try refuseImpossible()
  }

  var engineRequest: EngineRequest {
    var request = common.request(.forward)
    request.forwarding = forwarding
    request.sendFirst = sendFirst
    request.endpoints = FlowEndpoints(
      sourceMAC: sourceMac, destinationMAC: destinationMac, sourceAddress: address.address,
      destinationAddress: destinationAddress)
    request.frameSizes = frameSize.flatMap(\.sizes)
    return request
  }
}
