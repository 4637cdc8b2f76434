import Provisioning
import Testing

@Suite("What install --from-source put on this host")
struct SourceRecordTests {
  let record = SourceRecord(
    version: "22.11.11", prefix: "/usr/local", files: ["/usr/local/lib/a"], directories: ["/usr/local/lib"])

  @Test("is that of all its runs")
  func adding() {
    let next = SourceRecord(version: "23.11.4", prefix: "/usr/local", files: ["/usr/local/lib/b"], directories: [])
    let both = next.adding(record)
    #expect(both.version == "23.11.4")
    #expect(both.files == ["/usr/local/lib/a", "/usr/local/lib/b"])
    #expect(both.directories == ["/usr/local/lib"])
    #expect(next.adding(nil) == next)
  }

  @Test("is replaced by the next run, and never what is somebody else's")
  func occupied() throws {
    #expect(Finding.sourceOccupied(["/usr/local/lib/a"], by: record) == nil)
    #expect(Finding.sourceOccupied([], by: nil) == nil)
    let finding = try #require(Finding.sourceOccupied(["/usr/local/lib/a", "/usr/local/lib/b", "/c"], by: record))
    #expect(finding.id == "source.occupied")
    #expect(finding.severity == .blocker)
    #expect(finding.subject == "/usr/local/lib/b")
    #expect(finding.message.contains("and 1 more"))
  }

  @Test("outlives a boot, and a revert leaves it and says so")
  func left() throws {
    let effect = Effect.source(record)
    let entry = JournalEntry(time: "2026-01-01T00:00:00Z", boot: "b", machine: "m", effect: effect)
    #expect(effect.outlivesBoot)
    #expect(effect.isOfInstallation)
    #expect(planRevert([entry], on: HostFacts(), boot: "b", machine: "m") == RevertPlan())
    let finding = try #require(Finding.sourceLeft([entry]))
    #expect(finding.message.hasSuffix(": 1 file"))
    #expect(finding.remedy.contains("revert --packages"))
    #expect(Finding.sourceLeft([]) == nil)
  }

  @Test(
    "is found by the loader, or it is said where it would have to look",
    arguments: [
      ("\tlibrte_eal.so.23 (libc6,x86-64) => /usr/local/lib/librte_eal.so.23\n", true),
      ("\tlibrte_eal.so.23 (libc6,x86-64) => /usr/lib/x86_64-linux-gnu/librte_eal.so.23\n", false),
      ("1 libs found in cache `/etc/ld.so.cache'\n", false),
    ])
  func loader(cache: String, isFound: Bool) {
    #expect((Finding.sourceUnreachable("/usr/local/lib", cache: cache) == nil) == isFound)
  }
}
