import Foundation
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

  @Test("of a run that was killed is counted from before that run, not from before the next")
  func killed() {
    let open = PackageRecord(manager: .apt).opened(on: installed("base"))
    let again = open.opened(on: installed("base", "half"))
    #expect(again.isUnfinished)
    #expect(again.addedIDs(on: installed("base", "half", "rest")) == ["half", "rest"])
    // Somebody else's, as a lock was waited for.
    #expect(
      again.widened(by: installed("base", "half", "theirs")).addedIDs(on: installed("half", "theirs")) == ["half"])
  }

  @Test("of a run that failed is known at once, and what others install after it is theirs")
  func failed() {
    let open = PackageRecord(manager: .apt).opened(on: installed("base"))
    let failed = open.closed(on: installed("base", "half"), isCutShort: true)
    #expect(failed.isUnfinished)
    let record = failed.opened(on: installed("base", "half", "theirs"))
      .closed(on: installed("base", "half", "theirs", "rest"))
    #expect(record.added == ["half", "rest"])
    #expect(!record.isUnfinished)
  }

  @Test("has the configuration that a removal of ours left, and not that of others")
  func leftConfiguration() {
    let record = PackageRecord(manager: .apt, configured: ["exim4"], added: ["dpdk", "exim4", "libdep"])
    let left = installed("base", "libdep", configurations: ["dpdk", "exim4", "theirs"])
    #expect(record.addedIDs(on: left) == ["dpdk", "libdep"])
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
    #expect(needed.map(\.capabilities) == [["librte_eal.so.23()(64bit)"]])
    #expect(needed.map(\.by) == ["openvswitch.x86_64"])
  }

  @Test(
    "rpm's refusal names a capability with a version, which is no part of its name",
    arguments: ["= 22.11-1.el9", ">= 22.11", "< 23", "<= 2:23"])
  func rpmVersions(version: String) {
    let said = "\tdpdk(x86-64) \(version) is needed by (installed) dpdk-tools-2:22.11-1.el9.x86_64"
    let needed = RemovalTrial.neededByRPM(said)
    #expect(needed.map(\.capabilities) == [["dpdk(x86-64)"]])
    #expect(needed.map(\.by) == ["dpdk-tools.x86_64"])
  }

  @Test(
    "rpm's refusal names each capability of a rich dependency",
    arguments: [
      ("(dpdk or nosuch)", ["dpdk", "nosuch"]),
      ("((dpdk >= 22.11 with dpdk < 23) or libfoo.so.1()(64bit))", ["dpdk", "dpdk", "libfoo.so.1()(64bit)"]),
      ("(dpdk(x86-64) if kernel)", ["dpdk(x86-64)", "kernel"]),
    ])
  func rpmRichDependencies(requirement: String, capabilities: [String]) {
    let needed = RemovalTrial.neededByRPM("\t\(requirement) is needed by (installed) other-1-1.noarch")
    #expect(needed.map(\.capabilities) == [capabilities])
    #expect(needed.map(\.by) == ["other.noarch"])
  }

  @Test("revert leaves packages alone, and knows that they outlive the boot")
  func revert() {
    let effect = Effect.packages(PackageRecord(manager: .apt, added: ["dpdk"]))
    let entry = JournalEntry(time: "2026-01-01T00:00:00Z", boot: "b", machine: "m", effect: effect)
    #expect(effect.outlivesBoot)
    #expect(planRevert([entry], on: HostFacts(), boot: "b", machine: "m") == RevertPlan())
  }
}
