extension Profile {
  /// How the host proves that it moves packets, and how many are enough.
  public struct Verification: Equatable, Sendable {
    /// The engine's traffic mode; `auto` picks one by ports and peer.
    public enum Method: String, CaseIterable, Sendable { case auto, forward, tx, rx, reflect, loopback, rfc2544 }

    /// The machine at the other end.
    public struct Peer: Equatable, Sendable {
      /// IPv4, dotted.
      public var address: String
      /// Nil where the engine is to ask for it by ARP; on Azure that of the gateway is taken, which answers for every address.
      public var mac: MACAddress?

      public init(address: String, mac: MACAddress? = nil) {
        self.address = address
        self.mac = mac
      }
    }

    public struct Minimum: Equatable, Sendable {
      /// Packets a second, the sum of all ports.
      public var packetsPerSecond: Int

      public init(packetsPerSecond: Int) { self.packetsPerSecond = packetsPerSecond }
    }

    public var method: Method
    /// Nil for `none`.
    public var peer: Peer?
    /// Seconds of measuring.
    public var duration: Int
    /// Bytes of an Ethernet frame with its checksum, 64 to 9018.
    public var frameSizes: [Int]
    /// Nil where any packet at all is enough.
    public var minimum: Minimum?

    public init(
      method: Method = .auto, peer: Peer? = nil, duration: Int = 10, frameSizes: [Int] = [64], minimum: Minimum? = nil
    ) {
      self.method = method
      self.peer = peer
      self.duration = duration
      self.frameSizes = frameSizes
      self.minimum = minimum
    }
  }
}
