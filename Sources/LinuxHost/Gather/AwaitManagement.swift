public import Provisioning

/// How long a first boot may take until its network is there.
public let patienceForRoute: Duration = .seconds(30)

/// Waits for a default route where nothing tells yet which interface is management, and the profile has data interfaces.
///
/// At once where management is known, which costs one look at the host. What is still unknown afterwards is a finding of
/// the plan; so is a socket that fails here.
///
/// - Parameter tell: called before it waits.
public func awaitManagement(for profile: Profile, tell: (Duration) -> Void) {
  guard profile.interfaces.data != .none else { return }
  let facts = gather(.runningHost, scope: GatherScope(hugepageUse: false), dpdk: DPDKInstallation())
  let pairing = pair(facts.devices, bindings: facts.bindings)
  guard findManagement(profile.interfaces.management, among: pairing, on: facts).doubt != nil else { return }
  tell(patienceForRoute)
  _ = try? awaitDefaultRoute(for: patienceForRoute)
}
