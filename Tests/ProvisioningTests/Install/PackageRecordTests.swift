import Provisioning
import Testing

@Suite("What install added")
struct PackageRecordTests {
  func installed(_ ids: String..., configurations: [String] = []) -> InstalledPackages {
    InstalledPackages(
      packages: ids.map { .init(id: $0, name: $0, architecture: "amd64") }
        + configurations.map { .init(id: $0, name: $0, architecture: "amd64", state: .configurationOnly) })
  }

  @Test("is what was not there before the first of several runs, and still is")
  func added() {
    var record = PackageRecord(manager: .apt).opened(on: installed("base"))
    record = record.closed(on: installed("base", "dpdk", "libnuma1"))
    #expect(record.added == ["dpdk", "libnuma1"])
    record = record.opened(on: installed("base", "dpdk", "libnuma1", "theirs"))
    record = record.closed(on: installed("base", "dpdk", "theirs", "meson"))
    #expect(record.added == ["dpdk", "meson"])
    #expect(record.before == nil)
  }

  @Test("of a run that was cut short is counted from before that run, not from before the next")
  func cutShort() {
    let open = PackageRecord(manager: .apt).opened(on: installed("base"))
    let again = open.opened(on: installed("base", "half"))
    #expect(again.before == ["base"])
    #expect(again.addedIDs(on: installed("base", "half", "rest")) == ["half", "rest"])
  }

  @Test("keeps the configuration that was somebody else's")
  func configuration() {
    let open = PackageRecord(manager: .apt).opened(on: installed("base", configurations: ["exim4", "other"]))
    let record = open.closed(on: installed("base", "exim4", configurations: ["other"]))
    #expect(record.added == ["exim4"])
    #expect(record.configured == ["exim4"])
  }

  @Test("has what undoes a repository, once")
  func undo() throws {
    let step = InstallStep(.repository(undo: ["/bin/u"]), ["/bin/r"])
    let record = try #require(PackageRecord(manager: .apt).noting(step))
    #expect(record.repositories == [["/bin/u"]])
    #expect(record.noting(step) == nil)
    #expect(record.noting(InstallStep(.install, ["x"])) == nil)
    #expect(!record.isEmpty)
  }

  @Test("dpkg's refusal names our package and who needs it")
  func dpkgRefusal() {
    let said = """
      dpkg: dependency problems prevent removal of librte-eal23:amd64:
       openvswitch-switch-dpdk depends on librte-eal23.

      dpkg: error processing package librte-eal23:amd64 (--purge):
       dependency problems - not removing
      """
    let needed = RemovalTrial.neededByDpkg(said)
    #expect(needed.map(\.name) == ["librte-eal23:amd64"])
    #expect(needed.map(\.by) == ["openvswitch-switch-dpdk"])
  }

  @Test("rpm's refusal names what is needed and who needs it")
  func rpmRefusal() {
    let said = """
      error: Failed dependencies:
      \tlibrte_eal.so.23()(64bit) is needed by (installed) openvswitch-3.1-1.el9.x86_64
      """
    let needed = RemovalTrial.neededByRPM(said)
    #expect(needed.map(\.capability) == ["librte_eal.so.23()(64bit)"])
    #expect(needed.map(\.by) == ["openvswitch-3.1-1.el9.x86_64"])
  }

  @Test("revert leaves packages alone, and knows that they outlive the boot")
  func revert() {
    let effect = Effect.packages(PackageRecord(manager: .apt, added: ["dpdk"]))
    let entry = JournalEntry(time: "2026-01-01T00:00:00Z", boot: "b", machine: "m", effect: effect)
    #expect(effect.outlivesBoot)
    #expect(planRevert([entry], on: HostFacts(), boot: "b", machine: "m") == RevertPlan())
  }
}
