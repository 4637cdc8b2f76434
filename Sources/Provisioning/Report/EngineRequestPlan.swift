public import EngineMessages

/// What `verify` asks the engine to do for this profile, or why it cannot be asked.
public enum VerificationPlan: Equatable, Sendable {
  /// - expecting: what has to come up, and to carry the packets.
  case run(EngineRequest, expecting: ExpectedPorts)
  case blocked([Finding])
}

/// What keeps a verification of this profile from being made, on this host as it will be once the plan is applied.
///
/// Asked before anything is changed, too: a host that cannot be verified must not be prepared for it in vain.
///
/// - Parameter plan: its findings are in the answer, those about DPDK as the blockers that they are here.
/// - Parameter isApplied: whether the plan's actions are meant to be done already.
public func verificationFindings(
  _ profile: Profile, _ plan: Plan, isApplied: Bool, on facts: HostFacts, waiving waived: Set<String>
) -> [Finding] {
  let obstacles = planVerificationObstacles(profile, on: facts)
  var findings = plan.findings.filter { finding in !obstacles.contains { $0.id == finding.id } }
  findings = findings.asVerificationSeesThem
  // What the next boot will have is not what packets are moved with now.
  let missing = plan.actions.filter { !$0.action.outlivesBoot }.count
  if isApplied, missing > 0 {
    findings.append(
      Finding(
        "host.notPrepared", .blocker, subject: profile.name,
        message: "\(missing) \(missing == 1 ? "action is" : "actions are") to be done first",
        remedy:
          "see 'dpdk-host plan', then run 'sudo dpdk-host apply', or 'sudo dpdk-host provision' for both, each with "
          + "this profile"))
  }
  // Not to be waived: there is nothing that could be run.
  return waive(waived, in: findings).findings
    + obstacles.map(\.blocking)
}

extension Finding {
  /// The same, as the blocker that it is for what is to be done.
  var blocking: Finding {
    var finding = self
    finding.severity = .blocker
    return finding
  }

  /// What a host can be prepared with, and cannot be measured with: the data ports are not all there, or more than they are.
  static let verificationBlockers: Set<String> = [
    "dpdk.absent", "dpdk.abiMismatch", "dpdk.driverMissing", "dpdk.tooOld", "interface.noVirtualFunction",
    "interface.strayBinding",
  ]
}

extension [Finding] {
  /// The same, ``Finding/verificationBlockers`` as the blockers that they are where packets are to be moved.
  var asVerificationSeesThem: [Finding] {
    map { $0.severity != .info && Finding.verificationBlockers.contains($0.id) ? $0.blocking : $0 }
  }
}

/// Why a profile cannot be verified at all by this version: warnings for a host that is only to be prepared.
public func planVerificationObstacles(_ profile: Profile, on facts: HostFacts) -> [Finding] {
  guard case .blocked(let findings) = planVerification(profile, on: facts, instance: "") else { return [] }
  return findings.map { finding in
    var finding = finding
    finding.severity = .warning
    return finding
  }
}

/// Turns profile and facts into one engine run, on the pages and the mount of the profile.
///
/// With `data: none` the ports are a memif pair of the engine's own, under failsafe where the profile asks for that
/// PMD; no PCI device is probed.
///
/// - Parameters:
///   - instance: tells this run's runtime files and sockets from those of another on the host.
///   - drill: a fault that the run is to go through.
public func planVerification(
  _ profile: Profile, on facts: HostFacts, instance: String, drill: Drill.Kind? = nil
) -> VerificationPlan {
  guard profile.interfaces.data == .none else {
    if drill != nil, profile.verification.method == .rfc2544 {
      return .blocked([
        nothingToRevoke(
          "rfc2544", "a removal would fail its trials, whatever it cost",
          remedy: "set 'verification.method' to 'loopback' or 'auto' for a drill")
      ])
    }
    return planNICVerification(profile, on: facts, instance: instance, drill: drill == nil ? nil : .watch)
  }
  if drill != nil { return planVirtualDrill(profile, on: facts, instance: instance) }
  guard let mode = trafficMode(profile.verification.method) else {
    return .blocked([
      Finding(
        "verification.methodUnsupported", .blocker, subject: profile.verification.method.rawValue,
        message: "without a data interface there are only loopback and rfc2544",
        remedy: "set 'verification.method' to 'loopback', 'rfc2544' or 'auto'")
    ])
  }
  let failsafe = profile.interfaces.pmd == .failsafe
  // An abstract socket: no file is left behind, and two runs cannot meet.
  let socket = "socket-abstract=yes,socket=\(instance)"
  let pair = ["role=server", "role=client"].enumerated().map { index, role in
    let memif = "net_memif\(index),\(role),id=0,\(socket)"
    return failsafe ? "net_failsafe\(index),dev(\(memif))" : memif
  }
  return .run(
    EngineRequest(
      mode: mode, virtualDevices: pair + ealDevices(nil, [], on: facts).virtual,
      frameSizes: profile.verification.frameSizes, duration: Double(profile.verification.duration),
      telemetry: false, memory: profile.packetMemory, filePrefix: instance),
    expecting: ExpectedPorts(driver: failsafe ? "net_failsafe" : "net_memif"))
}

private func trafficMode(_ method: Profile.Verification.Method) -> TrafficMode? {
  switch method {
  case .auto, .loopback: .loopback
  case .rfc2544: .rfc2544
  case .forward, .tx, .rx, .reflect: nil
  }
}
