import Provisioning
import SystemPackage
import Testing

@testable import LinuxHost

@Suite("DPDK that a bundle carries")
struct CarriedDPDKTests {
  @Test("is found in the place of the host's, with whether the host has one", arguments: [false, true])
  func carried(hostHasOwn: Bool) throws {
    let lib = "opt/bundle/lib"
    let fake = try FakeRoot([
      "\(lib)/librte_eal.so.23": "", "\(lib)/librte_net_memif.so.23": "",
      "\(lib)/dpdk/pmds-23.0/librte_net_memif.so.23.0": .link("../../librte_net_memif.so.23"),
      "\(lib)/libibverbs.so.1": "", "\(lib)/libibverbs/libmlx5-rdmav34.so": "",
      "usr/lib64/librte_net_null.so.24": "", "usr/lib64/librte_eal.so": .link("nowhere"),
      hostHasOwn ? "usr/lib64/librte_eal.so.24" : "usr/lib64/libother.so.1": "",
    ])
    var reader = FactReader(fake.root)
    #expect(
      reader.dpdk(carried: FilePath("/\(lib)"))
        == DPDKInstallation(
          libraries: [EALLibrary(path: "/\(lib)/librte_eal.so.23", abi: "23", release: "22.11")],
          networkDrivers: ["net_memif"], libibverbs: "/\(lib)/libibverbs.so.1", verbsProviders: ["mlx5"],
          hostHasOwn: hostHasOwn))
  }
}
