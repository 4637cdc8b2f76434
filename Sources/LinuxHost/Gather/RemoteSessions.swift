import Provisioning
import SystemPackage

/// The two ends of a live SSH session.
struct SSHConnection: Hashable, Sendable {
  let local: IPAddress
  let peer: IPAddress
}

extension FactReader {
  /// The connections of live SSH sessions, each pair of addresses once.
  ///
  /// The sockets of other users' processes stay closed without root, which is recorded; those of port 22 are seen all the
  /// same.
  mutating func sshConnections() -> [SSHConnection] {
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"]
    let sockets = tables.flatMap { text($0, lastRead: Self.lastRead).map { TCPSocket.sockets(inTable: $0) } ?? [] }
    guard sockets.contains(where: { $0.state == .established }) else { return [] }
    return LinuxHost.sshConnections(in: sockets, heldByServers: socketsOfSSHServers())
      .map { SSHConnection(local: $0.local, peer: $0.peer) }
      .uniqued()
  }

  /// The kernel goes through its whole hash of sockets for each read, 2 ms for 256 Ki buckets, once more to tell the end.
  /// It fills a page at least as long as there are lines, none of which is longer than 256 bytes (`seq_read_iter`).
  private static let lastRead = 4096 - 256

  /// OpenSSH's listener is `sshd`; from 9.8 on a session is `sshd-session`, from 10.0 on its first part `sshd-auth`.
  private static let servers: Set<Substring> = ["sshd", "sshd-session", "sshd-auth", "dropbear"]

  /// The inodes of the sockets that SSH servers hold.
  private mutating func socketsOfSSHServers() -> Set<UInt64> {
    var inodes: Set<UInt64> = []
    for pid in entries("/proc") ?? [] where pid.first?.isNumber == true {
      // A process can end at any moment.
      guard let name = try? root.contents("/proc/\(pid)/comm"), Self.servers.contains(name.trimmingBlanks) else {
        continue
      }
      for descriptor in entries("/proc/\(pid)/fd") ?? [] {
        let link = try? root.link("/proc/\(pid)/fd/\(descriptor)")
        guard let target = link ?? nil, target.hasPrefix("socket:["), target.hasSuffix("]") else { continue }
        if let inode = UInt64(target.dropFirst("socket:[".count).dropLast()) { inodes.insert(inode) }
      }
    }
    return inodes
  }
}
