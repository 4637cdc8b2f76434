import Provisioning

/// One line of `/proc/net/tcp` or `/proc/net/tcp6`, of a socket that listens or has a peer.
struct TCPSocket: Equatable {
  enum State: Equatable { case established, listening }

  var state: State
  var local: IPAddress
  var localPort: Int
  var peer: IPAddress
  /// Zero for a connection that no process has accepted yet.
  var inode: UInt64

  /// The sockets of a table; lines of other states, and those that make no sense, are left out.
  ///
  /// Source: `proc_pid_net(5)`, `tcp4_seq_show` in `net/ipv4/tcp_ipv4.c`.
  static func sockets(inTable text: String) -> [TCPSocket] {
    text.utf8.split(separator: UInt8(ascii: "\n")).dropFirst().compactMap { TCPSocket(line: $0) }
  }

  private init?(line: Substring.UTF8View) {
    let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 10).map { Substring($0) }
    guard fields.count >= 10 else { return nil }
    switch fields[3] {
    case "01": state = .established
    case "0A": state = .listening
    default: return nil
    }
    guard let (local, localPort) = Self.endpoint(fields[1]), let (peer, _) = Self.endpoint(fields[2]),
      let inode = UInt64(fields[9])
    else { return nil }
    (self.local, self.localPort, self.peer, self.inode) = (local, localPort, peer, inode)
  }

  /// `0100007F:0016`: the address in words of 32 bits, each printed as a number of the machine's byte order.
  private static func endpoint(_ text: Substring) -> (IPAddress, Int)? {
    let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].count.isMultiple(of: 8), let port = UInt16(Substring(parts[1]), radix: 16) else {
      return nil
    }
    var octets: [UInt8] = []
    var rest = parts[0]
    while !rest.isEmpty {
      guard let word = UInt32(Substring(rest.prefix(8)), radix: 16) else { return nil }
      withUnsafeBytes(of: word) { octets += $0 }
      rest = rest.dropFirst(8)
    }
    return IPAddress(octets: octets).map { ($0, Int(port)) }
  }
}

/// What the processes of an SSH server have to do with sockets.
///
/// - Parameter inodes: the sockets that such processes hold.
/// - Returns: established connections into this host to port 22, to a port on which such a process listens, or which such a
///   process holds (a socket unit listens in its stead).
func sshConnections(in sockets: [TCPSocket], heldByServers inodes: Set<UInt64>) -> [TCPSocket] {
  let listening = sockets.filter { $0.state == .listening && inodes.contains($0.inode) }.map(\.localPort)
  let ports = Set(listening + [22])
  return sockets.filter { $0.state == .established && (ports.contains($0.localPort) || inodes.contains($0.inode)) }
}
