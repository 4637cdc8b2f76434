import CNetlink
public import SystemPackage

/// Waits until the main table has a default route, of either family, for a bounded time.
///
/// At first boot a host's tools can run before DHCP has answered. It blocks its thread, asleep until the kernel tells of
/// a change in the routes.
///
/// - Returns: whether there is one; at once where there is one already, or where the duration is not above zero.
/// - Throws: the error of the rtnetlink socket; `ETIMEDOUT` where the kernel does not answer.
public func awaitDefaultRoute(for duration: Duration) throws(Errno) -> Bool {
  let deadline = ContinuousClock.now + duration
  // Subscribed before the first look: a route that comes in between is told.
  var changes = try NetlinkSocket(groups: RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE)
  var tables = try NetlinkSocket()
  while true {
    if !(try tables.defaultRoutes().isEmpty) { return true }
    let rest = deadline - .now
    guard rest > .zero else { return false }
    _ = try changes.awaitChange(for: rest)
  }
}
