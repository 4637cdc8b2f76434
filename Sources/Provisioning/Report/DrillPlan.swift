public import EngineMessages

/// Seconds of measured traffic before a drill's fault: the rate has settled.
let drillStart = 2.0

extension Profile.Verification {
  /// Seconds to measure: with a drill long enough for failsafe to look for its sub-device twice, and for what comes after.
  public func seconds(_ drill: Drill.Kind?) -> Double {
    drill == nil ? Double(duration) : max(Double(duration), drillStart + Self.drillTime)
  }

  /// From a VF's removal to the end of its aftermath: it is away for ``Drill/absence``, failsafe takes up to two seconds to
  /// see it gone, and again to see it back.
  static let drillTime = 13.0
}

extension Drill {
  /// Seconds that a VF is kept away.
  public static let absence = 3.0
}

/// A drill over a device of the engine's own: a TAP beneath a failsafe, which can be plugged in again.
///
/// Not a memif: failsafe sets a MAC address and a link on what it plugs in again, which `net_memif`, `net_ring`, `net_null` and
/// `net_af_packet` refuse (DPDK 22.11, `fs_eth_dev_conf_apply`).
func planVirtualDrill(_ profile: Profile, on facts: HostFacts, instance: String) -> VerificationPlan {
  guard profile.interfaces.pmd == .failsafe else {
    return .blocked([
      nothingToRevoke(
        profile.name, "has no failsafe, which alone plugs a removed device in again",
        remedy: "set 'interfaces.pmd' to 'failsafe'")
    ])
  }
  // Fifteen letters are all that the name of an interface may have.
  let tap = "net_tap0,iface=dpdkhost\(instance.filter(\.isNumber).suffix(6))"
  return .run(
    EngineRequest(
      mode: .tx, virtualDevices: ["net_failsafe0,dev(\(tap))"] + ealDevices(nil, [], on: facts).virtual,
      frameSizes: profile.verification.frameSizes, duration: profile.verification.seconds(.revoke),
      rate: .packetsPerSecond(10_000), drill: Drill(kind: .revoke, after: drillStart), telemetry: false,
      memory: profile.packetMemory, filePrefix: instance),
    expecting: ExpectedPorts(driver: "net_failsafe", count: 1))
}

/// Why a drill cannot be made on these interfaces; nil where it can.
func obstacle(to drill: Drill.Kind, _ pmd: DataPMD, _ used: [Interface]) -> Finding? {
  if pmd != .failsafe, !pmd.takesVMBus {
    return nothingToRevoke(
      "interfaces", "'\(pmd)' has no master that goes on while its device is away",
      remedy: "set 'interfaces.pmd' to 'failsafe' or 'netvsc'")
  }
  guard let interface = used.first(where: { $0.virtualFunction?.pciAddress != nil }) else {
    return nothingToRevoke(
      used.first?.name ?? "interfaces", "no data interface has a VF",
      remedy: "see 'dpdk-host interfaces' for whether accelerated networking is on")
  }
  // A MANA function carries all interfaces of the machine, that of management with them.
  if interface.generation == .mana {
    return nothingToRevoke(
      interface.name, "its PCI function may carry the management interface, too", remedy: "use a host without MANA")
  }
  return nil
}

/// The VF that a drill takes away, in the order of the plan; nil where there is none.
public func functionToRevoke(_ profile: Profile, on facts: HostFacts) -> String? {
  let plan = planInterfaces(profile, on: facts)
  let course = chooseCourse(profile.verification, plan.data.map(\.interface))
  let kept = plan.interfaces.filter { $0.role != .data }.map(\.interface)
  let forbidden = Set(kept.flatMap { [$0.device.pciAddress, $0.virtualFunction?.pciAddress] }.compactMap { $0 })
  return course.interfaces.compactMap { $0.virtualFunction?.pciAddress }.first { !forbidden.contains($0) }
}

/// Why a drill has no device to take away.
public func nothingToRevoke(_ subject: String, _ message: String, remedy: String) -> Finding {
  Finding("verification.nothingToRevoke", .blocker, subject: subject, message: message, remedy: remedy)
}
