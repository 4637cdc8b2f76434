/// A port beneath a master port, which owns it and moves its packets through it: the VF or the TAP of a failsafe, the VF
/// of a netvsc (`rte_eth_dev_owner_get`).
public struct Subdevice: Codable, Equatable, Sendable {
  /// As `acf1:00:02.0` or `net_tap_vsc0`.
  public var name: String
  /// As `mlx5_pci`, `net_mlx4`, `net_mana` or `net_tap`.
  public var driver: String
  public var mac: String
  /// What it received over the measured interval by its own counters (`rte_eth_stats_get`).
  ///
  /// Nil before a measurement, and in a result where the sub-device was gone in the end, as a VF in servicing is.
  public var rxPackets: UInt64?
  /// What it sent, as ``rxPackets``.
  public var txPackets: UInt64?

  public init(name: String, driver: String, mac: String, rxPackets: UInt64? = nil, txPackets: UInt64? = nil) {
    self.name = name
    self.driver = driver
    self.mac = mac
    self.rxPackets = rxPackets
    self.txPackets = txPackets
  }
}

// What synthesised Codable calls for a property of this type: the key is there only where there are sub-devices, and an
// engine that knows none can be read.

extension KeyedDecodingContainer {
  func decode(_ type: [Subdevice].Type, forKey key: Key) throws -> [Subdevice] {
    try decodeIfPresent(type, forKey: key) ?? []
  }
}

extension KeyedEncodingContainer {
  mutating func encode(_ value: [Subdevice], forKey key: Key) throws {
    try encodeIfPresent(value.isEmpty ? nil : value, forKey: key)
  }
}
