import EngineMessages
import Foundation
import Glibc
import LinuxHost
import Synchronization
import SystemPackage
import TestSupport
import Testing

/// A program that plays a bad engine, gone with the test.
private struct FakeEngine: ~Copyable {
  let path: FilePath

  init(_ script: String) async throws {
    path = FilePath("/tmp/dpdk-host-fake-engine-\(UUID().uuidString)")
    let source = path.string + ".sh"
    defer { unlink(source) }
    try "#!/bin/sh\ncat >/dev/null\n\(script)\n".write(toFile: source, atomically: false, encoding: .utf8)
    // Copied by a process of its own: a program that we had open for writing while another test forks is "busy".
    let copied = try await run("/usr/bin/install", ["-m", "0755", source, path.string])
    try #require(copied.code == 0, "\(copied.errors)")
  }

  deinit { unlink(path.string) }
}

@Suite("The engine as a child", .timeLimit(.minutes(1)))
struct EngineProcessTests {
  let request = EngineRequest(mode: .loopback, duration: 0, warmUp: 0)
  let result = #"{"event":"result","seconds":1,"ports":[]}"#

  func failure(_ script: String, grace: Duration = engineGrace) async throws -> HostError {
    let engine = try await FakeEngine(script)
    do throws(HostError) {
      let run = try await runEngine(request, at: engine.path, grace: grace) { _ in }
      Issue.record("it went well: \(run)")
      return HostError("")
    } catch { return error }
  }

  @Test("a result is handed over, and events are told as they come")
  func good() async throws {
    let engine = try await FakeEngine("echo '{\"event\":\"sample\",\"elapsed\":1,\"ports\":[]}'; echo '\(result)'")
    let events = Mutex([EngineEvent]())
    let run = try await runEngine(request, at: engine.path) { event in events.withLock { $0.append(event) } }
    #expect(run.result == TrafficResult(seconds: 1, ports: []))
    #expect(events.withLock { $0.count } == 2)
  }

  @Test("notices are handed over with the result")
  func notices() async throws {
    let engine = try await FakeEngine("echo '{\"event\":\"notice\",\"message\":\"slow port\"}'; echo '\(result)'")
    #expect(try await runEngine(request, at: engine.path) { _ in }.notices == ["slow port"])
  }

  @Test("what it said on standard error is handed over with the result, the last words of it")
  func log() async throws {
    let engine = try await FakeEngine("seq 40 >&2; echo '\(result)'")
    #expect(try await runEngine(request, at: engine.path) { _ in }.log == (29...40).map(String.init))
  }

  @Test(
    "each way to go wrong is told as such, with the engine's last words",
    arguments: [
      ("echo EAL: boom >&2; exit 3", "ended with exit code 3"),
      ("echo EAL: boom >&2; kill -SEGV $$", "was killed by signal 11"),
      ("echo EAL: boom >&2; echo 'not JSON'", "printed what is not an event: 'not JSON'"),
      ("echo EAL: boom >&2; echo '{\"event\":\"unheard\"}'", "printed what is not an event"),
      ("echo EAL: boom >&2; exit 0", "ended without a result"),
      (
        "echo EAL: boom >&2; echo '{\"event\":\"failed\",\"message\":\"no such port\"}'; exit 1", "failed: no such port"
      ),
    ])
  func wrong(script: String, message: String) async throws {
    let error = try await failure(script)
    #expect(error.message.contains(message), "\(error)")
    #expect(error.message.contains("EAL: boom"), "\(error)")
  }

  @Test("an engine that hangs is ended")
  func hangs() async throws {
    let started = ContinuousClock.now
    let error = try await failure("exec sleep 50", grace: .milliseconds(300))
    #expect(error.message.contains("hung"))
    #expect(ContinuousClock.now - started < .seconds(20))
  }

  @Test("an engine that hangs and ignores the request to end is ended by force")
  func stubborn() async throws {
    let error = try await failure(
      "trap '' TERM; i=0; while [ $i -lt 40 ]; do sleep 1; i=$((i+1)); done", grace: .milliseconds(300))
    #expect(error.message.contains("hung"))
  }

  @Test("more words on standard error than a pipe holds do not stop it, and the last are kept")
  func talkative() async throws {
    let error = try await failure("yes 'EAL: the same again' | head -n 40000 >&2; echo the end >&2; exit 1")
    #expect(error.message.hasSuffix("the end"))
  }

  @Test("a backtrace of EAL does not push the reason out")
  func backtrace() async throws {
    let line = "/lib/x86_64-linux-gnu/librte_eal.so.23 (rte_bus_probe+0x23) [7f40ec1098e3]"
    let error = try await failure(
      "echo PANIC in probe >&2; for i in $(seq 30); do echo \"$i: \(line)\" >&2; done; kill -ABRT $$")
    #expect(error.message.hasSuffix("signal 6; its last words:\n  PANIC in probe"))
  }

  @Test("a program that is not there, or cannot be run, is told")
  func notThere() async {
    await #expect(throws: HostError.self) { try await runEngine(request, at: "/no/such/engine") { _ in } }
    await #expect(throws: HostError.self) { try await runEngine(request, at: "/etc/passwd") { _ in } }
  }

  @Test("nothing of our environment reaches the engine")
  func cleanEnvironment() async throws {
    setenv("LD_PRELOAD_TEST", "1", 1)
    let error = try await failure("env >&2; exit 1")
    #expect(!error.message.contains("LD_PRELOAD_TEST"))
    #expect(error.message.contains("LC_ALL=C"))
  }
}
