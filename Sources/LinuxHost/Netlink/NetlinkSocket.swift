import CNetlink
import Glibc
import SystemPackage

/// A socket to the kernel's routing tables (`rtnetlink(7)`); needs no privilege to ask, `CAP_NET_ADMIN` to change.
///
/// It looks into the network namespace in which it was opened.
struct NetlinkSocket: ~Copyable {
  private let descriptor: Int32
  private var sequence: UInt32 = 0
  /// A dump comes in parts of 32 KiB at most, a single link with all its attributes in less.
  private var buffer = [UInt8](repeating: 0, count: 65536)

  /// - Parameter groups: `RTMGRP_*` of the changes that are to be told.
  /// - Parameter timeout: how long an answer may take.
  /// - Throws: the error of `socket(2)`, `setsockopt(2)` or `bind(2)`.
  init(groups: Int32 = 0, timeout: Duration = .seconds(2)) throws(Errno) {
    descriptor = socket(AF_NETLINK, Int32(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue), NETLINK_ROUTE)
    guard descriptor >= 0 else { throw Errno(rawValue: errno) }
    let (seconds, attoseconds) = timeout.components
    var limit = timeval(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
    try Self.check(
      setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size)))
    var address = Self.kernel
    address.nl_groups = UInt32(groups)
    try Self.check(Self.withAddress(&address) { bind(descriptor, $0, $1) })
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// The entries of a table, all of one moment.
  ///
  /// - Parameter request: the fixed part of the request: `ifinfomsg`, `ifaddrmsg`, `rtmsg`.
  /// - Throws: what ``NetlinkAnswer/whole(_:)`` throws; `ETIMEDOUT`.
  mutating func dump(_ type: Int, _ request: some BitwiseCopyable, attributes: [UInt8] = []) throws(Errno)
    -> [NetlinkMessage]
  {
    try NetlinkAnswer.whole { () throws(Errno) in try ask(type, NLM_F_DUMP, request, attributes) }
  }

  /// The answer to a question about one thing; nil where the kernel gives none.
  ///
  /// - Throws: what ``NetlinkAnswer`` throws; `ETIMEDOUT`.
  mutating func get(_ type: Int, _ request: some BitwiseCopyable, attributes: [UInt8]) throws(Errno)
    -> NetlinkMessage?
  {
    try ask(type, 0, request, attributes).messages.first
  }

  /// Has the kernel change something, and waits until it has.
  ///
  /// - Throws: the error that the kernel answers; `ETIMEDOUT`.
  mutating func order(_ type: Int, _ request: some BitwiseCopyable) throws(Errno) {
    _ = try ask(type, NLM_F_ACK, request, [])
  }

  /// Waits until something changed in the groups of this socket; false where nothing did for so long.
  ///
  /// What changed is not looked at: whoever waits asks anew, so a lost message does no harm.
  ///
  /// - Throws: the error of `poll(2)` or `recv(2)`.
  mutating func awaitChange(for duration: Duration) throws(Errno) -> Bool {
    // Rounded up, so that the last wait is not cut into many.
    let milliseconds = (duration / .milliseconds(1)).rounded(.up)
    var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let count = poll(&event, 1, Int32(clamping: Int(min(max(milliseconds, 0), 1e9))))
    guard count >= 0 else { return try Self.orAgain() }
    guard count > 0 else { return false }
    while recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT)) >= 0 {}
    return errno == ENOBUFS || errno == EAGAIN ? true : try Self.orAgain()
  }

  private mutating func ask(
    _ type: Int, _ flags: Int32, _ request: some BitwiseCopyable, _ attributes: [UInt8]
  ) throws(Errno) -> NetlinkAnswer {
    sequence &+= 1
    let body = withUnsafeBytes(of: request) { Array($0) }
    let padding = [UInt8](repeating: 0, count: netlinkAligned(body.count) - body.count)
    var header = nlmsghdr()
    header.nlmsg_type = UInt16(type)
    header.nlmsg_flags = UInt16(NLM_F_REQUEST | flags)
    header.nlmsg_seq = sequence
    header.nlmsg_len = UInt32(MemoryLayout<nlmsghdr>.size + body.count + padding.count + attributes.count)
    try transmit(withUnsafeBytes(of: header) { Array($0) } + body + padding + attributes)
    var answer = NetlinkAnswer(sequence: sequence)
    while !answer.isComplete { try answer.take(try receive()) }
    return answer
  }

  private func transmit(_ bytes: [UInt8]) throws(Errno) {
    var address = Self.kernel
    while true {
      let count = Self.withAddress(&address) { sendto(descriptor, bytes, bytes.count, 0, $0, $1) }
      if count == bytes.count { return }
      guard count < 0 else { throw .messageTooLong }
      guard errno == EINTR else { throw Errno(rawValue: errno) }
    }
  }

  /// The next datagram of the kernel's; those of other senders are passed over.
  private mutating func receive() throws(Errno) -> [UInt8] {
    while true {
      var sender = sockaddr_nl()
      var length = socklen_t(MemoryLayout<sockaddr_nl>.size)
      // With MSG_TRUNC the whole length is told, also of what did not fit.
      let count = Self.withAddress(&sender) { address, _ in
        recvfrom(descriptor, &buffer, buffer.count, Int32(MSG_TRUNC), address, &length)
      }
      if count > buffer.count { throw .messageTooLong }
      if count >= 0 {
        if sender.nl_pid == 0 { return Array(buffer[..<count]) }
      } else if errno == EAGAIN {
        throw .timedOut
      } else if errno != EINTR {
        throw Errno(rawValue: errno)
      }
    }
  }

  private static var kernel: sockaddr_nl {
    var address = sockaddr_nl()
    address.nl_family = sa_family_t(AF_NETLINK)
    return address
  }

  private static func withAddress<Result>(
    _ address: inout sockaddr_nl, _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> Result
  ) -> Result {
    withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_nl>.size)) }
    }
  }

  /// A signal ends a wait early: true, so that its owner looks and waits again.
  private static func orAgain() throws(Errno) -> Bool {
    guard errno == EINTR else { throw Errno(rawValue: errno) }
    return true
  }

  private static func check(_ result: Int32) throws(Errno) {
    guard result == 0 else { throw Errno(rawValue: errno) }
  }
}
