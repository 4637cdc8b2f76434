import EngineMessages
import Provisioning
import Testing

@Suite("Planning a drill")
struct DrillPlanTests {
  private let two = ["15b3:1016", "15b3:1016"] as [String?]

  private func plan(_ profile: Profile, on facts: HostFacts) -> VerificationPlan {
    planVerification(profile, on: facts, instance: "dpdk-host-4711", drill: .revoke)
  }

  private func blocked(_ profile: Profile, on facts: HostFacts) -> [String] {
    guard case .blocked(let findings) = plan(profile, on: facts) else { return [] }
    return findings.map(\.id)
  }

  @Test("on a NIC somebody else takes the VF away while the engine watches, long enough for it to come back")
  func watch() throws {
    guard case .run(let request, _) = plan(dataProfile(.failsafe), on: azureHost(functions: two)) else {
      Issue.record("nothing is run")
      return
    }
    #expect(request.drill == Drill(kind: .watch, after: 2))
    #expect(request.duration == 15 && request.objection == nil)
    #expect(functionToRevoke(dataProfile(.failsafe), on: azureHost(functions: two)) == "0001:00:02.0")
  }

  @Test("where no VF is beneath, or nothing goes on without it, there is nothing to revoke")
  func nothing() {
    var profile = dataProfile(.failsafe)
    profile.interfaces.data = .none
    profile.interfaces.pmd = .vfio
    #expect(blocked(profile, on: azureHost()) == ["verification.nothingToRevoke"])
    let trials = dataProfile(.failsafe, verification: .init(method: .rfc2544))
    #expect(blocked(trials, on: azureHost(functions: two)) == ["verification.nothingToRevoke"])
    #expect(blocked(dataProfile(.netvsc), on: azureHost(functions: [nil])) == ["verification.nothingToRevoke"])
    #expect(functionToRevoke(dataProfile(.netvsc), on: azureHost(functions: [nil])) == nil)
    #expect(blocked(dataProfile(.mana), on: azureHost(functions: ["1414:00ba"])) == ["verification.nothingToRevoke"])
  }

  @Test("without a data interface a TAP of the engine's own goes and comes back beneath a failsafe")
  func virtual() {
    var profile = dataProfile(.failsafe)
    profile.interfaces.data = .none
    guard case .run(let request, let expected) = plan(profile, on: sampleHost()) else {
      Issue.record("nothing is run")
      return
    }
    #expect(request.mode == .tx && request.drill == Drill(kind: .revoke, after: 2))
    #expect(request.virtualDevices == ["net_failsafe0,dev(net_tap0,iface=dpdkhost4711)"])
    #expect(expected == ExpectedPorts(driver: "net_failsafe", count: 1))
    #expect(request.objection == nil)
  }
}
