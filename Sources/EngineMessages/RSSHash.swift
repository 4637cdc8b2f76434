/// Fields of a packet that a port's RSS hash is made of, each of IPv4 and IPv6 alike (`RTE_ETH_RSS_…`).
public enum RSSHash: String, NamedChoice, Sendable {
  /// Source and destination address.
  case ip
  /// Addresses and ports of UDP.
  case udp
  /// Addresses and ports of TCP.
  case tcp
}
