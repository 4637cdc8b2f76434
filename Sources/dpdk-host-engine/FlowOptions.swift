public import ArgumentParser
public import EngineMessages

/// What a mode that builds packets takes: frames, flows, rate, addresses.
struct FlowOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Frame size with the four bytes of the check sequence, 64 to 9216, or imix (7:4:1 of 64, 570, 1518). \
      Repeatable, in turn. IPv6 needs 84 at least, a VLAN tag 4 more. Default: 64, in rfc2544 those of \
      the RFC.
      """,
      valueName: "bytes"))
  var frameSize: [FrameSize] = []

  @Option(
    help: """
      UDP flows of each sending port, told apart by their source port. Flows take the addresses and ports of a range \
      in turn.
      """)
  var flows = 1

  @Option(help: "The most that each sending port sends: max, or as 1.5Mpps or 2Gbps; 1M without a unit is packets.")
  var rate: TrafficRate = .maximum

  @Option(
    help: "Packets that each sending port sends, from the warm-up on, and then no more. Default: without end.")
  var packets: UInt64?

  @Option(help: ArgumentHelp("Tag packets with this 802.1Q VLAN, 1 to 4094.", valueName: "id"))
  var vlan: Int?

  @Option(help: ArgumentHelp("Default: the sending port's own.", valueName: "mac"))
  var sourceMac: String?

  @Option(help: ArgumentHelp("Default: the receiving port's in loopback, 02:00:00:00:00:NN in tx.", valueName: "mac"))
  var destinationMac: String?

  @Option(
    help: ArgumentHelp(
      "An IPv4 or IPv6 address, or a range as 198.18.0.1-198.18.0.16. Default: 198.18.N.1 for port N.",
      valueName: "ip"),
    transform: { try AddressRange(parsing: $0) })
  var sourceAddress: AddressRange?

  @Option(
    help: ArgumentHelp("As --source-address. Default: 198.18.N.2 for port N.", valueName: "ip"),
    transform: { try AddressRange(parsing: $0) })
  var destinationAddress: AddressRange?

  @Option(help: ArgumentHelp("Of the first flow. Default: 49152.", valueName: "udp"))
  var sourcePort: Int?

  @Option(
    help: ArgumentHelp("A port, or a range as 9-24. Default: 9, discard.", valueName: "udp"),
    transform: { try PortRange(parsing: $0) })
  var destinationPort: PortRange?

  /// Adds these options to a request.
  ///
  /// - Parameter warmUp: seconds that the user asked for; without, a number of packets is measured from the first on.
  func apply(to request: inout EngineRequest, warmUp: Double?) {
    if packets != nil, warmUp == nil { request.warmUp = 0 }
    if !frameSize.isEmpty { request.frameSizes = frameSize.flatMap(\.sizes) }
    request.flows = flows
    request.rate = rate
    request.packets = packets
    request.vlan = vlan
    request.endpoints = FlowEndpoints(
      sourceMAC: sourceMac, destinationMAC: destinationMac, sourceAddress: sourceAddress?.first,
      destinationAddress: destinationAddress?.first, sourceAddresses: sourceAddress?.count,
      destinationAddresses: destinationAddress?.count, sourcePort: sourcePort,
      destinationPort: destinationPort?.first, destinationPorts: destinationPort?.count)
  }
}

extension FlowOptions {
  /// Says of a mix as such that its smallest frames have no room for what they are to carry.
  ///
  /// - Throws: `ValidationError`.
  func refuseMix(in request: EngineRequest) throws {
    guard frameSize.contains(.imix), let smallest = FrameSize.imix.sizes.min() else { return }
    let least = FlowEndpoints.smallestFrame(isV6: request.endpoints.isV6, isTagged: request.vlan != nil)
    guard smallest < least else { return }
    throw ValidationError(
      "imix has frames of \(smallest) bytes, and these flows take \(least) at least: give sizes with --frame-size "
        + "instead, or leave out --vlan or IPv6")
  }
}

/// A value of `--frame-size`.
enum FrameSize: ExpressibleByArgument, Equatable {
  case bytes(Int)
  case imix

  init?(argument: String) {
    if argument == "imix" {
      self = .imix
    } else if let bytes = Int(argument) {
      self = .bytes(bytes)
    } else {
      return nil
    }
  }

  var defaultValueDescription: String {
    switch self {
    case .bytes(let bytes): "\(bytes)"
    case .imix: "imix"
    }
  }

  /// The sizes to take in turn; those of the mix are spread out.
  var sizes: [Int] {
    switch self {
    case .bytes(let bytes): [bytes]
    case .imix: [64, 570, 64, 64, 570, 64, 1518, 64, 570, 64, 64, 570]
    }
  }
}

extension TrafficRate: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }

  public var defaultValueDescription: String { text }
}

extension Forwarding: ExpressibleByArgument {}
