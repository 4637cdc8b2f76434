import EngineMessages
import Testing

@testable import TrafficEngine

@Suite("Port counters that begin anew")
struct CounterRestartTests {
  private func restart(
    after disturbance: PortAccount.Restart?, received: UInt64 = 1000, portReceived: UInt64, sent: UInt64 = 1000,
    portSent: UInt64 = 1000, readings: [UInt64] = []
  ) -> PortAccount.Restart? {
    let account = PortAccount(
      received: received, portReceived: portReceived, unread: 8, sent: sent, portSent: portSent, portSendErrors: 0,
      uncompleted: 8)
    return account.restart(
      after: disturbance, readings: readings.map { PortStatistics(missed: 0, received: $0, subdevices: []) })
  }

  @Test("are those of a port whose link went down and that counted fewer than the engine")
  func linkDown() {
    #expect(restart(after: .linkDown, portReceived: 0) == .linkDown)
    #expect(restart(after: .removed, portReceived: 1000, portSent: 400) == .removed)
  }

  @Test("are those that were higher before, whatever happened", arguments: [nil, PortAccount.Restart.linkDown])
  func lower(disturbance: PortAccount.Restart?) {
    #expect(restart(after: disturbance, portReceived: 500, readings: [0, 900, 1000, 500]) == disturbance ?? .lower)
    #expect(restart(after: nil, portReceived: 500, readings: [0, 400, 500]) == nil)
  }

  @Test("are none where nothing happened, where the counts agree, and where the port counted more")
  func differing() {
    #expect(restart(after: nil, portReceived: 0) == nil)
    #expect(restart(after: .linkDown, portReceived: 1000) == nil)
    #expect(restart(after: .linkDown, portReceived: 995) == nil, "its queue holds as many")
    #expect(restart(after: .linkDown, portReceived: 5000) == nil)
    #expect(restart(after: .linkDown, portReceived: 0, portSent: 9000) == nil, "what was sent differs all the same")
  }
}
