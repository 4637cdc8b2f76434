import Foundation
import Provisioning
import Testing

@Suite("What install --from-source put on this host")
struct SourceRecordTests {
  let record = SourceRecord(
    version: "22.11.11", prefix: "/usr/local",
    files: [
      SourceFile("/usr/local/lib/a", size: 1, modified: 2), SourceFile("/usr/local/lib/old", size: 1, modified: 2),
    ],
    directories: ["/usr/local/lib"])

  @Test("is that of all its runs, but for what somebody replaced since")
  func adding() {
    let next = SourceRecord(
      version: "23.11.4", prefix: "/usr/local",
      files: [SourceFile("/usr/local/lib/a"), SourceFile("/usr/local/lib/b")],
      directories: [])
    let both = next.adding(record, intact: record.files)
    #expect(both.version == "23.11.4")
    #expect(both.files == [next.files[0], next.files[1], record.files[1]])
    #expect(both.directories == ["/usr/local/lib"])
    #expect(next.adding(record, intact: []).files == next.files)
    #expect(next.adding(nil, intact: []) == next)
  }

  @Test("is ours as long as it is as we put it there, and where nobody knows")
  func intact() {
    let file = SourceFile("/a", size: 3, modified: 5)
    #expect(file.isIntact(file))
    #expect(!file.isIntact(SourceFile("/a", size: 4, modified: 5)))
    #expect(!file.isIntact(SourceFile("/a", size: 3, modified: 6)))
    #expect(SourceFile("/a").isIntact(file))
  }

  @Test("is read as it was written")
  func decoding() throws {
    #expect(try JSONDecoder().decode(SourceRecord.self, from: JSONEncoder().encode(record)) == record)
  }

  @Test("never takes the place of what is somebody else's, whatever is waived")
  func occupied() throws {
    #expect(Finding.sourceOccupied([]) == nil)
    let finding = try #require(Finding.sourceOccupied(["/usr/local/lib/b", "/c"]))
    #expect(finding.id == "source.occupied")
    #expect(finding.severity == .blocker)
    #expect(finding.subject == "/usr/local/lib/b")
    #expect(finding.message.contains("and 1 more"))
    #expect(waive(["source.occupied"], in: [finding]).findings == [finding])
  }

  @Test("outlives a boot, and a revert leaves it and says so")
  func left() throws {
    let effect = Effect.source(record)
    let entry = JournalEntry(time: "2026-01-01T00:00:00Z", boot: "b", machine: "m", effect: effect)
    #expect(effect.outlivesBoot)
    #expect(effect.isOfInstallation)
    #expect(planRevert([entry], on: HostFacts(), boot: "b", machine: "m") == RevertPlan())
    let finding = try #require(Finding.sourceLeft([entry]))
    #expect(finding.message.hasSuffix(": 2 files"))
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
