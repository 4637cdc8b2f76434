import Foundation
import Glibc
import Provisioning
import SystemPackage
import TestSupport
import Testing

/// A profile in a file of its own, gone with the test.
struct ProfileFile: ~Copyable {
  let path: String

  init(_ yaml: String) throws {
    path = "/tmp/dpdk-host-test-\(UUID().uuidString).yml"
    try yaml.write(toFile: path, atomically: true, encoding: .utf8)
  }

  deinit { unlink(path) }
}

/// The parts of a report that scripts branch on.
struct ReportFields: Decodable {
  struct Entry: Decodable {
    var id: String?
    var kind: String?
  }

  struct Traffic: Decodable {
    struct Port: Decodable {
      var driver: String
      var rxPps: Double
    }
    var ports: [Port]
  }

  var schema: String
  var verdict: Verdict
  var findings: [Entry]
  var actions: [Entry]
  var traffic: Traffic?
  var failure: String?

  init(_ json: String) throws { self = try JSONDecoder().decode(Self.self, from: Data(json.utf8)) }

  var ids: [String] { findings.compactMap(\.id) }
  var kinds: [String] { actions.compactMap(\.kind) }
}

/// A host to provision: the machine's own pools, and `/var/lib`, `/run` and `/mnt` of a namespace.
struct TestHost: Sendable {
  let namespace: MountNamespace
  /// The path of a profile that asks for ``pages`` on node 0, and a mount on `/mnt/test-huge`.
  let profile: String
  let before: Int
  let pages: Int

  /// Runs `body` while nobody else changes the machine's pools; then nothing may be left, neither pages nor files.
  ///
  /// - Parameters:
  ///   - extra: how many pages more than there are the profile asks for.
  ///   - minimum: packets a second.
  static func with(
    extra: Int = 160, minimum: Int = 1000, _ body: @Sendable @escaping (TestHost) async throws -> Void
  ) async throws {
    try await Pools.exclusively {
      let before = try Pools.pages()
      let file = try ProfileFile(
        """
        name: test
        hugepages:
          - {size: 2M, nodes: {0: \(before + extra)}, mount: {path: /mnt/test-huge, mode: 0750}}
        modules: []
        interfaces: {data: none, pmd: failsafe}
        boot: {units: none}
        verification: {method: loopback, duration: 1, minimum: {packetsPerSecond: \(minimum)}}
        """)
      let path = file.path
      try await MountNamespace.with { namespace in
        try await body(TestHost(namespace: namespace, profile: path, before: before, pages: before + extra))
        let traces = try await namespace.traces()
        #expect(traces.isEmpty, "left behind")
      }
      withExtendedLifetime(file) {}
      #expect(try Pools.pages() == before)
    }
  }

  /// Runs `dpdk-host COMMAND --profile … --format json`.
  func report(_ command: String) async throws -> (code: Int32, report: ReportFields, errors: String) {
    let result = try await namespace.run(dpdkHost, command, "--profile", profile, "--format", "json")
    return (result.code, try ReportFields(result.output), result.errors)
  }

  /// Runs `dpdk-host COMMAND --profile …`, which must end with 0.
  func succeed(_ command: String) async throws {
    let result = try await namespace.run(dpdkHost, command, "--profile", profile)
    #expect(result.code == 0, "\(command): \(result.errors)\(result.output)")
  }

  /// Runs `dpdk-host revert`, which must end with 0.
  func revert() async throws {
    let result = try await namespace.run(dpdkHost, "revert")
    #expect(result.code == 0, "revert: \(result.errors)\(result.output)")
  }

  /// A process that maps one page of the profile's mount, as a DPDK program does, and is gone after that time.
  func holdPage(seconds: Int) async throws -> ProgramResult {
    try await namespace.run(
      "/usr/bin/python3", "-c",
      """
      import mmap, os, time
      f = os.open("/mnt/test-huge/rtemap_0", os.O_CREAT | os.O_RDWR)
      os.ftruncate(f, 2 << 20)
      m = mmap.mmap(f, 2 << 20)
      m[0] = 1
      time.sleep(\(seconds))
      os.unlink("/mnt/test-huge/rtemap_0")
      """)
  }

  /// The names of the files on the profile's mount.
  func mapFiles() async throws -> [String] {
    try await namespace.run("/bin/ls", "/mnt/test-huge").output.split(separator: "\n").map(String.init)
  }

  /// The lines of `/proc/mounts` for the profile's mount.
  func mounts() async throws -> [String] {
    try await namespace.mounts().split(separator: "\n").map(String.init).filter { $0.contains(" /mnt/test-huge ") }
  }
}
