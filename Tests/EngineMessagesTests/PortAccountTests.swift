import EngineMessages
import Testing

@Suite("Our counts beside the port's")
struct PortAccountTests {
  private func account(
    received: UInt64 = 100, portReceived: UInt64 = 100, sent: UInt64 = 100, portSent: UInt64 = 100, errors: UInt64 = 0
  ) -> PortAccount {
    PortAccount(
      received: received, portReceived: portReceived, unread: 8, sent: sent, portSent: portSent,
      portSendErrors: errors, uncompleted: 8)
  }

  @Test("what a queue can hold is no difference, what is beyond is", arguments: [(0, 0), (8, 0), (9, 1), (50, 42)])
  func queues(apart: UInt64, difference: UInt64) {
    #expect(account(portReceived: 100 + apart).receivedDifference == difference)
    #expect(account(portReceived: 100 - apart).receivedDifference == difference)
    #expect(account(portSent: 100 + apart).sentDifference == difference)
    #expect(account(portSent: 100 - apart).sentDifference == difference)
  }

  @Test("packets that failed may have been ours or left to us")
  func errors() {
    #expect(account(portSent: 60, errors: 40).sentDifference == 0)
    #expect(account(portSent: 100, errors: 40).sentDifference == 0)
    #expect(account(portSent: 60, errors: 20).sentDifference == 12)
  }

  @Test("counters that began anew are not compared")
  func restarted() {
    var account = account(received: 467_316, portReceived: 0, sent: 61_872, portSent: 41_196)
    #expect(account.receivedDifference > 0 && account.sentDifference > 0)
    account.restart = .linkDown
    #expect(account.receivedDifference == 0 && account.sentDifference == 0)
  }

  @Test("no number is trapped on")
  func absurd() {
    #expect(account(received: .max, portReceived: 0).receivedDifference == UInt64.max - 8)
    #expect(account(sent: .max, portSent: .max, errors: .max).sentDifference == 0)
    #expect(account(sent: 0, portSent: .max).sentDifference == UInt64.max - 8)
  }
}

@Suite("Drills in words")
struct DrillTextTests {
  @Test("a kind, and the seconds before it")
  func read() {
    #expect(Drill("revoke") == Drill(kind: .revoke, after: 1))
    #expect(Drill("watch@2.5") == Drill(kind: .watch, after: 2.5))
  }

  @Test(
    "anything else is none",
    arguments: ["", "burn", "revoke@", "revoke@-1", "revoke@inf", "revoke@nan", "@1", "revoke@1@2"])
  func wrong(text: String) { #expect(Drill(text) == nil) }
}
