/// The first packets of a run as a file: what Wireshark and tcpdump read (pcapng, written by DPDK's `rte_pcapng`).
public struct Capture: Codable, Equatable, Sendable {
  public var path: String
  /// How many of every port, received and sent together.
  ///
  /// What is shown as sent was offered to the port's driver: each packet once, though a full queue may have refused it at first.
  /// What a forwarding mode dropped there is among it.
  public var packets: Int

  public init(path: String, packets: Int) {
    self.path = path
    self.packets = packets
  }

  enum CodingKeys: String, CodingKey, CaseIterable { case path, packets }

  public init(from decoder: any Decoder) throws {
    try decoder.refuseUnknownKeys(of: CodingKeys.self)
    let values = try decoder.container(keyedBy: CodingKeys.self)
    path = try values.decode(String.self, forKey: .path)
    packets = try values.decode(Int.self, forKey: .packets)
  }
}
