import Provisioning
import Testing

@Suite("DPDK by the names of its files")
struct DPDKTextTests {
  @Test(
    "a library's name holds the ABI",
    arguments: [
      ("librte_eal.so.23", "23"), ("librte_eal.so.23.0", "23"), ("librte_eal.so.24.2", "24"),
      ("librte_eal.so.20.0", "20.0"), ("librte_eal.so.20.0.1", "20.0"), ("librte_eal.so.17.11", "17.11"),
      ("librte_eal.so.9.1", "9"), ("librte_eal.so.6", "6"), ("librte_eal.so", nil), ("librte_eal.so.", nil),
      ("librte_eal.so.23-old", nil),
      ("librte_ethdev.so.23", nil), ("librte_eal.a", nil),
    ] as [(String, String?)])
  func abi(name: String, expected: String?) { #expect(EALLibrary.abi(ofFile: name) == expected) }

  @Test("link and file of one ABI are one library, and the newest comes first")
  func libraries() {
    let libraries = EALLibrary.libraries(
      in: ["librte_eal.so", "librte_eal.so.20.0", "librte_eal.so.23.0", "librte_eal.so.23", "librte_eal.so.99.0"],
      of: "/usr/lib")
    #expect(
      libraries == [
        EALLibrary(path: "/usr/lib/librte_eal.so.99.0", abi: "99", release: nil),
        EALLibrary(path: "/usr/lib/librte_eal.so.23", abi: "23", release: "22.11"),
        EALLibrary(path: "/usr/lib/librte_eal.so.20.0", abi: "20.0", release: "19.11"),
      ])
  }

  @Test(
    "a driver's file names the driver",
    arguments: [
      ("librte_net_failsafe.so.23", "net_failsafe"), ("librte_net_mlx5.so", "net_mlx5"),
      ("librte_net_af_packet.so.23.0", "net_af_packet"), ("librte_pmd_mlx5.so.20.0", "net_mlx5"),
      ("librte_pmd_aesni_mb.so.20.0", nil), ("librte_net.so.23", nil), ("librte_net_mlx5.a", nil),
      ("librte_net_mlx5.sources", nil), ("librte_crypto_qat.so.23", nil),
    ] as [(String, String?)])
  func driver(name: String, expected: String?) { #expect(DPDKInstallation.networkDriver(ofFile: name) == expected) }

  @Test(
    "a provider's file names the provider",
    arguments: [
      ("libmlx5-rdmav34.so", "mlx5"), ("libmana.so.1", "mana"), ("libmlx4.so.1", "mlx4"), ("libmount.so.1", nil),
      ("libmlx5.so.1.24.44.0", nil), ("mlx5-rdmav34.so", nil),
    ] as [(String, String?)])
  func provider(name: String, expected: String?) { #expect(DPDKInstallation.verbsProvider(ofFile: name) == expected) }

  @Test(
    "what libibverbs leads to tells the release of rdma-core",
    arguments: [
      ("libibverbs.so.1.14.44.0", "44.0"), ("libibverbs.so.1.1.15", "15"), ("libibverbs.so.1.14.50.3", "50.3"),
      ("libibverbs.so.1", nil), ("libibverbs.so.1.0", nil), ("libibverbs.so", nil), ("libmlx5.so.1.24.44.0", nil),
    ] as [(String, String?)])
  func rdmaCore(name: String, expected: String?) { #expect(DPDKInstallation.rdmaCore(ofFile: name) == expected) }

  @Test("libraries that Debian and Ubuntu named by the release tell it")
  func releaseNames() {
    let libraries = EALLibrary.libraries(in: ["librte_eal.so.17.11", "librte_eal.so.16.01"], of: "/usr/lib")
    #expect(libraries.map(\.release) == ["17.11", nil])
  }

  @Test("the version stands in the pkg-config file")
  func version() {
    #expect(DPDKInstallation.version(ofPackage: "prefix=/usr\nName: DPDK\nVersion: 22.11.11\n") == "22.11.11")
    #expect(DPDKInstallation.version(ofPackage: "Version:\n") == nil)
    #expect(DPDKInstallation.version(ofPackage: "") == nil)
  }
}
