import Glibc
import SystemPackage

/// The page pools of this machine, which all tests share.
public enum Pools {
  public static let twoMegabytesOfNode0 = "/sys/devices/system/node/node0/hugepages/hugepages-2048kB/nr_hugepages"

  public static func pages() throws -> Int { try number(twoMegabytesOfNode0) }

  public static func freePages() throws -> Int {
    try number(twoMegabytesOfNode0.replacing("nr_hugepages", with: "free_hugepages"))
  }

  private static func number(_ path: String) throws -> Int {
    let file = try FileDescriptor.open(FilePath(path), .readOnly)
    return try file.closeAfter {
      var bytes = [UInt8](repeating: 0, count: 32)
      let count = try bytes.withUnsafeMutableBytes { try file.read(into: $0) }
      return Int(String(decoding: bytes[..<count], as: UTF8.self).prefix { $0.isNumber }) ?? -1
    }
  }

  public static func setPages(_ pages: Int) throws {
    let file = try FileDescriptor.open(FilePath(twoMegabytesOfNode0), .writeOnly)
    _ = try file.closeAfter { try file.writeAll("\(pages)".utf8) }
  }

  /// Runs one test at a time that changes pools, across all processes of a test run, and gives back what it took.
  ///
  /// The lock is polled, never waited for: a test that blocks its thread could keep the owner from going on.
  public static func exclusively<Result>(_ body: () async throws -> Result) async throws -> Result {
    let lock = try FileDescriptor.open(
      "/tmp/dpdk-host-tests.lock", .readWrite, options: [.create, .closeOnExec], permissions: .ownerReadWrite)
    defer { try? lock.close() }
    while flock(lock.rawValue, LOCK_EX | LOCK_NB) != 0 { try await Task.sleep(for: .milliseconds(20)) }
    let before = try pages()
    defer { try? setPages(before) }
    return try await body()
  }
}
