import Glibc
import Subprocess
public import SystemPackage

/// A mount namespace of the test's own: what is mounted in it is gone when the test is over.
///
/// `/var/lib`, `/run` and `/mnt` are empty in it, so that a test neither meets nor harms what `dpdk-host` keeps on this
/// machine. Page pools are the machine's own: see ``Pools/exclusively(_:)``.
public struct MountNamespace: Sendable {
  private static let emptied = ["/var/lib", "/run", "/mnt"]

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
      let namespace = MountNamespace(holder: holder)
      // EAL would look for the machine's own hugetlbfs mounts by their paths, and those are about to be hidden.
      for line in try await namespace.mounts().split(separator: "\n") where line.contains(" hugetlbfs ") {
        _ = try await namespace.run("/bin/umount", String(line.split(separator: " ")[1]))
      }
      for directory in emptied {
        let mounted = try await namespace.run("/bin/mount", "-t", "tmpfs", "tmpfs", directory)
        guard mounted.code == 0 else { throw Errno.ioError }
      }
      return try await body(namespace)
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

  /// What is in the directories that were empty at the start, but for what `mount(8)` itself notes.
  public func traces() async throws -> [String] {
    let found = try await run(
      "/usr/bin/find", arguments: Self.emptied + ["-mindepth", "1", "-not", "-path", "/run/mount*"])
    return found.output.split(separator: "\n").map(String.init)
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
