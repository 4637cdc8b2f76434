/// Whether the DPDK that is installed has the drivers that the profile's ports need.
///
/// Warnings, not blockers: a host can be made ready before DPDK is installed, or for a program that brings its own.
/// `verify` needs them, and blocks on them (``verificationFindings(_:_:isApplied:on:waiving:)``).
public func planDPDK(_ profile: Profile, on facts: HostFacts) -> [Finding] {
  guard let library = facts.dpdk.libraries.first else {
    return [
      Finding(
        "dpdk.absent", .warning, subject: "DPDK", message: "no 'librte_eal' is installed",
        remedy: "install the distribution's DPDK packages, or verification is not possible")
    ]
  }
  return networkDrivers(for: profile).filter { !facts.dpdk.networkDrivers.contains($0) }.map {
    Finding(
      "dpdk.driverMissing", .warning, subject: $0,
      message: "the installed DPDK \(library.release ?? "with ABI \(library.abi)") has no such driver",
      remedy: "install the package that has 'librte_\($0)'")
  }
}

/// The PMDs that a verification of this profile goes through, outermost first.
func networkDrivers(for profile: Profile) -> [String] {
  switch (profile.interfaces.pmd, profile.interfaces.data) {
  case (.failsafe, .none): ["net_failsafe", "net_memif"]
  case (_, .none): ["net_memif"]
  case (.failsafe, _): ["net_failsafe", "net_vdev_netvsc", "net_tap"]
  case (.netvsc, _): ["net_netvsc"]
  case (.mana, _): ["net_mana"]
  case (.auto, _), (.vfio, _): []
  }
}
