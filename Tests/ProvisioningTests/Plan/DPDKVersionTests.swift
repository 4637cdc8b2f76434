import Provisioning
import Testing

@Suite("The version of DPDK, and of what is below it")
struct DPDKVersionTests {
  func found(_ profile: Profile, on host: HostFacts) -> [Finding] {
    planDPDK(profile, on: host).filter { ["dpdk.tooOld", "dpdk.abiMismatch"].contains($0.id) }
  }

  @Test(
    "is enough from the PMD's minimum on",
    arguments: [
      (.failsafe, "17.11", true), (.failsafe, "18.11", false), (.failsafe, "22.11", false), (.netvsc, "21.11", true),
      (.netvsc, "22.11", false), (.mana, "21.11", true), (.mana, "23.11", false),
    ] as [(Profile.Interfaces.PMD, String, Bool)])
  func minimum(pmd: Profile.Interfaces.PMD, release: String, isTooOld: Bool) {
    let host = azureHost(functions: [pmd == .mana ? "1414:00ba" : "15b3:1016"], release: release)
    let findings = found(dataProfile(pmd), on: host)
    #expect(findings.map(\.id) == (isTooOld ? ["dpdk.tooOld"] : []))
    if isTooOld {
      #expect(findings[0].subject == "DPDK \(release)")
      #expect(findings[0].message.hasSuffix("is \(release)"))
    }
  }

  @Test(
    "of rdma-core is the one that the NIC's PMD needs",
    arguments: [
      ("15b3:1004", "14", true), ("15b3:1004", "15.3", false), ("15b3:1016", "15.3", true),
      ("15b3:1016", "16.9", false), ("1414:00ba", "43.0", true), ("1414:00ba", "44.0", false),
    ])
  func rdmaCore(function: String, version: String, isTooOld: Bool) {
    var host = azureHost(functions: [function])
    host.dpdk.rdmaCore = version
    let findings = found(dataProfile(.auto), on: host)
    #expect(findings.map(\.subject) == (isTooOld ? ["rdma-core \(version)"] : []))
  }

  @Test(
    "is told by the library's own version before 19.11",
    arguments: [
      ("librte_eal.so.6", "17.11", true), ("librte_eal.so.9.1", "18.11", false), ("librte_eal.so.11", "19.08", false),
    ])
  func early(file: String, release: String, isTooOld: Bool) {
    var host = azureHost(functions: ["15b3:1016"])
    host.dpdk.libraries = EALLibrary.libraries(in: [file], of: "/usr/lib")
    #expect(host.dpdk.release == DottedNumber(release))
    #expect(found(dataProfile(.failsafe), on: host).map(\.subject) == (isTooOld ? ["DPDK \(release)"] : []))
  }

  @Test("is that of the pkg-config file where the library's is not known")
  func unknownLibrary() {
    var host = sampleHost()
    host.dpdk.libraries = [EALLibrary(path: "/usr/lib/librte_eal.so.99", abi: "99", release: nil)]
    host.dpdk.developmentVersion = "30.11.1"
    #expect(host.dpdk.release == DottedNumber("30.11.1"))
  }

  @Test("an engine that was built for another ABI is named with both")
  func abi() {
    var host = sampleHost()
    host.dpdk.engineABI = "23"
    #expect(found(profile(), on: host).isEmpty)
    host.dpdk.libraries = [EALLibrary(path: "/usr/lib/librte_eal.so.24", abi: "24", release: "23.11")]
    let findings = found(profile(), on: host)
    #expect(findings.map(\.id) == ["dpdk.abiMismatch"])
    #expect(findings[0].message == "was built for DPDK 22.11 (ABI 23), installed is DPDK 23.11 (ABI 24)")
    host.dpdk.libraries.append(EALLibrary(path: "/usr/lib/librte_eal.so.23", abi: "23", release: "22.11"))
    #expect(found(profile(), on: host).isEmpty)
  }

  @Test("too old, and of another ABI, block what is to be measured")
  func blocks() {
    var host = sampleHost()
    host.dpdk.engineABI = "22"
    let plan = plan(profile(), Requirements(), on: host)
    let findings = verificationFindings(profile(), plan, isApplied: false, on: host, waiving: [])
    #expect(findings.contains { $0.id == "dpdk.abiMismatch" && $0.severity == .blocker })
  }
}
