import CNetlink
import SystemPackage

/// The queueing discipline for what comes in, on a network device: DPDK's TAP puts it on its remote device, the NETVSC,
/// and leaves it there when it ends.
///
/// Source: `tc(8)`; `qdisc_create_ingress` of DPDK's `drivers/net/tap/tap_netlink.c`.
struct IngressQdisc: Hashable {
  /// The index of the network device.
  var device: Int32

  /// Reads an `RTM_NEWQDISC`; nil for any other discipline, `clsact` too, which is hung in the same place.
  ///
  /// - Throws: `EBADMSG` for one that is cut.
  init?(_ message: NetlinkMessage) throws(Errno) {
    let (header, attributes) = try message.parts(tcmsg.self)
    guard header.tcm_parent == TC_H_INGRESS, attributes.first(where: { $0.type == TCA_KIND })?.text == "ingress"
    else { return nil }
    device = header.tcm_ifindex
  }
}

extension NetlinkSocket {
  /// Those of the network namespace.
  mutating func ingressQdiscs() throws(Errno) -> Set<IngressQdisc> {
    var found: Set<IngressQdisc> = []
    for message in try dump(RTM_GETQDISC, tcmsg()) where message.type == RTM_NEWQDISC {
      if let qdisc = try IngressQdisc(message) { found.insert(qdisc) }
    }
    return found
  }

  /// Takes one away, with its filters; needs `CAP_NET_ADMIN`.
  ///
  /// - Throws: `ENOENT` or `EINVAL` where it is gone, `ENODEV` where its device is.
  mutating func remove(_ qdisc: IngressQdisc) throws(Errno) {
    var request = tcmsg()
    request.tcm_ifindex = qdisc.device
    request.tcm_parent = TC_H_INGRESS
    try order(RTM_DELQDISC, request)
  }
}
