import SystemPackage
import Testing

@testable import LinuxHost

@Suite("Where the program's own files are")
struct InstallationTests {
  @Test("An installed program is what the kernel runs, with the host's libraries")
  func installed() {
    let installation = Installation(executable: "/usr/bin/dpdk-host")
    #expect(installation.program == "/usr/bin/dpdk-host")
    #expect(installation.directory == "/usr/bin")
    #expect(installation.carriedLibraries == nil)
  }

  @Test("A bundle's program is the one that starts its loader, and its libraries are the loader's")
  func bundle() {
    let installation = Installation(executable: "/opt/dpdk-host/lib/loader/dpdk-host")
    #expect(installation.program == "/opt/dpdk-host/dpdk-host")
    #expect(installation.directory == "/opt/dpdk-host")
    #expect(installation.carriedLibraries == "/opt/dpdk-host/lib")
  }

  @Test("A bundle's profiles are its own, also beside those of another installation")
  func profiles() throws {
    let folders = ["share/dpdk-host/profiles", "bundle/profiles", "profiles"]
    let tree = try FakeRoot(
      Dictionary(uniqueKeysWithValues: folders.map { ("\($0)/distributions.yml", FakeRoot.Node.text("")) }))
    func profiles(of program: String) throws -> String {
      try Installation(executable: FilePath(tree.path(program))).profiles().string
    }
    #expect(try profiles(of: "bundle/lib/loader/dpdk-host") == tree.path("bundle/profiles"))
    #expect(try profiles(of: "bin/dpdk-host") == tree.path("share/dpdk-host/profiles"))
    #expect(throws: HostError.self) { try profiles(of: "empty/lib/loader/dpdk-host") }
  }

  @Test(
    "Only a loader in 'lib/loader' makes a bundle",
    arguments: ["/lib/dpdk-host", "/srv/loader/dpdk-host", "/lib/loader/bin/dpdk-host", "/"])
  func other(executable: FilePath) {
    #expect(Installation(executable: executable).program == executable)
    #expect(Installation(executable: executable).carriedLibraries == nil)
  }
}
