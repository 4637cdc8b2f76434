import EngineMessages

/// How packets of the data interfaces are made to prove something.
enum VerificationCourse: Equatable {
  /// From one data interface to another of the same subnet, both ways: what is sent is counted where it arrives.
  case between(Interface, Interface)
  /// To the configured peer, which sends back what it gets.
  case echo(Interface, Profile.Verification.Peer)
  /// Out of every interface; nobody says what arrives.
  case send([Interface], Profile.Verification.Peer?)
  /// What somebody else sends is counted.
  case receive([Interface])
  /// From each interface of a pair to the other, or back where it came from.
  case forward([Interface])
  /// What a peer sends goes back to it.
  case reflect([Interface])
  /// The tests of RFC 2544 over a course that brings back, or counts elsewhere, what it sends.
  indirect case benchmark(VerificationCourse)
  case impossible(Finding)

  /// The data interfaces that it takes: no other is probed.
  var interfaces: [Interface] {
    switch self {
    case .between(let first, let second): [first, second]
    case .echo(let interface, _): [interface]
    case .send(let interfaces, _), .receive(let interfaces), .forward(let interfaces), .reflect(let interfaces):
      interfaces
    case .benchmark(let course): course.interfaces
    case .impossible: []
    }
  }

  var mode: TrafficMode {
    switch self {
    case .between, .echo, .impossible: .loopback
    case .send: .tx
    case .receive: .rx
    case .forward: .forward
    case .reflect: .reflect
    case .benchmark: .rfc2544
    }
  }
}

/// Chooses by the profile's method: `auto` takes a configured peer, else two interfaces of one subnet, else it sends without proof.
func chooseCourse(_ verification: Profile.Verification, _ data: [Interface]) -> VerificationCourse {
  let pair = pairOfOneSubnet(data)
  func roundTrip() -> VerificationCourse {
    if let pair { return .between(pair.0, pair.1) }
    // Who asks for this of two bare ports has them on one cable.
    if verification.peer == nil, data.count == 2, data.allSatisfy({ !$0.isNETVSC && $0.device.isBare }) {
      return .between(data[0], data[1])
    }
    if let peer = verification.peer { return .echo(nearest(peer, data), peer) }
    return .impossible(
      Finding(
        "verification.noPartner", .blocker, subject: verification.method.rawValue,
        message: "requires two data interfaces of one IPv4 subnet, or two without addresses on one cable, "
          + "or a peer that sends back what it gets",
        remedy: "set 'verification.peer', or 'verification.method' to 'auto'"))
  }
  switch verification.method {
  case .auto:
    if let peer = verification.peer { return .echo(nearest(peer, data), peer) }
    return pair.map { .between($0, $1) } ?? .send(data, nil)
  case .loopback: return roundTrip()
  case .rfc2544:
    let course = roundTrip()
    if case .impossible = course { return course }
    return .benchmark(course)
  case .tx: return .send(data, verification.peer)
  case .rx: return .receive(data)
  case .forward: return .forward(Array(data.prefix(2)))
  case .reflect: return .reflect(verification.peer.map { [nearest($0, data)] } ?? data)
  }
}

/// The first two interfaces with IPv4 addresses of one subnet.
private func pairOfOneSubnet(_ data: [Interface]) -> (Interface, Interface)? {
  for (index, first) in data.enumerated() {
    let networks = first.device.networks
    for second in data[(index + 1)...] where !second.device.networks.isDisjoint(with: networks) {
      return (first, second)
    }
  }
  return nil
}

/// The interface whose subnet the peer is in, or else the first.
private func nearest(_ peer: Profile.Verification.Peer, _ data: [Interface]) -> Interface {
  let address = IPv4Network("\(peer.address)/32")
  let near = data.first { interface in
    address.map { peer in interface.device.networks.contains { $0.contains(peer) } } ?? false
  }
  return near ?? data[0]
}

extension NetworkDevice {
  fileprivate var networks: Set<IPv4Network> { Set(addresses.compactMap { IPv4Network($0) }) }

  /// Whether nobody gave it an address: the kernel's own for its link (RFC 4291, section 2.5.6) is none.
  fileprivate var isBare: Bool { addresses.allSatisfy { $0.hasPrefix("fe80:") } }
}
