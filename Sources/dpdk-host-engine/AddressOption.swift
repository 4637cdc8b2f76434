import ArgumentParser
import EngineMessages

/// What a mode that receives from others takes: the address at which they find it.
struct AddressOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The ports' own IP address: ARP, neighbour solicitations and pings are answered. Default: none, nothing is.",
      valueName: "ip"))
  var address: String?

  /// Adds the option to a request.
  func apply(to request: inout EngineRequest) { request.endpoints.sourceAddress = address }
}
