import CDPDK
import Foundation
import SystemPackage
import Testing

/// A connection to a DPDK program's telemetry, as `dpdk-telemetry.py` makes one.
final class TelemetryClient {
  private let socket: FileDescriptor
  /// What the program says first: its version, process id and longest answer.
  let greeting: [String: Any]

  init(path: String) throws {
    let socket = FileDescriptor(rawValue: Glibc.socket(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue), 0))
    try #require(socket.rawValue >= 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket.rawValue, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    self.socket = socket
    greeting = connected == 0 ? try Self.answer(from: socket) : [:]
    try #require(connected == 0, "\(path): \(errno)")
  }

  deinit { try? socket.close() }

  /// What a command answers; nil for `null`.
  func ask(_ command: String) throws -> Any? {
    try socket.writeAll(command.utf8)
    let name = command.split(separator: ",").first.map(String.init) ?? command
    let answer = try #require(try Self.answer(from: socket)[name])
    return answer is NSNull ? nil : answer
  }

  /// Whether the other end hung up.
  func isClosed() throws -> Bool {
    var chunk = [UInt8](repeating: 0, count: 16)
    return try chunk.withUnsafeMutableBytes { try socket.read(into: $0) } == 0
  }

  private static func answer(from socket: FileDescriptor) throws -> [String: Any] {
    var chunk = [UInt8](repeating: 0, count: 32_768)
    let count = try chunk.withUnsafeMutableBytes { try socket.read(into: $0) }
    return try #require(try JSONSerialization.jsonObject(with: Data(chunk[..<count])) as? [String: Any])
  }

  /// Where EAL puts the socket of a program with a file prefix.
  static func path(ofPrefix prefix: String) -> String { "\(directory(ofPrefix: prefix))/dpdk_telemetry.v2" }

  static func directory(ofPrefix prefix: String) -> String {
    (getuid() == 0 ? "/var/run" : "/tmp") + "/dpdk/\(prefix)"
  }
}
