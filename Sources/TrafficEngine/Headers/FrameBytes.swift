/// The bytes of a frame that lie in one piece of memory, from its Ethernet header on, without the frame check sequence.
///
/// Offsets are not checked: who reads or writes has compared them with the length before.
struct FrameBytes: @unchecked Sendable {
  // Sendable, as who holds the frame is alone with it.
  let base: UnsafeMutableRawPointer
  let length: Int

  @inline(__always)
  init(_ base: UnsafeMutableRawPointer, length: Int) {
    self.base = base
    self.length = length
  }

  @inline(__always)
  func byte(at offset: Int) -> UInt8 { base.load(fromByteOffset: offset, as: UInt8.self) }

  /// Two bytes in network order.
  @inline(__always)
  func word(at offset: Int) -> UInt16 {
    UInt16(bigEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }

  @inline(__always)
  func set(_ byte: UInt8, at offset: Int) { base.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self) }

  @inline(__always)
  func set(_ word: UInt16, at offset: Int) {
    base.storeBytes(of: word.bigEndian, toByteOffset: offset, as: UInt16.self)
  }
}

extension UInt16 {
  /// The two bytes in network order.
  var networkBytes: [UInt8] { [UInt8(self >> 8), UInt8(self & 0xff)] }
}

/// What an Ethernet header says that comes behind it (IEEE 802).
enum EtherType {
  static let ipv4: UInt16 = 0x0800
  static let arp: UInt16 = 0x0806
  static let ipv6: UInt16 = 0x86dd
  /// A tag of IEEE 802.1Q, and one of 802.1ad around it.
  static let vlan: UInt16 = 0x8100
  static let serviceVLAN: UInt16 = 0x88a8

  @inline(__always)
  static func isTag(_ type: UInt16) -> Bool { type == vlan || type == serviceVLAN }
}

/// Where the network layer of a frame begins.
struct NetworkLayer: Equatable, Sendable {
  /// The EtherType; zero, which none has, of a frame that ends before it.
  var type: UInt16
  var offset: Int
}

extension FrameBytes {
  /// Destination, source and EtherType.
  static let ethernetHeader = 14

  /// What is behind the Ethernet header and up to two VLAN tags.
  @inline(__always)
  var networkLayer: NetworkLayer {
    guard length >= Self.ethernetHeader else { return NetworkLayer(type: 0, offset: length) }
    var layer = NetworkLayer(type: word(at: 12), offset: Self.ethernetHeader)
    for _ in 0..<2 {
      guard EtherType.isTag(layer.type) else { return layer }
      guard length >= layer.offset &+ 4 else { return NetworkLayer(type: 0, offset: length) }
      layer = NetworkLayer(type: word(at: layer.offset &+ 2), offset: layer.offset &+ 4)
    }
    return layer
  }

  /// The identifier of the outer VLAN tag; zero of a frame without one, or with one for its priority alone.
  var vlan: Int {
    guard length >= Self.ethernetHeader + 4, EtherType.isTag(word(at: 12)) else { return 0 }
    return Int(word(at: 14) & 0x0fff)
  }
}
