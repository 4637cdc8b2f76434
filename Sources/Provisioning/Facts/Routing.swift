/// Where this host's own traffic goes: what the management guard decides on.
public struct Routing: Codable, Equatable, Sendable {
  /// The default routes of the main table, of both families, in the kernel's order.
  public var defaultRoutes: [DefaultRoute]
  /// The way to each of ``platformAddresses``, as the kernel itself chooses it.
  public var ways: [Way]
  /// The live SSH sessions, each pair of addresses once.
  public var sessions: [RemoteSession]

  public init(defaultRoutes: [DefaultRoute] = [], ways: [Way] = [], sessions: [RemoteSession] = []) {
    self.defaultRoutes = defaultRoutes
    self.ways = ways
    self.sessions = sessions
  }

  /// Azure's own addresses: the platform's agent, DHCP and DNS endpoint, and the instance metadata service.
  public static let platformAddresses = ["168.63.129.16", "169.254.169.254"]
}

/// One next hop of a default route of the main table.
public struct DefaultRoute: Codable, Equatable, Sendable {
  /// In the order in which they are looked at.
  public enum Family: String, Codable, Sendable, CaseIterable { case ipv4, ipv6 }

  public var family: Family
  /// The name of the interface that it leaves by.
  public var interface: String
  /// The lower is preferred; 0 where the route names none.
  public var metric: Int
  /// Nil for a route on the link.
  public var gateway: String?

  public init(_ family: Family, interface: String, metric: Int = 0, gateway: String? = nil) {
    self.family = family
    self.interface = interface
    self.metric = metric
    self.gateway = gateway
  }
}

/// By which interface the kernel would send to an address.
public struct Way: Codable, Equatable, Sendable {
  public var destination: String
  /// Nil where there is no way.
  public var interface: String?

  public init(destination: String, interface: String?) {
    self.destination = destination
    self.interface = interface
  }
}

/// A live SSH session into this host.
public struct RemoteSession: Codable, Equatable, Sendable {
  /// The address of this host that the session came to, without a port.
  public var local: String
  public var peer: String
  /// By which interface the kernel sends to ``peer``; nil where there is no way.
  public var interface: String?

  public init(local: String, peer: String, interface: String?) {
    self.local = local
    self.peer = peer
    self.interface = interface
  }
}
