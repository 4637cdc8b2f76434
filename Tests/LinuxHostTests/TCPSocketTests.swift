import Testing

@testable import LinuxHost

@Suite("The tables of TCP sockets")
struct TCPSocketTests {
  private static let header =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"

  private static func line(_ local: String, _ peer: String, _ state: String, _ inode: Int) -> String {
    "   0: \(local) \(peer) \(state) 00000000:00000000 00:00000000 00000000     0        0 \(inode) 1 00000000f523fada 100 0 0 10 0\n"
  }

  @Test("give addresses in the machine's byte order, ports, state and inode")
  func lines() {
    let table =
      Self.header + Self.line("00000000:0016", "00000000:0000", "0A", 1604)
      + Self.line("0400000A:0016", "0100000A:C350", "01", 1700) + Self.line("0400000A:0016", "0100000A:C351", "06", 0)
    let sockets = TCPSocket.sockets(inTable: table)
    #expect(sockets.map(\.state) == [.listening, .established])
    #expect(sockets.map(\.local.description) == ["0.0.0.0", "10.0.0.4"])
    #expect(sockets.map(\.peer.description) == ["0.0.0.0", "10.0.0.1"])
    #expect(sockets.map(\.localPort) == [22, 22])
    #expect(sockets.map(\.inode) == [1604, 1700])
  }

  @Test("of IPv6 give IPv4 addresses where those are mapped")
  func six() {
    let table =
      Self.header
      + Self.line(
        "0000000000000000FFFF00000400000A:0016", "0000000000000000FFFF00000100000A:C350", "01", 1)
      + Self.line("000080FE000000000000000001000000:0016", "000080FE000000000000000002000000:0400", "01", 2)
    let sockets = TCPSocket.sockets(inTable: table)
    #expect(sockets.map(\.local.description) == ["10.0.0.4", "fe80::1"])
    #expect(sockets.map(\.peer.description) == ["10.0.0.1", "fe80::2"])
    #expect(sockets.map(\.local.isLinkLocal) == [false, true])
  }

  @Test(
    "leave out lines that make no sense",
    arguments: [
      "", "0: 0400000A:0016 01", line("0400000A", "0100000A:C350", "01", 1),
      line("0400000:0016", "0100000A:C350", "01", 1),
      line("0400000A:10016", "0100000A:C350", "01", 1), line("0400000A0400000A:0016", "0100000A:C350", "01", 1),
      line("XX00000A:0016", "0100000A:C350", "01", 1), line("0400000A:0016", "0100000A:C350", "01", -1),
    ])
  func nonsense(line: String) {
    #expect(TCPSocket.sockets(inTable: Self.header + line).isEmpty)
  }

  private static func socket(_ state: TCPSocket.State, port: Int, inode: UInt64) throws -> TCPSocket {
    let hexadecimal = String(port, radix: 16, uppercase: true)
    let line = line("0100007F:\(hexadecimal)", "0100007F:C350", state == .listening ? "0A" : "01", Int(inode))
    return try #require(TCPSocket.sockets(inTable: header + line).first)
  }

  @Test("show a session by port 22, by the port of a listening server, or by the server that holds it")
  func sessions() throws {
    let sockets = [
      try Self.socket(.listening, port: 22, inode: 1), try Self.socket(.listening, port: 2222, inode: 2),
      try Self.socket(.listening, port: 80, inode: 3), try Self.socket(.established, port: 22, inode: 0),
      try Self.socket(.established, port: 2222, inode: 4), try Self.socket(.established, port: 80, inode: 5),
      try Self.socket(.established, port: 4022, inode: 6),
    ]
    #expect(sshConnections(in: sockets, heldByServers: []).map(\.localPort) == [22])
    #expect(sshConnections(in: sockets, heldByServers: [2]).map(\.localPort) == [22, 2222])
    #expect(sshConnections(in: sockets, heldByServers: [6]).map(\.localPort) == [22, 4022])
  }

  @Test("and netlink read and write addresses as inet_pton does")
  func addresses() {
    for text in ["10.0.0.4", "::1", "fe80::1", "fd00::1:0:0:1"] { #expect(IPAddress(text)?.description == text) }
    #expect(IPAddress("::ffff:10.0.0.4")?.description == "10.0.0.4")
    for text in ["", "10.0.0", "10.0.0.4/24", "eth0", "fe80::1%eth0"] { #expect(IPAddress(text) == nil) }
    #expect(IPAddress(octets: [1, 2, 3]) == nil)
  }
}
