internal import Glibc
internal import SystemPackage

/// The links of this process's network namespace, by their names: all that is changed on an interface itself.
///
/// Values of functions, so that a test can stand in for the kernel; ``kernel`` is the real one.
///
/// Source: `netdevice(7)`.
///
/// - Privileges: `CAP_NET_ADMIN` for the changes.
struct NetworkLinks: Sendable {
  /// The MAC address that an interface has; what proves that a name means the device that sysfs shows below it, as
  /// sysfs can be another namespace's.
  var mac: @Sendable (_ name: String) throws(Errno) -> String
  /// `IFF_*`
  var flags: @Sendable (_ name: String) throws(Errno) -> Int
  /// Sets or clears `IFF_UP`.
  var setUp: @Sendable (_ name: String, _ isUp: Bool) throws(Errno) -> Void
  /// The kernel renames an interface only while it is down.
  var rename: @Sendable (_ name: String, _ newName: String) throws(Errno) -> Void

  func isUp(_ name: String) throws(Errno) -> Bool { try flags(name) & Int(IFF_UP) != 0 }
}

extension NetworkLinks {
  static let kernel = NetworkLinks(
    mac: { name throws(Errno) in
      let request = try ask(UInt(SIOCGIFHWADDR), about: name)
      let octets = withUnsafeBytes(of: request.ifr_ifru.ifru_hwaddr.sa_data) { Array($0.prefix(6)) }
      return octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
    },
    flags: { name throws(Errno) in
      Int(UInt16(bitPattern: try ask(UInt(SIOCGIFFLAGS), about: name).ifr_ifru.ifru_flags))
    },
    setUp: { name, isUp throws(Errno) in
      let flags = try ask(UInt(SIOCGIFFLAGS), about: name).ifr_ifru.ifru_flags
      let up = Int16(IFF_UP)
      _ = try ask(UInt(SIOCSIFFLAGS), about: name) { $0.ifr_ifru.ifru_flags = isUp ? flags | up : flags & ~up }
    },
    rename: { name, newName throws(Errno) in
      _ = try ask(UInt(SIOCSIFNAME), about: name) { request in
        withUnsafeMutableBytes(of: &request.ifr_ifru.ifru_newname) { $0.copyBytes(from: newName.utf8.prefix(15)) }
      }
    })

  private static func ask(
    _ code: UInt, about name: String, setting: (inout ifreq) -> Void = { _ in }
  ) throws(Errno) -> ifreq {
    // 15 bytes and a zero: a longer name would be cut to that of another interface.
    guard name.utf8.count < Int(IF_NAMESIZE) else { throw .operationNotSupportedByDevice }
    let socket = socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard socket >= 0 else { throw Errno(rawValue: errno) }
    defer { close(socket) }
    var request = ifreq()
    withUnsafeMutableBytes(of: &request.ifr_ifrn.ifrn_name) { $0.copyBytes(from: name.utf8) }
    setting(&request)
    try systemCall { ioctl(socket, code, &request) }
    return request
  }
}
