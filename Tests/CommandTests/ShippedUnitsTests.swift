import Foundation
import Provisioning
import SystemPackage
import TestSupport
import Testing

@Suite("The units that are shipped")
struct ShippedUnitsTests {
  static let analyze = "/usr/bin/systemd-analyze"
  static let hasSystemd = FileManager.default.isExecutableFile(atPath: analyze)

  /// What planning leaves on a host, and the one-time continuation, with this build's program.
  static func files() throws -> [LastingFile] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "systemd")
    var templates: [String: String] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      templates[name] = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }
    let profile = Profile(
      name: "test",
      hugepages: [
        .init(
          size: .twoMegabytes, amount: .perNode(1),
          mount: .init(path: "/mnt/my-huge pages", owner: .id(0), mode: 0o770))
      ])
    var facts = HostFacts(usesSystemd: true)
    for path in lastingPaths(for: profile) { facts.files[path] = FileFacts(kind: .absent) }
    let persistence = Persistence(
      templates: templates, program: dpdkHost.string, profileText: "name: test\n", waived: ["kernel.tooOld"])
    let plan = planLasting(profile, persistence, needsEarlyHugepages: true, on: facts)
    #expect(plan.findings.isEmpty)
    let continuation = try #require(Continuation(persistence, result: "/var/log/dpdk-host.json", console: true))
    return plan.actions.compactMap { if case .writeFile(let file) = $0.action { file } else { nil } }
      + continuation.files
  }

  @Test(
    "systemd-analyze verify has nothing to say about them",
    .enabled(if: hasSystemd, "systemd-analyze is not installed"))
  func verified() async throws {
    let root = FileManager.default.temporaryDirectory.appending(path: "dpdk-host-units-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    var units: [String] = []
    for file in try Self.files() where file.path.hasPrefix("/etc/systemd/system/") {
      let url = root.appending(path: file.path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      switch file.content {
      case .text(let text):
        try text.write(to: url, atomically: true, encoding: .utf8)
        units.append(url.path)
      case .link(let target):
        try FileManager.default.createSymbolicLink(
          atPath: url.path, withDestinationPath: root.appending(path: target).path)
      }
    }
    #expect(units.count == 6)
    // Units by their paths, so that they refer to each other, and not to those of this machine.
    let folder = root.appending(path: "etc/systemd/system").path
    let result = try await run(
      "/usr/bin/env", ["SYSTEMD_UNIT_PATH=\(folder):", Self.analyze, "--man=no", "verify"] + units)
    #expect(result.code == 0)
    #expect(result.errors == "")
  }

  @Test(
    "systemd-escape gives mounts the names that we do", .enabled(if: hasSystemd, "systemd-escape is not installed"),
    arguments: [
      "/", "/mnt/huge", "/mnt/huge-1G", "/mnt/my pages", "/.huge", "/mnt/.huge", "/mnt/größe", "/a:b_c.d", "/a\\b",
      "/a+b@c", "/ä", "/a\u{7f}b", "/-", "/0/_/:",
    ])
  func escaped(path: String) async throws {
    let result = try await run("/usr/bin/systemd-escape", ["--path", "--", path])
    #expect(result.output == UnitName.escaped(path: path) + "\n")
  }
}
