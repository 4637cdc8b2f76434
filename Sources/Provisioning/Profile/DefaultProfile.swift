/// The shipped profile that a host gets which has none of its own: `azure` or `virtual`.
///
/// A NETVSC that has no VF at the moment is enough for `azure`: the missing VF is then a finding, and the host is never
/// held to less because of it.
public func defaultProfileName(on facts: HostFacts) -> String {
  let hasNETVSC = facts.devices.contains { $0.driver == "hv_netvsc" || $0.bus == "vmbus" }
  return hasNETVSC || facts.platform.isAzure ? "azure" : "virtual"
}
