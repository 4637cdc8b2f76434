/// Where the fields of an ARP packet lie, Ethernet and IPv4 (RFC 826).
enum ARP {
  static let length = 28
  static let request: UInt16 = 1
  static let reply: UInt16 = 2
  static let operation = 6
  static let senderMAC = 8
  static let senderAddress = 14
  static let targetMAC = 18
  static let targetAddress = 24
  /// Ethernet, IPv4, and the lengths of their addresses.
  static let kind: [UInt8] = [0, 1, 8, 0, 6, 4]
}

extension FrameBytes {
  /// The operation of the ARP packet at `offset`; nil where there is none whole, or not of Ethernet and IPv4.
  func arpOperation(at offset: Int) -> UInt16? {
    guard length >= offset + ARP.length,
      ARP.kind.enumerated().allSatisfy({ byte(at: offset + $0.offset) == $0.element })
    else { return nil }
    return word(at: offset + ARP.operation)
  }
}

extension OwnAddress {
  /// Turns a request for this address into its reply (RFC 826), a probe (RFC 5227) too.
  ///
  /// One that comes from this address itself, of another with the same, is not answered.
  func answerARP(_ frame: FrameBytes, at offset: Int) -> Int? {
    guard frame.arpOperation(at: offset) == ARP.request, isAddressed(by: frame) || frame.isBroadcast,
      frame.memoryLong(at: offset + ARP.targetAddress) == v4
    else { return nil }
    let senderMAC = frame.memoryMAC(at: offset + ARP.senderMAC)
    let sender = frame.memoryLong(at: offset + ARP.senderAddress)
    guard sender != v4, senderMAC != 0, frame.byte(at: offset + ARP.senderMAC) & 1 == 0 else { return nil }
    turn(frame)
    frame.setMemoryMAC(senderMAC, at: 0)
    frame.set(ARP.reply, at: offset + ARP.operation)
    frame.setMemoryMAC(mac, at: offset + ARP.senderMAC)
    frame.setMemoryLong(v4, at: offset + ARP.senderAddress)
    frame.setMemoryMAC(senderMAC, at: offset + ARP.targetMAC)
    frame.setMemoryLong(sender, at: offset + ARP.targetAddress)
    return frame.length
  }
}

extension FrameBytes {
  var isBroadcast: Bool { memoryMAC(at: 0) == 0xffff_ffff_ffff }

  func setMemoryLong(_ value: UInt32, at offset: Int) {
    base.storeBytes(of: value, toByteOffset: offset, as: UInt32.self)
  }
}
