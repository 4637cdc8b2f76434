import CNetlink
import Glibc
import Provisioning
import SystemPackage

/// What rtnetlink has of a link and sysfs has not, and by what the two are known to mean the same one.
struct Link: Equatable {
  var index: Int
  var name: String
  var alternativeNames: [String] = []
  var mac: String?
  var permanentMAC: String?
  var kind: String?

  /// Reads an `RTM_NEWLINK`; nil for one without a name.
  ///
  /// - Throws: `EBADMSG` for one that is cut.
  init?(_ message: NetlinkMessage) throws(Errno) {
    let (header, attributes) = try message.parts(ifinfomsg.self)
    guard let name = attributes.first(where: { $0.type == IFLA_IFNAME })?.text, !name.isEmpty else { return nil }
    self.name = name
    index = Int(header.ifi_index)
    for attribute in attributes {
      switch attribute.type {
      case IFLA_PROP_LIST:
        alternativeNames += try attribute.nested().filter { $0.type == IFLA_ALT_IFNAME }.map(\.text)
      case IFLA_ADDRESS: mac = NetworkDevice.mac(octets: attribute.value)
      case IFLA_PERM_ADDRESS:
        permanentMAC = NetworkDevice.mac(octets: attribute.value)
      case IFLA_LINKINFO:
        kind = try attribute.nested().first { $0.type == IFLA_INFO_KIND }?.text
      default: break
      }
    }
  }
}

/// An address of a link.
struct LinkAddress: Equatable {
  /// The index of the link.
  var index: Int
  /// With its prefix length: `10.0.0.20/24`.
  var text: String

  /// Reads an `RTM_NEWADDR`; nil for one without an IPv4 or IPv6 address.
  ///
  /// - Throws: `EBADMSG` for one that is cut.
  init?(_ message: NetlinkMessage) throws(Errno) {
    let (header, attributes) = try message.parts(ifaddrmsg.self)
    // On a point-to-point link IFA_ADDRESS is the other end's.
    let value = [IFA_LOCAL, IFA_ADDRESS].lazy.compactMap { type in attributes.first { $0.type == type } }.first?.value
    guard let address = value.flatMap({ IPAddress(octets: $0) }) else { return nil }
    index = Int(header.ifa_index)
    text = "\(address)/\(header.ifa_prefixlen)"
  }
}

extension NetlinkSocket {
  /// Every link of the network namespace, in the kernel's order.
  mutating func links() throws(Errno) -> [Link] {
    var request = ifinfomsg()
    request.ifi_family = UInt8(AF_UNSPEC)
    let skipped = withUnsafeBytes(of: UInt32(RTEXT_FILTER_SKIP_STATS)) { NetlinkAttribute.bytes(IFLA_EXT_MASK, $0) }
    var links: [Link] = []
    for message in try dump(RTM_GETLINK, request, attributes: skipped) where message.type == RTM_NEWLINK {
      if let link = try Link(message) { links.append(link) }
    }
    return links
  }

  /// Every IPv4 and IPv6 address of the network namespace, in the kernel's order.
  mutating func addresses() throws(Errno) -> [LinkAddress] {
    var request = ifaddrmsg()
    request.ifa_family = UInt8(AF_UNSPEC)
    var addresses: [LinkAddress] = []
    for message in try dump(RTM_GETADDR, request) where message.type == RTM_NEWADDR {
      if let address = try LinkAddress(message) { addresses.append(address) }
    }
    return addresses
  }
}
