import EngineMessages
import Foundation
import SystemPackage
import TestSupport
import Testing

extension EngineProgram {
  @Suite(
    "Hugepages", .enabled(if: isRoot && hasHugepages, "needs root and hugepages of 2M on node 0"),
    .timeLimit(.minutes(5)))
  struct HugepageTests {
    static let pages = 96  // more than there are
    let mount = "/tmp/dpdk-host-test-huge-\(UUID().uuidString)"
    let engine = buildDirectory.appending("dpdk-host-engine")

    /// Hugepages and a mount that only the programs of `body` see.
    func withMount(_ body: @Sendable @escaping (MountNamespace) async throws -> Void) async throws {
      try await Pools.exclusively {
        try Pools.setPages(try Pools.pages() + Self.pages)
        try FileManager.default.createDirectory(atPath: mount, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: mount) }
        try await MountNamespace.with { [mount] host in
          let mounted = try await host.run("/bin/mount", "-t", "hugetlbfs", "-o", "pagesize=2M", "none", mount)
          try #require(mounted.code == 0, "\(mounted.errors)")
          try await body(host)
        }
      }
    }

    /// The last line of a run, which is its result.
    func result(of run: ProgramResult) throws -> TrafficResult {
      let last = try #require(run.output.split(separator: "\n").last, "\(run.errors)")
      guard case .result(let result) = try JSONDecoder().decode(EngineEvent.self, from: Data(last.utf8)) else {
        throw Errno.badMessage
      }
      return result
    }

    @Test("the files of a run lie on the mount that it was told, and are gone with it")
    func files() async throws {
      try await withMount { [mount, engine] host in
        let prefix = EngineProcess.newPrefix()
        async let watched = {
          for _ in 1...200 {
            if try await host.run("/bin/ls", mount).output.contains("\(prefix)map_") { return true }
            try await Task.sleep(for: .milliseconds(10))
          }
          return false
        }()
        let run = try await host.run(
          engine, "rx", "--format", "json", "--vdev", "net_null0", "--huge-dir", mount, "--file-prefix", prefix,
          "--duration", "1")
        #expect(run.code == 0, "\(run.errors)")
        #expect(try result(of: run).ports[0].rxPackets > 0)
        let seen = try await watched
        #expect(seen)
        let left = try await host.run("/bin/ls", mount).output
        #expect(left.isEmpty)
      }
    }

    @Test("loopback over failsafes on a memif pair loses nothing and ends cleanly, ten times")
    func failsafe() async throws {
      try await withMount { [mount, engine] host in
        for _ in 1...10 {
          let prefix = EngineProcess.newPrefix()
          let devices = memoryInterfaces { index, device in "net_failsafe\(index),dev(\(device))" }
          let run = try await host.run(
            engine,
            arguments: [
              "loopback", "--format", "json", "--huge-dir", mount, "--file-prefix", prefix, "--duration", "0.1",
            ] + devices)
          // A crash while EAL is torn down, after the result, is one too.
          #expect(run.code == 0, "\(run.status) \(run.errors)")
          let result = try result(of: run)
          #expect(result.loss?.lost == 0)
          #expect(result.ports.map(\.driver) == ["net_failsafe", "net_failsafe"])
        }
      }
    }

    @Test("hugepages without a mount leave nothing either")
    func inMemory() async throws {
      try await withMount { [mount, engine] host in
        let run = try await host.run(
          engine, "rx", "--in-memory", "--format", "json", "--vdev", "net_null0", "--duration", "0.1", "--file-prefix",
          EngineProcess.newPrefix())
        #expect(run.code == 0, "\(run.errors)")
        let left = try await host.run("/bin/ls", mount).output
        #expect(left.isEmpty)
      }
    }
  }
}
