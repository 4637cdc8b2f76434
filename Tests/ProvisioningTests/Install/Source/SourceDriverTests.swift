import Provisioning
import Testing

@Suite("The drivers of a DPDK from source")
struct SourceDriverTests {
  static func release(_ text: String) throws -> DottedNumber { try #require(DottedNumber(text)) }

  @Test(
    "are asked for from the release on that has them",
    arguments: [
      ("net/mana", "22.11", true), ("net/mana", "22.07", false), ("bus/auxiliary", "21.08", true),
      ("bus/auxiliary", "21.05", false), ("net/memif", "18.11", false), ("net/memif", "19.08", true),
      ("net/netvsc", "18.11", true), ("net/failsafe", "18.11", true), ("net/mlx4", "23.11", true),
    ])
  func since(driver: String, release: String, isAsked: Bool) throws {
    #expect(try SourceDrivers.asked(of: Self.release(release)).contains(driver) == isAsked)
  }

  @Test("others are asked for beside them, each once")
  func extra() throws {
    let asked = SourceDrivers.asked(of: try Self.release("22.11"), extra: ["net/virtio", "net/null"])
    #expect(try asked.count == SourceDrivers.asked(of: Self.release("22.11")).count + 1)
    #expect(asked.contains("net/virtio"))
  }

  @Test("that meson leaves out are told with its reason, before anything is compiled")
  func setup() {
    let said = """
      Message:
      =================
      Content Skipped
      =================
      libs:
      \tkni:\texplicitly disabled via build config (deprecated lib)
      drivers:
      \tnet/mlx4:\tmissing dependency, "mlx4"
      \tnet/mlx5:\tmissing internal dependency, "common_mlx5"
      \tnet/ixgbe:\tnot in enabled drivers build config
      """
    let findings = SourceDrivers.missing(
      ["net/mlx4", "net/mlx5", "net/null"], inSetup: said.split(separator: "\n").map(String.init))
    #expect(findings.map(\.subject) == ["net/mlx4", "net/mlx5"])
    #expect(findings.allSatisfy { $0.id == "dpdk.driverMissing" && $0.severity == .blocker })
    #expect(findings.first?.message == #"cannot be built here: missing dependency, "mlx4""#)
    #expect(findings.first?.remedy.contains("--waive dpdk.driverMissing") ?? false)
  }

  @Test(
    "are looked for in what was built, by the names of either time",
    arguments: [
      ("net/mlx5", "librte_net_mlx5.so.23.0", true), ("net/mlx5", "librte_net_mlx5.a", false),
      ("net/mlx5", "librte_common_mlx5.so.23", false), ("bus/vmbus", "librte_bus_vmbus.so.23", true),
      ("net/mlx5", "librte_pmd_mlx5.so.20.0", true), ("bus/vmbus", "librte_pmd_vmbus.so.20.0", false),
      ("net/mlx5", "librte_net_mlx5.so", false),
    ])
  func built(driver: String, file: String, isThere: Bool) {
    #expect(SourceDrivers.missing([driver], inFiles: [file, "librte_eal.so.23"]).isEmpty == isThere)
  }

  @Test("that the tree is without are told before anything is built")
  func tree() throws {
    let tree = SourceTree(version: "22.11.11", release: try Self.release("22.11"), drivers: ["net/mlx5"])
    #expect(SourceDrivers.missing(["net/mlx5", "net/mana"], in: tree).map(\.subject) == ["net/mana"])
  }

  @Test("cannot be limited where VFIO may hold any NIC")
  func known() throws {
    var profile = Profile(name: "x")
    #expect(SourceDrivers.areKnown(for: profile))
    profile.interfaces.pmd = .vfio
    #expect(!SourceDrivers.areKnown(for: profile))
  }
}
