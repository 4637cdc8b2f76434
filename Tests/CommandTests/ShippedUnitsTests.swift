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

  /// Runs `body` with a folder of units where ours are, enabled.
  static func withUnits(_ body: (_ folder: URL, _ units: [String]) async throws -> Void) async throws {
    let root = FileManager.default.temporaryDirectory.appending(path: "dpdk-host-units-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    var units: [String] = []
    for file in try Self.files() where file.path.hasPrefix("/etc/systemd/system/") {
      let url = root.appending(path: file.path)
      switch file.content {
      case .text(let text):
        try place(text, at: url)
        units.append(url.path)
      case .link(let target): try link(root.appending(path: target), at: url)
      }
    }
    try await body(root.appending(path: "etc/systemd/system"), units)
  }

  private static func place(_ text: String, at url: URL) throws {
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: url, atomically: true, encoding: .utf8)
  }

  private static func link(_ target: URL, at url: URL) throws {
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: url.path, withDestinationPath: target.path)
  }

  /// What is said of these units, by name or path, where the folder's come before those of this machine.
  static func verify(_ units: [String], in folder: URL) async throws -> ProgramResult {
    try await run("/usr/bin/env", ["SYSTEMD_UNIT_PATH=\(folder.path):", analyze, "--man=no", "verify"] + units)
  }

  @Test(
    "systemd-analyze verify has nothing to say about them",
    .enabled(if: hasSystemd, "systemd-analyze is not installed"))
  func verified() async throws {
    try await Self.withUnits { folder, units in
      #expect(units.count == 6)
      let result = try await Self.verify(units, in: folder)
      #expect(result.code == 0)
      #expect(result.errors == "")
    }
  }

  @Test(
    "a mount below the disk that cloud-init mounts makes no ordering cycle, as it would before local-fs.target",
    .enabled(if: hasSystemd, "systemd-analyze is not installed"), arguments: [false, true])
  func noCycle(hasDefaultDependencies: Bool) async throws {
    try await Self.withUnits { folder, units in
      // What fstab's generator, ifupdown and cloud-init have on Debian, as far as it orders.
      let others = [
        "mnt.mount": """
        [Unit]
        Requires=cloud-init.service
        After=cloud-init.service
        [Mount]
        What=tmpfs
        Where=/mnt
        Type=tmpfs
        Options=nofail,x-systemd.requires=cloud-init.service
        """,
        "networking.service": """
        [Unit]
        DefaultDependencies=no
        After=local-fs.target
        Wants=local-fs.target
        Before=network.target network-online.target
        [Service]
        Type=oneshot
        ExecStart=/bin/true
        """,
        "cloud-init.service": """
        [Unit]
        DefaultDependencies=no
        Wants=networking.service
        After=networking.service
        Before=network-online.target sysinit.target
        [Service]
        Type=oneshot
        ExecStart=/bin/true
        """,
      ]
      for (name, text) in others { try Self.place(text + "\n", at: folder.appending(path: name)) }
      try Self.link(folder.appending(path: "mnt.mount"), at: folder.appending(path: "local-fs.target.wants/mnt.mount"))
      if hasDefaultDependencies {
        let mount = URL(filePath: try #require(units.first { $0.hasSuffix(".mount") }))
        let text = try String(contentsOf: mount, encoding: .utf8)
        try Self.place(text.replacing("DefaultDependencies=no\n", with: ""), at: mount)
      }
      let result = try await Self.verify(["multi-user.target"], in: folder)
      #expect(result.errors.contains("ordering cycle") == hasDefaultDependencies, "\(result.errors)")
    }
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
