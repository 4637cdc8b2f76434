import Provisioning
import SystemPackage

extension FactReader {
  /// Completes the devices with what rtnetlink has of them, and reads the routes; nothing of it exists in an image.
  ///
  /// Each question that fails is recorded, and the others are still asked.
  ///
  /// - Parameter sessions: the addresses of live SSH sessions.
  mutating func routing(completing devices: inout [NetworkDevice], sessions: [SSHConnection]) -> Routing {
    guard root.isRunningHost else { return Routing() }
    do {
      var socket = try NetlinkSocket()
      return routing(from: &socket, completing: &devices, sessions: sessions)
    } catch {
      record("rtnetlink", "no socket: \(error)")
      return Routing()
    }
  }

  private mutating func routing(
    from socket: inout NetlinkSocket, completing devices: inout [NetworkDevice], sessions: [SSHConnection]
  ) -> Routing {
    var links: [Link] = []
    var addresses: [LinkAddress] = []
    var routes: [DefaultRouteMessage] = []
    do { links = try socket.links() } catch { record("rtnetlink", "links: \(error)") }
    do { addresses = try socket.addresses() } catch { record("rtnetlink", "addresses: \(error)") }
    do { routes = try socket.defaultRoutes() } catch { record("rtnetlink", "routes: \(error)") }

    complete(&devices, links: links, addresses: addresses)
    let names = Dictionary(links.map { ($0.index, $0.name) }, uniquingKeysWith: { first, _ in first })
    var routing = Routing(defaultRoutes: defaultRoutes(routes, names: names))
    routing.ways = Routing.platformAddresses.map { destination in
      let interface = IPAddress(destination).flatMap { way(to: $0, socket: &socket, names: names) }
      return Way(destination: destination, interface: interface)
    }
    routing.sessions = sessions.map { session in
      let (local, peer) = (session.local, session.peer)
      // A link-local address does not tell its link: that is the one with the local address, if it is one alone.
      let interface =
        peer.isLinkLocal
        ? devices.onlyName(withAddress: local) : way(to: peer, from: local, socket: &socket, names: names)
      return RemoteSession(local: local.description, peer: peer.description, interface: interface)
    }
    .sorted { ($0.local, $0.peer) < ($1.local, $1.peer) }
    return routing
  }

  /// Puts links and addresses with the devices of the same index, name *and* MAC address: sysfs may be another namespace's,
  /// and then nothing that routes tell is about its devices.
  private mutating func complete(_ devices: inout [NetworkDevice], links: [Link], addresses: [LinkAddress]) {
    for link in links {
      guard let position = devices.firstIndex(where: { $0.index == link.index && $0.name == link.name }) else {
        // A virtual link may have come since sysfs was read; one under a name that sysfs has did not.
        if link.kind == nil || devices.contains(where: { $0.name == link.name }) {
          record("/sys/class/net", "has no \(link.name) with index \(link.index), which rtnetlink has")
        }
        continue
      }
      if let mac = devices[position].mac, let other = link.mac, mac != other {
        record("/sys/class/net", "has \(link.name) with MAC address \(mac), rtnetlink with \(other)")
      }
      devices[position].alternativeNames = link.alternativeNames
      devices[position].permanentMAC = link.permanentMAC
      devices[position].kind = link.kind
      devices[position].addresses = addresses.filter { $0.index == link.index }.map(\.text)
    }
  }

  private mutating func defaultRoutes(_ routes: [DefaultRouteMessage], names: [Int: String]) -> [DefaultRoute] {
    var found: [DefaultRoute] = []
    for route in routes {
      if route.nextHops.isEmpty {
        record("rtnetlink", "a default route by a next-hop object alone: set net.ipv4.nexthop_compat_mode=1")
      }
      for hop in route.nextHops {
        guard let name = names[hop.index] else {
          record("rtnetlink", "a default route by link \(hop.index), which is not listed")
          continue
        }
        found.append(DefaultRoute(route.family, interface: name, metric: route.metric, gateway: hop.gateway))
      }
    }
    return found
  }

  private mutating func way(
    to destination: IPAddress, from source: IPAddress? = nil, socket: inout NetlinkSocket, names: [Int: String]
  ) -> String? {
    do {
      return try socket.link(to: destination, from: source).flatMap { names[$0] }
    } catch {
      record("rtnetlink", "the way to \(destination): \(error)")
      return nil
    }
  }
}

extension [NetworkDevice] {
  /// The name of the device that has an address; nil where none has it, or several.
  fileprivate func onlyName(withAddress address: IPAddress) -> String? {
    let owners = filter { $0.addresses.contains { $0.hasPrefix("\(address)/") } }
    return owners.count == 1 ? owners[0].name : nil
  }
}
