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

  @Test(
    "Only a loader in 'lib/loader' makes a bundle",
    arguments: ["/lib/dpdk-host", "/srv/loader/dpdk-host", "/lib/loader/bin/dpdk-host", "/"])
  func other(executable: FilePath) {
    #expect(Installation(executable: executable).program == executable)
    #expect(Installation(executable: executable).carriedLibraries == nil)
  }
}
