import CDPDK
import EngineMessages

extension RSSHash {
  /// Every `RTE_ETH_RSS_…` bit of it.
  var bits: UInt64 {
    switch self {
    case .ip: cdpdk_rss_ip()
    case .udp: cdpdk_rss_udp()
    case .tcp: cdpdk_rss_tcp()
    }
  }

  /// Those without which a port cannot be said to hash by it.
  var leastBits: UInt64 {
    switch self {
    case .ip: cdpdk_rss_ip_least()
    case .udp: cdpdk_rss_udp_least()
    case .tcp: cdpdk_rss_tcp_least()
    }
  }
}

extension PortCapabilities {
  /// What the port can hash by, of both IPv4 and IPv6.
  var hashes: [RSSHash] { RSSHash.allCases.filter { flowTypes & $0.leastBits == $0.leastBits } }

  /// The bits to configure; where nothing is asked for, whatever of IP and UDP the port knows.
  func hashBits(of wanted: [RSSHash]) -> UInt64 {
    (wanted.isEmpty ? [.ip, .udp] : wanted).reduce(0) { $0 | $1.bits } & flowTypes
  }

  /// Why the port cannot hash by what is asked for, with the remedy; nil where it can.
  func hashObjection(to wanted: [RSSHash]) -> String? {
    guard let missing = wanted.first(where: { !hashes.contains($0) }) else { return nil }
    let offer = hashes.map(\.rawValue).joined(separator: ",")
    let remedy = offer.isEmpty ? "leave --rss out" : "choose of --rss \(offer)"
    return "cannot hash by \(missing.rawValue), and can by \(offer.isEmpty ? "nothing" : offer): \(remedy)"
  }
}
