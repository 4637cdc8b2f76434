import Glibc
import Subprocess
public import SystemPackage

/// A mount namespace of the test's own: what is mounted in it is gone when the test is over.
public struct MountNamespace: Sendable {
  /// A process that holds the namespace open.
  private let holder: Int32

  /// Runs `body` with a namespace that exists for that long; mounts in it do not reach the machine.
  public static func with<Result: Sendable>(
    _ body: @Sendable @escaping (MountNamespace) async throws -> Result
  ) async throws -> Result {
    let outcome = try await Subprocess.run(
      .path("/usr/bin/unshare"), arguments: ["--mount", "--propagation", "private", "/bin/sleep", "300"],
      input: .none, output: .discarded, error: .discarded
    ) { execution in
      defer { try? execution.send(signal: .kill) }
      // `unshare` becomes `sleep` in place; until then the namespace is still ours.
      let own = try mountNamespaceName(of: "self")
      let holder = execution.processIdentifier.value
      while try mountNamespaceName(of: "\(holder)") == own { try await Task.sleep(for: .milliseconds(5)) }
      return try await body(MountNamespace(holder: holder))
    }
    return outcome.closureResult
  }

  /// Runs a program inside.
  public func run(_ program: FilePath, _ arguments: String...) async throws -> ProgramResult {
    try await run(program, arguments: arguments)
  }

  public func run(_ program: FilePath, arguments: [String]) async throws -> ProgramResult {
    try await TestSupport.run(
      "/usr/bin/nsenter", ["--mount=/proc/\(holder)/ns/mnt", "--wdns=/", program.string] + arguments)
  }

  /// `/proc/mounts` as it is inside.
  public func mounts() async throws -> String { try await run("/bin/cat", "/proc/mounts").output }
}

private func mountNamespaceName(of process: String) throws -> String {
  var buffer = [CChar](repeating: 0, count: 64)
  let count = readlink("/proc/\(process)/ns/mnt", &buffer, buffer.count)
  guard count > 0 else { throw Errno(rawValue: errno) }
  return String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
}
