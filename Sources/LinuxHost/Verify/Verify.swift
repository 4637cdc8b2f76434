public import EngineMessages
internal import Glibc
public import Provisioning

/// How a verification ended.
public struct VerifyOutcome: Sendable {
  public var findings: [Finding]
  public var traffic: TrafficResult?
  /// The end of the engine's log, where ``findings`` send the reader to it.
  public var engineLog: [String] = []
  public var failure: HostError?
}

/// What would keep ``verify(_:_:_:waiving:installation:drill:tell:)`` from running once the profile is applied: to be asked before.
public func obstaclesToVerification(
  _ profile: Profile, _ requirements: Requirements, _ persistence: Persistence?, waiving waived: Set<String>,
  installation: Installation
) -> VerifyOutcome {
  let facts = gather(.runningHost, scope: gatherScope(for: profile))
  let plan = plan(profile, requirements, on: facts, waiving: waived, lasting: persistence)
  var outcome = VerifyOutcome(
    findings: verificationFindings(profile, plan, isApplied: false, on: facts, waiving: waived))
  do throws(HostError) { _ = try installation.engine() } catch { outcome.failure = error }
  return outcome
}

/// Proves that the host moves packets: runs the engine as the profile says and judges what it measured.
///
/// Nothing on the host is changed but for as long as it runs: the TAP of a failsafe puts an ingress queueing discipline
/// with filters on its NETVSC, which is taken away again here, as DPDK leaves it. A host that is not prepared yet is a blocker and no engine
/// is started: it would measure something else than the profile.
///
/// - Parameters:
///   - drill: whether a device is to be taken away, and given back, while traffic runs; see ``FunctionDrill``.
///   - tell: called with each event of the engine as it arrives.
/// - Privileges: root, as hugetlbfs mounts are root's unless the profile says otherwise.
public func verify(
  _ profile: Profile, _ requirements: Requirements, _ persistence: Persistence?, waiving waived: Set<String>,
  installation: Installation, drill: Drill.Kind? = nil, tell: @Sendable @escaping (EngineEvent) -> Void
) async -> VerifyOutcome {
  let facts = gather(.runningHost, scope: gatherScope(for: profile))
  let plan = plan(profile, requirements, on: facts, waiving: waived, lasting: persistence)
  var outcome = VerifyOutcome(
    findings: verificationFindings(profile, plan, isApplied: true, on: facts, waiving: waived))
  guard !outcome.findings.contains(where: { $0.severity == .blocker }) else { return outcome }
  let request: EngineRequest
  let expected: ExpectedPorts
  switch planVerification(profile, on: facts, instance: "dpdk-host-\(getpid())", drill: drill) {
  case .blocked(let findings):
    outcome.findings += findings
    return outcome
  case .run(let planned, let ports): (request, expected) = (planned, ports)
  }
  do throws(HostError) {
    var function: FunctionDrill?
    if let plan = request.drill, plan.kind == .watch {
      switch FunctionDrill.make(of: functionToRevoke(profile, on: facts), after: plan.after) {
      case .success(let made): function = made
      case .failure(let refused):
        outcome.findings.append(refused.finding)
        return outcome
      }
    }
    let revocation = function
    let run: EngineRun
    do throws(HostError) {
      (run, outcome.failure) = try await withoutNewIngress(on: request.remoteDevices(among: facts.devices)) {
        () throws(HostError) in
        try await runEngine(request, at: try installation.engine()) { event in
          revocation?.see(event)
          tell(event)
        }
      }
    } catch {
      await revocation?.finish()
      throw error
    }
    if let failure = await revocation?.finish() { outcome.failure = failure }
    outcome.traffic = run.result
    let judged = judge(
      run.result, of: request.mode, against: profile.verification, expecting: expected, sending: request.rate,
      drill: request.drill)
    outcome.findings += waive(waived, in: judged).findings + notes(of: run.events)
    if judged.contains(where: \.namesEngineLog) { outcome.engineLog = run.log }
    outcome.findings += run.notices.map { Finding("engine.notice", .info, subject: "engine", message: $0) }
  } catch { outcome.failure = error }
  return outcome
}
