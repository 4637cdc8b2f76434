import Foundation
import Glibc
import Provisioning
import SystemPackage
import TestSupport
import Testing

/// The process that undoes what is not confirmed.
struct Watch {
  let pid: Int32

  /// A zombie that nobody has waited for has ended.
  var isRunning: Bool {
    guard let status = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return false }
    return status.split(separator: ")").last?.split(separator: " ").first != "Z"
  }

  func ended(within seconds: Double) async throws {
    let end = ContinuousClock.now + .seconds(seconds)
    while isRunning, ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(20)) }
    #expect(!isRunning, "process \(pid) outlives its time")
  }
}

extension TestHost {
  func apply(within seconds: Int, profile: String? = nil) async throws -> ProgramResult {
    try await namespace.run(
      dpdkHost, "apply", "--profile", profile ?? self.profile, "--confirm-within", "\(seconds)")
  }

  func confirm() async throws -> ProgramResult { try await namespace.run(dpdkHost, "confirm") }

  /// The watch by what is on file, as soon as it is.
  func watch() async throws -> Watch {
    struct Pending: Decodable {
      struct Watch: Decodable {
        struct Process: Decodable { var pid: Int32 }
        var process: Process
      }
      var watch: Watch?
    }
    for _ in 1...200 {
      let text = try await namespace.run("/bin/cat", "/run/dpdk-host/unconfirmed.json").output
      if let pending = try? JSONDecoder().decode(Pending.self, from: Data(text.utf8)), let watch = pending.watch {
        return Watch(pid: watch.process.pid)
      }
      try await Task.sleep(for: .milliseconds(10))
    }
    throw Errno.timedOut
  }

  /// Stops the `apply` that is about to run at its first entry in the journal.
  func stopApply() async throws -> Int32 {
    // One shell that spins: by a process a look, the work would often be over.
    let script = """
      until [ -s /var/lib/dpdk-host/journal.jsonl ]; do :; done
      read pid < /run/dpdk-host.lock && kill -STOP $pid && echo $pid
      """
    let stopped = try await namespace.run("/usr/bin/timeout", "10", "/bin/sh", "-c", script)
    guard stopped.code == 0, let pid = Int32(stopped.output.prefix { $0.isNumber }) else { throw Errno.timedOut }
    return pid
  }

  /// What the watch told is left for whoever looks; here, nobody will.
  func removeLog() async throws {
    let removed = try await namespace.run("/bin/rm", "-r", "/run/dpdk-host")
    #expect(removed.code == 0)
  }

  /// A profile that asks for 32 pages more, so that a second `apply` has something to do.
  func more() throws -> ProfileFile {
    try ProfileFile(
      """
      name: more
      hugepages: [{size: 2M, nodes: {0: \(pages + 32)}, mount: /mnt/test-huge}]
      modules: []
      interfaces: {data: none, pmd: failsafe}
      boot: {units: none}
      """)
  }

  /// Runs a program inside, which must end with 0.
  @discardableResult
  func must(_ program: FilePath, _ arguments: String...) async throws -> String {
    let result = try await namespace.run(program, arguments: arguments)
    #expect(result.code == 0, "\(program) \(arguments): \(result.errors)")
    return result.output
  }

  /// What the watch told.
  func watchLog() async throws -> String { try await must("/bin/cat", "/run/dpdk-host/unconfirmed.log") }
}

extension ProgramResult {
  /// The output without its line breaks.
  var words: String { output.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
