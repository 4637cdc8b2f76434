import Glibc

/// An IPv4 or IPv6 address; one that is mapped into IPv6 is the IPv4 address that it stands for.
struct IPAddress: Hashable {
  /// Four or sixteen, in the order of the wire.
  let octets: [UInt8]

  /// Nil for any other number of octets.
  init?(octets: some Collection<UInt8>) {
    guard octets.count == 4 || octets.count == 16 else { return nil }
    let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
    self.octets = Array(octets.count == 16 && octets.starts(with: mapped) ? octets.dropFirst(12) : octets.dropFirst(0))
  }

  /// Reads what `inet_pton(3)` reads.
  init?(_ text: String) {
    for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
      var octets = [UInt8](repeating: 0, count: count)
      guard inet_pton(family, text, &octets) == 1 else { continue }
      self.init(octets: octets)
      return
    }
    return nil
  }

  /// `AF_INET` or `AF_INET6`.
  var family: Int32 { octets.count == 4 ? AF_INET : AF_INET6 }

  /// Of the link alone (`fe80::/10`): the address does not tell which link that is.
  var isLinkLocal: Bool { octets.count == 16 && octets[0] == 0xfe && octets[1] & 0xc0 == 0x80 }
}

extension IPAddress: CustomStringConvertible {
  var description: String {
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    guard let pointer = inet_ntop(family, octets, &text, socklen_t(text.count)) else { return "" }
    return String(cString: pointer)
  }
}
