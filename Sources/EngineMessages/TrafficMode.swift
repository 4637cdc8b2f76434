/// What a run of the packet engine does with packets.
public enum TrafficMode: String, NamedChoice, Sendable {
  /// Builds and sends UDP flows on every port.
  case tx
  /// Receives and counts on every port.
  case rx
  /// Moves packets from port to port, in pairs: 0↔1, 2↔3; a lone port forwards to itself.
  case forward
  /// Sends every packet back on the port that it came from, with its addresses swapped: MAC, IP, UDP or TCP.
  case reflect
  /// Sends on the first port of each pair, receives on the second, and checks what arrives; a lone port sends to itself, or
  /// to a peer that reflects.
  case loopback
  /// The tests of RFC 2544 by trials of ``loopback`` in one process.
  case rfc2544
}

/// How `forward` treats a packet on its way through.
public enum Forwarding: String, NamedChoice, Sendable {
  /// Untouched, as `dpdk-testpmd --forward-mode=io`.
  case io
  /// With the MAC addresses of the port that it leaves by and of that port's peer, as `dpdk-testpmd --forward-mode=mac`.
  case mac
  /// With the MAC and IP addresses of the port that it leaves by and of that port's peer, so that a third machine receives
  /// what was sent to this one.
  case route
}

/// Where the engine's packet memory comes from.
public enum PacketMemory: Codable, Equatable, Sendable {
  /// Hugepage files on one hugetlbfs mount (`--huge-dir`); nil lets EAL take the first that fits.
  case hugetlbfs(directory: String?)
  /// Hugepages without files (`--in-memory`): nothing is left behind, no secondary process can attach.
  case anonymousHugepages
  /// Ordinary pages (`--no-huge`), of the given size in MiB: for tests, never for a verdict about a host.
  case ordinaryPages(mebibytes: Int)

  enum CodingKeys: String, CodingKey, CaseIterable { case hugetlbfs, anonymousHugepages, ordinaryPages }
  enum HugetlbfsCodingKeys: String, CodingKey, CaseIterable { case directory }
  enum AnonymousHugepagesCodingKeys: CodingKey, CaseIterable {}
  enum OrdinaryPagesCodingKeys: String, CodingKey, CaseIterable { case mebibytes }
}

extension PacketMemory {
  /// Reads an object with one key, the kind of memory; its value is an object with what belongs to it.
  public init(from decoder: any Decoder) throws {
    try decoder.refuseUnknownKeys(of: CodingKeys.self)
    let values = try decoder.container(keyedBy: CodingKeys.self)
    guard let kind = values.allKeys.first, values.allKeys.count == 1 else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "requires one of \(CodingKeys.allCases.map(\.stringValue).joined(separator: ", "))"))
    }
    let inner = try values.superDecoder(forKey: kind)
    switch kind {
    case .hugetlbfs:
      try inner.refuseUnknownKeys(of: HugetlbfsCodingKeys.self)
      self = .hugetlbfs(
        directory: try inner.container(keyedBy: HugetlbfsCodingKeys.self).decodeIfPresent(
          String.self, forKey: .directory))
    case .anonymousHugepages:
      try inner.refuseUnknownKeys(of: AnonymousHugepagesCodingKeys.self)
      self = .anonymousHugepages
    case .ordinaryPages:
      try inner.refuseUnknownKeys(of: OrdinaryPagesCodingKeys.self)
      self = .ordinaryPages(
        mebibytes: try inner.container(keyedBy: OrdinaryPagesCodingKeys.self).decode(Int.self, forKey: .mebibytes))
    }
  }
}
