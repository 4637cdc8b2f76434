import EngineMessages
import Foundation
import TestSupport
import Testing

extension EngineProgram {
  @Suite("Telemetry")
  struct TelemetryTests {
    private func start(
      _ prefix: String, memory: [String] = ["--no-huge", "64"], launcher: [String] = [], _ more: [String] = []
    ) throws -> EngineProcess {
      try EngineProcess(
        ["rx"] + memory + ["--format", "json", "--stats-period", "0.1", "--file-prefix", prefix, "--vdev", "net_null0"]
          + more, launcher: launcher)
    }

    /// The end of a run by a signal, with nothing left of it.
    private func end(_ engine: EngineProcess, _ prefix: String) throws {
      kill(engine.id, SIGTERM)
      _ = try engine.finish().result()
      #expect(!FileManager.default.fileExists(atPath: TelemetryClient.directory(ofPrefix: prefix)))
    }

    @Test("The socket answers DPDK's commands and ours while the run lasts, and is gone after it")
    func answers() throws {
      let prefix = EngineProcess.newPrefix()
      let engine = try start(prefix)
      _ = try engine.nextLine()
      while true {
        let event = try JSONDecoder().decode(EngineEvent.self, from: Data(try engine.nextLine().utf8))
        if case .sample(let sample) = event, sample.elapsed > 0 { break }
      }
      let client = try TelemetryClient(path: TelemetryClient.path(ofPrefix: prefix))
      #expect(client.greeting["pid"] as? Int == Int(engine.id))
      let commands = try #require(try client.ask("/") as? [String])
      #expect(
        Set(commands).isSuperset(of: ["/dpdk_host/ports", "/dpdk_host/rates", "/dpdk_host/run", "/ethdev/stats"]))
      let statistics = try #require(try client.ask("/ethdev/stats,0") as? [String: Any])
      #expect(statistics["ipackets"] as? Int ?? 0 > 0)
      let run = try #require(try client.ask("/dpdk_host/run") as? [String: Any])
      #expect(run["mode"] as? String == "rx" && run["drop_pps"] as? Int == 0)
      #expect(run["phase"] as? String == "measuring")
      let rates = try #require(try client.ask("/dpdk_host/rates") as? [String: Int])
      #expect(rates["port_0/rx_pps"] ?? 0 > 0 && rates["port_0/tx_pps"] == 0)
      let port = try #require(try client.ask("/dpdk_host/rates,0") as? [String: Int])
      #expect(port["rx_pps"] ?? 0 > 0)
      #expect((try client.ask("/dpdk_host/ports") as? [String: [Int]]) == ["ports": [0]])
      #expect((try client.ask("/dpdk_host/ports,0") as? [String: Any])?["name"] as? String == "net_null0")
      #expect(try client.ask("/dpdk_host/ports,7") == nil)
      #expect(try client.ask("/dpdk_host/rates,x") == nil)
      // A client that stays connected holds nothing up.
      try end(engine, prefix)
      #expect(try client.isClosed())
    }

    @Test("A client that never stops asking does not harm the end of a run")
    func asking() throws {
      for _ in 0..<3 {
        let prefix = EngineProcess.newPrefix()
        let engine = try start(prefix, ["--duration", "0.2"])
        _ = try engine.nextLine()
        let client = try TelemetryClient(path: TelemetryClient.path(ofPrefix: prefix))
        while (try? client.ask("/ethdev/stats,0")) != nil {}
        _ = try engine.finish().result()
        #expect(!FileManager.default.fileExists(atPath: TelemetryClient.directory(ofPrefix: prefix)))
      }
    }

    @Test("Two engines at once have a socket each, also with one file prefix")
    func two() throws {
      let (first, second) = (EngineProcess.newPrefix(), EngineProcess.newPrefix())
      let engines = [try start(first), try start(second), try start(second)]
      for engine in engines { _ = try engine.nextLine() }
      let paths = [first, second].map(TelemetryClient.path) + [TelemetryClient.path(ofPrefix: second) + ":1"]
      let pids = try paths.map { try TelemetryClient(path: $0).greeting["pid"] as? Int }
      #expect(pids[0] == Int(engines[0].id))
      #expect(Set(pids) == Set(engines.map { Int($0.id) }))
      for engine in engines { kill(engine.id, SIGTERM) }
      for engine in engines { _ = try engine.finish().result() }
      for prefix in [first, second] {
        #expect(!FileManager.default.fileExists(atPath: TelemetryClient.directory(ofPrefix: prefix)))
      }
    }

    @Test("Without telemetry there is no socket")
    func without() throws {
      let prefix = EngineProcess.newPrefix()
      let engine = try start(prefix, ["--no-telemetry"])
      _ = try engine.nextLine()
      #expect(!FileManager.default.fileExists(atPath: TelemetryClient.path(ofPrefix: prefix)))
      try end(engine, prefix)
    }

    @Test("A prefix that leaves no room for the socket's name keeps nobody from running")
    func longPrefix() throws {
      let prefix = EngineProcess.newPrefix() + String(repeating: "x", count: 100)
      let engine = try start(prefix)
      _ = try engine.nextLine()
      try end(engine, prefix)
    }

    @Test(
      "A runtime directory that cannot be written to keeps nobody from running, and no socket lands elsewhere",
      .enabled(if: geteuid() == 0, "takes root for a mount namespace"))
    func readOnly() throws {
      let prefix = EngineProcess.newPrefix()
      let launcher = [
        "/usr/bin/unshare", "--mount", "--propagation", "private", "/bin/sh", "-c",
        "mount -t tmpfs -o ro none /run && exec \"$@\"", "sh",
      ]
      let engine = try start(prefix, launcher: launcher)
      _ = try engine.nextLine()
      #expect(!FileManager.default.fileExists(atPath: "/tmp/dpdk_telemetry.v2"))
      kill(engine.id, SIGTERM)
      _ = try engine.finish().result()
    }

    @Test("A run that fails leaves neither socket nor directory")
    func failures() throws {
      for devices in [["--vdev", "net_bogus0"], ["--vdev", "net_null0", "--queues", "200"]] {
        let prefix = EngineProcess.newPrefix()
        let ended = try EngineProcess(
          ["tx", "--no-huge", "64", "--format", "json", "--file-prefix", prefix] + devices
        ).finish()
        #expect(ended.code == 1)
        #expect(!FileManager.default.fileExists(atPath: TelemetryClient.directory(ofPrefix: prefix)))
      }
    }

    @Test(
      "The socket is there with anonymous hugepages too",
      .enabled(if: isRoot && hasHugepages, "needs root and hugepages of 2M on node 0"))
    func anonymousHugepages() async throws {
      try await Pools.exclusively {
        try Pools.setPages(try Pools.pages() + 64)
        let prefix = EngineProcess.newPrefix()
        let engine = try start(prefix, memory: ["--in-memory"])
        _ = try engine.nextLine()
        let client = try TelemetryClient(path: TelemetryClient.path(ofPrefix: prefix))
        #expect(try client.ask("/dpdk_host/run") != nil)
        try end(engine, prefix)
      }
    }
  }
}
