import Provisioning
import Testing

@Suite("Deciding on a reboot")
struct RebootDecisionTests {
  let pending = Finding("boot.pending", .warning, subject: "6.1.0-56", message: "requires hugepages=64, has none")
  let other = Finding("boot.pending", .warning, subject: "6.1.0-57", message: "requires hugepages=32, has none")

  func decide(_ findings: [Finding], after record: RebootRecord?, boot: String = "b2") -> RebootDecision {
    decideReboot(findings, after: record, boot: boot, machine: "m")
  }

  var first: RebootRecord {
    RebootRecord(machine: "m", boot: "b1", cause: ["6.1.0-56: requires hugepages=64, has none"], reboots: 1)
  }

  @Test("without boot.pending none is due, whatever else is found and was asked for")
  func notNeeded() {
    let unrelated = Finding("boot.foreign", .warning, subject: "x", message: "y")
    #expect(decide([], after: nil) == .notNeeded)
    #expect(decide([unrelated], after: first) == .notNeeded)
  }

  @Test("the first is due, and is counted")
  func due() {
    #expect(decide([pending], after: nil, boot: "b1") == .due(first))
  }

  @Test("asked again in the same boot it is the same reboot, and the proofs begun still count")
  func sameBoot() {
    var record = first
    record.continuations = 1
    #expect(decide([pending], after: record, boot: "b1") == .due(record))
  }

  @Test("after a reboot that changed nothing another one is in vain")
  func inVain() throws {
    guard case .inVain(let finding) = decide([pending], after: first) else {
      Issue.record("not in vain")
      return
    }
    #expect(finding.id == "boot.rebootInVain")
    #expect(
      finding.message
        == "the last reboot did not bring about what was wanted: 6.1.0-56: requires hugepages=64, has none")
    #expect(!finding.remedy.isEmpty)
    // Not "blocked": everything was applied.
    let report = Report(command: "apply", profile: "p", findings: [pending, finding])
    #expect(report.verdict == .failed)
    #expect(report.verdict.exitCode == 1)
  }

  @Test("for another cause another one is due, but not without end")
  func otherCause() {
    var record = first
    record.reboots = 2
    let next = RebootRecord(
      machine: "m", boot: "b2", cause: ["6.1.0-57: requires hugepages=32, has none"], reboots: 3)
    #expect(decide([other], after: record) == .due(next))
    record.reboots = 3
    guard case .inVain(let finding) = decide([other], after: record) else {
      Issue.record("would reboot for ever")
      return
    }
    #expect(finding.message.hasPrefix("the last 3 reboots did not"))
  }

  @Test("a record that came with another machine's disk counts for nothing")
  func otherMachine() {
    var record = first
    record.machine = "another"
    var due = first
    due.boot = "b2"
    #expect(decide([pending], after: record) == .due(due))
  }

  @Test("a proof is begun twice, and no third time")
  func continuations() throws {
    let once = try #require(first.continuing())
    #expect(once.continuations == 1)
    #expect(once.continuing()?.continuing() == nil)
  }
}

@Suite("Debian's notice of a reboot")
struct RebootNoticeTests {
  @Test(
    "our name is added once, beside those of others",
    arguments: [
      ("", "dpdk-host\n"), ("dpdk-host\n", "dpdk-host\n"), ("linux-image\n", "linux-image\ndpdk-host\n"),
      ("libc6", "libc6\ndpdk-host\n"), ("dpdk-host-extra\n", "dpdk-host-extra\ndpdk-host\n"),
    ])
  func adds(before: String, after: String) {
    #expect(RebootNotice.adding(to: before) == after)
  }

  @Test(
    "our name alone is taken away",
    arguments: [("dpdk-host\n", ""), ("a\ndpdk-host\nb\n", "a\nb\n"), ("", nil), ("linux-image\n", nil)])
  func removes(before: String, after: String?) {
    #expect(RebootNotice.removing(from: before) == after)
  }
}
