import CNetlink
import Glibc
import Provisioning
import SystemPackage

/// A route by which anything can be sent that no other route takes, from the main table.
struct DefaultRouteMessage: Equatable {
  struct NextHop: Equatable {
    /// The index of the link.
    var index: Int
    var gateway: String?
  }

  var family: DefaultRoute.Family
  var metric: Int
  /// Empty where the route names a next-hop object alone, as with `net.ipv4.nexthop_compat_mode=0`.
  var nextHops: [NextHop]

  /// Reads an `RTM_NEWROUTE`; nil for another route, and for one that drops what it gets (blackhole, unreachable).
  ///
  /// - Throws: `EBADMSG` for one that is cut.
  init?(_ message: NetlinkMessage) throws(Errno) {
    let (header, attributes) = try message.parts(rtmsg.self)
    let number = { (type: rtattr_type_t) in attributes.first { $0.type == Int(type.rawValue) }?.number }
    switch Int32(header.rtm_family) {
    case AF_INET: family = .ipv4
    case AF_INET6: family = .ipv6
    default: return nil
    }
    guard header.rtm_dst_len == 0, Int(header.rtm_type) == RTN_UNICAST,
      header.rtm_flags & UInt32(RTM_F_CLONED) == 0,
      // The byte in the header has no room for tables above 255.
      number(RTA_TABLE) ?? Int(header.rtm_table) == Int(RT_TABLE_MAIN.rawValue)
    else { return nil }
    metric = number(RTA_PRIORITY) ?? 0
    if let several = attributes.first(where: { $0.type == Int(RTA_MULTIPATH.rawValue) }) {
      nextHops = try Self.nextHops(in: several.value)
    } else {
      nextHops = number(RTA_OIF).map { [NextHop(index: $0, gateway: Self.gateway(attributes))] } ?? []
    }
    guard !nextHops.isEmpty || number(RTA_NH_ID) != nil else { return nil }
  }

  /// The list of an `RTA_MULTIPATH`: each with a length, an interface, and attributes of its own.
  private static func nextHops(in bytes: ArraySlice<UInt8>) throws(Errno) -> [NextHop] {
    var nextHops: [NextHop] = []
    var rest = bytes
    while !rest.isEmpty {
      guard let header = rest.load(rtnexthop.self),
        let value = rest.payload(length: Int(header.rtnh_len), header: MemoryLayout<rtnexthop>.size)
      else { throw .badMessage }
      nextHops.append(
        NextHop(index: Int(header.rtnh_ifindex), gateway: gateway(try NetlinkAttribute.attributes(in: value))))
      rest = rest.dropFirst(netlinkAligned(Int(header.rtnh_len)))
    }
    return nextHops
  }

  private static func gateway(_ attributes: [NetlinkAttribute]) -> String? {
    for attribute in attributes {
      var address: IPAddress?
      if attribute.type == Int(RTA_GATEWAY.rawValue) { address = IPAddress(octets: attribute.value) }
      // A gateway of the other family: the family comes first.
      if attribute.type == Int(RTA_VIA.rawValue) { address = IPAddress(octets: attribute.value.dropFirst(2)) }
      if let address { return address.description }
    }
    return nil
  }
}

extension NetlinkSocket {
  /// The default routes of the main table, IPv4 first, in the kernel's order.
  mutating func defaultRoutes() throws(Errno) -> [DefaultRouteMessage] {
    var routes: [DefaultRouteMessage] = []
    for family in [AF_INET, AF_INET6] {
      var request = rtmsg()
      request.rtm_family = UInt8(family)
      // A kernel without IPv6 answers the question with the routes of all families.
      for message in try dump(RTM_GETROUTE, request) where message.type == RTM_NEWROUTE {
        guard message.payload.first == UInt8(family), let route = try DefaultRouteMessage(message) else { continue }
        routes.append(route)
      }
    }
    return routes
  }

  /// The index of the link by which the kernel sends to an address (`ip route get`); nil where there is no way.
  ///
  /// - Parameter source: the address of this host that is sent from, where rules may look at it.
  mutating func link(to address: IPAddress, from source: IPAddress? = nil) throws(Errno) -> Int? {
    var request = rtmsg()
    request.rtm_family = UInt8(address.family)
    request.rtm_dst_len = UInt8(address.octets.count * 8)
    var attributes = NetlinkAttribute.bytes(Int(RTA_DST.rawValue), address.octets)
    if let source, source.family == address.family {
      request.rtm_src_len = request.rtm_dst_len
      attributes += NetlinkAttribute.bytes(Int(RTA_SRC.rawValue), source.octets)
    }
    let answer: NetlinkMessage?
    do {
      answer = try get(RTM_GETROUTE, request, attributes: attributes)
    } catch {
      // Unreachable, prohibited, blackhole; the source is no address of ours (any more); a family that is not there.
      let noWay: [Errno] = [
        .networkUnreachable, .noRouteToHost, .permissionDenied, .invalidArgument, .addressFamilyNotSupported,
        .notSupported,
      ]
      guard noWay.contains(error) else { throw error }
      return nil
    }
    return try answer.flatMap { (message) throws(Errno) in try Self.link(inAnswer: message) }
  }

  /// The index of the link in the answer to a question for one address; nil for a route that drops what it gets.
  ///
  /// - Throws: `EBADMSG` for one that is cut.
  static func link(inAnswer message: NetlinkMessage) throws(Errno) -> Int? {
    guard message.type == RTM_NEWROUTE else { return nil }
    let (header, attributes) = try message.parts(rtmsg.self)
    let dropping = [RTN_BLACKHOLE, RTN_UNREACHABLE, RTN_PROHIBIT, RTN_THROW]
    guard !dropping.contains(Int(header.rtm_type)) else { return nil }
    return attributes.first { $0.type == Int(RTA_OIF.rawValue) }?.number
  }
}
