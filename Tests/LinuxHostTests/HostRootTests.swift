import LinuxHost
import Provisioning
import SystemPackage
import Testing

@Suite("A host root")
struct HostRootTests {
  @Test("reads a file, and knows an absent one from an unreadable one")
  func contents() throws {
    let fake = try FakeRoot(["etc/fstab": "one\n", "etc/hosts": .directory])
    #expect(try fake.root.contents("/etc/fstab") == "one\n")
    #expect(try fake.root.contents("/etc/nothing") == nil)
    #expect(try fake.root.contents("/etc/fstab/below") == nil)
    #expect(throws: Errno.isDirectory) { try fake.root.contents("/etc/hosts") }
  }

  @Test(
    "keeps every link inside",
    arguments: ["/absolute", "/relative", "/above", "/chain", "/directory/hostname", "/../../../etc/hostname"])
  func confinement(path: String) throws {
    let fake = try FakeRoot([
      "etc/hostname": "inside",
      "absolute": .link("/etc/hostname"),
      "relative": .link("etc/hostname"),
      "above": .link("../../../../../../../../etc/hostname"),
      "chain": .link("/absolute"),
      "directory": .link("/etc"),
    ])
    #expect(try fake.root.contents(path) == "inside")
  }

  @Test("does not find outside what is absent inside")
  func confinementOfAbsentFiles() throws {
    let fake = try FakeRoot(["passwd": .link("/etc/passwd"), "up": .link("nowhere/../../../../etc/passwd")])
    #expect(try fake.root.contents("/passwd") == nil)
    #expect(try fake.root.contents("/up") == nil)
    #expect(try fake.root.status("/passwd", followingLast: true) == nil)
    #expect(try fake.root.status("/passwd")?.kind == .symbolicLink)
    #expect(try fake.root.location(of: "/passwd").string == fake.path("etc/passwd"))
    #expect(try fake.root.location(of: "/passwd", followingLast: false).string == fake.path("passwd"))
  }

  @Test("gives up on links that go round in a circle")
  func circle() throws {
    let fake = try FakeRoot(["a": .link("b"), "b": .link("/a")])
    #expect(throws: Errno.tooManySymbolicLinkLevels) { try fake.root.contents("/a") }
    #expect(try fake.root.link("/a") == "b")
  }

  @Test("lists a directory sorted, and only what begins as asked")
  func entries() throws {
    let fake = try FakeRoot(["lib/b1": "", "lib/a1": "", "lib/b0": .directory, "there": .link("/lib")])
    #expect(try fake.root.entries("/lib") == ["a1", "b0", "b1"])
    #expect(try fake.root.entries("/there", prefix: "b") == ["b0", "b1"])
    #expect(try fake.root.entries("/nothing") == nil)
    #expect(try fake.root.entries("/lib/a1") == nil)
  }

  @Test("is the running host only for the root directory itself", arguments: ["/", "//", "/usr/..", "/."])
  func runningHost(path: String) throws {
    #expect(HostRoot(FilePath(path)).isRunningHost)
    #expect(!(try FakeRoot([:]).root.isRunningHost))
    #expect(HostRoot(FilePath(path)) == HostRoot.runningHost)
  }

  @Test("reads a device file to a limit, not for ever")
  func limit() {
    #expect(throws: Errno.fileTooLarge) { try HostRoot.runningHost.contents("/dev/zero") }
  }
}
