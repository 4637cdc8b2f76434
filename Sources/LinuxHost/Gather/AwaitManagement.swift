internal import Glibc
public import Provisioning

/// How long a first boot may take until its network is there.
public let patienceForRoute: Duration = .seconds(30)

/// Waits where nothing tells yet which interface is management, or where one is up and has no address yet, and the profile has
/// data interfaces: at first boot a command can come before DHCP has answered.
///
/// At once where all is settled, which costs one look at the host. What is not settled afterwards is left to the plan, and so
/// is a socket that fails here.
///
/// - Parameter tell: called before it waits.
public func awaitManagement(for profile: Profile, tell: (Duration) -> Void) {
  guard profile.interfaces.data != .none else { return }
  let deadline = ContinuousClock.now + patienceForRoute
  var isTold = false
  while !isSettled(profile), ContinuousClock.now < deadline {
    if !isTold { tell(patienceForRoute) }
    isTold = true
    // An address comes without a route to wait for; with one, this look is the last.
    _ = try? awaitDefaultRoute(for: min(deadline - .now, .seconds(5)))
    usleep(250_000)
  }
}

/// DHCP is long over when a machine has been up for this long: an interface without an address is meant to be so then.
private let firstMinutes: Duration = .seconds(300)

private func isSettled(_ profile: Profile) -> Bool {
  let facts = gather(.runningHost, scope: GatherScope(hugepageUse: false), dpdk: DPDKInstallation())
  let plan = planInterfaces(profile, on: facts)
  let isBooting = profile.interfaces.data == .auto && .seconds(bootTime()) < firstMinutes
  return plan.managementIsKnown && !(isBooting && plan.mayGetManagement)
}
