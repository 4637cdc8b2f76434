import Foundation
import Glibc
import Subprocess
public import SystemPackage

/// A network namespace of the test's own, with sysfs as it looks from inside; it is gone when the test is over.
public struct NetworkNamespace: Sendable {
  /// A process that holds the namespace open.
  public let holder: Int32

  private static let entering = isRoot ? [] : ["--user", "--map-root-user"]

  /// Whether this machine allows one: without root it takes user namespaces.
  public static func isAvailable() async -> Bool {
    let found = try? await TestSupport.run(
      "/usr/bin/unshare", entering + ["--net", "--mount", "/bin/mount", "-t", "sysfs", "sysfs", "/sys"])
    return found?.code == 0
  }

  /// Runs `body` with a namespace that exists for that long, in which the loopback is up.
  public static func with<Result: Sendable>(
    _ body: @Sendable @escaping (NetworkNamespace) async throws -> Result
  ) async throws -> Result {
    let held = "mount -t sysfs sysfs /sys && exec /bin/sleep 300"
    let arguments = entering + ["--net", "--mount", "--propagation", "private", "/bin/sh", "-c", held]
    return try await Subprocess.run(
      .path("/usr/bin/unshare"), arguments: Arguments(arguments), input: .none, output: .discarded, error: .discarded
    ) { execution in
      defer { try? execution.send(signal: .kill) }
      let holder = execution.processIdentifier.value
      // `unshare` and the shell become `sleep` in place, once all is set up.
      while try HolderName.of(holder) != "sleep" { try await Task.sleep(for: .milliseconds(2)) }
      let namespace = NetworkNamespace(holder: holder)
      try await namespace.ip("link set lo up")
      return try await body(namespace)
    }.closureResult
  }

  /// Runs a program inside.
  public func run(_ program: FilePath, _ arguments: [String] = []) async throws -> ProgramResult {
    let user = isRoot ? [] : ["--user=/proc/\(holder)/ns/user", "--preserve-credentials"]
    let namespaces = ["--net=/proc/\(holder)/ns/net", "--mount=/proc/\(holder)/ns/mnt"]
    return try await TestSupport.run("/usr/bin/nsenter", user + namespaces + [program.string] + arguments)
  }

  /// Runs `ip(8)` inside, once for each line.
  public func ip(_ lines: String) async throws {
    let batch = lines.split(separator: "\n").joined(separator: "\n")
    let found = try await run("/bin/sh", ["-c", "printf '%s\\n' \"$1\" | ip -batch -", "sh", batch])
    guard found.code == 0 else { throw Failure(message: "ip: \(found.errors)") }
  }

  /// Runs `body` on a thread of its own that is inside: sockets that it opens are the namespace's. Needs root.
  public func onThread<Result: Sendable>(_ body: @Sendable @escaping () throws -> Result) async throws -> Result {
    let path = "/proc/\(holder)/ns/net"
    return try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread {
        continuation.resume(
          with: Swift.Result {
            try Self.enter(path)
            return try body()
          })
      }
    }
  }

  /// `setns(2)`, which Swift's Glibc does not show.
  private static func enter(_ path: String) throws {
    typealias Setns = @convention(c) (Int32, Int32) -> Int32
    guard let symbol = dlsym(nil, "setns") else { throw Errno.notSupported }
    let setns = unsafeBitCast(symbol, to: Setns.self)
    let file = try FileDescriptor.open(FilePath(path), .readOnly)
    let result = try file.closeAfter { setns(file.rawValue, 0) }
    guard result == 0 else { throw Errno(rawValue: errno) }
  }

  public struct Failure: Error, CustomStringConvertible {
    var message: String
    public var description: String { message }
  }
}

private enum HolderName {
  /// `/proc/PID/comm`
  static func of(_ process: Int32) throws -> String {
    let file = try FileDescriptor.open(FilePath("/proc/\(process)/comm"), .readOnly)
    return try file.closeAfter {
      var bytes = [UInt8](repeating: 0, count: 64)
      let count = try bytes.withUnsafeMutableBytes { try file.read(into: $0) }
      return String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n").first.map(String.init) ?? ""
    }
  }
}
