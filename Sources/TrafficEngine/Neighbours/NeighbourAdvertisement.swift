/// Messages and options of neighbour discovery (RFC 4861).
enum NeighbourDiscovery {
  static let solicitation: UInt8 = 135
  static let advertisement: UInt8 = 136
  /// Of every message: one that passed a router is none.
  static let hopLimit: UInt8 = 255
  /// Bytes of both messages before their options, and where the target's address lies in them.
  static let fixed = 24
  static let target = 8
  static let sourceMAC: UInt8 = 1
  static let targetMAC: UInt8 = 2
  /// ff02::1
  static let allNodes = SIMD16<UInt8>(0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)
}

extension FrameBytes {
  /// Bytes of the neighbour solicitation or advertisement behind the IPv6 header at `offset`, where it is what RFC 4861
  /// (7.1) takes for valid: hop limit, code, checksum, length, target, and no option of length zero.
  func discoveryLength(_ type: UInt8, at offset: Int) -> Int? {
    guard let payload = icmpV6Length(at: offset), payload >= NeighbourDiscovery.fixed else { return nil }
    let message = offset + Self.ipv6Header
    guard byte(at: offset + 7) == NeighbourDiscovery.hopLimit, byte(at: message) == type, byte(at: message + 1) == 0,
      byte(at: message + NeighbourDiscovery.target) != 0xff,
      icmpV6Sum(at: offset, payload: payload).folded == 0xffff
    else { return nil }
    var option = NeighbourDiscovery.fixed
    while option < payload {
      guard option + 2 <= payload, byte(at: message + option + 1) > 0 else { return nil }
      option += 8 * Int(byte(at: message + option + 1))
    }
    return option == payload ? payload : nil
  }

  /// The MAC address, in the order of memory, of the first such option of a valid message.
  func discoveryMAC(_ kind: UInt8, at offset: Int, payload: Int) -> UInt64? {
    let message = offset + Self.ipv6Header
    var option = NeighbourDiscovery.fixed
    while option < payload {
      if byte(at: message + option) == kind { return memoryMAC(at: message + option + 2) }
      option += 8 * Int(byte(at: message + option + 1))
    }
    return nil
  }
}

extension OwnAddress {
  /// Turns a neighbour solicitation for this address into its advertisement, that of who looks for a duplicate too.
  ///
  /// - Parameter room: bytes that the frame may have: the answer is longer than a question without an option.
  func answerSolicitation(_ frame: FrameBytes, at offset: Int, room: Int) -> Int? {
    guard let payload = frame.discoveryLength(NeighbourDiscovery.solicitation, at: offset) else { return nil }
    let message = offset + FrameBytes.ipv6Header
    let source = frame.v6(at: offset + 8)
    let destination = frame.v6(at: offset + 24)
    let isMulticast = isSolicitedNode(destination)
    guard frame.v6(at: message + NeighbourDiscovery.target) == address, source != address, source[0] != 0xff,
      isMulticast
        ? frame.byte(at: 0) & 1 != 0 || isAddressed(by: frame) : destination == address && isAddressed(by: frame)
    else { return nil }
    let asked = frame.discoveryMAC(NeighbourDiscovery.sourceMAC, at: offset, payload: payload)
    // Nobody has the address yet that is looked for: all are told.
    let isProbe = source == SIMD16()
    guard !isProbe || isMulticast && asked == nil, (asked ?? 0) & 1 == 0 else { return nil }
    let length = message + NeighbourDiscovery.fixed + 8
    guard length <= room else { return nil }
    turn(frame)
    if isProbe {
      frame.setMemoryMAC(UInt64(rawBytes: [0x33, 0x33, 0, 0, 0, 1]), at: 0)
    } else if let asked {
      frame.setMemoryMAC(asked, at: 0)
    }
    frame.set(UInt16(NeighbourDiscovery.fixed + 8), at: offset + 4)
    frame.set(address, at: offset + 8)
    frame.set(isProbe ? NeighbourDiscovery.allNodes : source, at: offset + 24)
    frame.set(NeighbourDiscovery.advertisement, at: message)
    // Solicited, where somebody asks in his own name, and to override what was known.
    frame.set(isProbe ? UInt16(0x2000) : 0x6000, at: message + 4)
    frame.set(UInt16(0), at: message + 6)
    let option = message + NeighbourDiscovery.fixed
    frame.set(NeighbourDiscovery.targetMAC, at: option)
    frame.set(UInt8(1), at: option + 1)
    frame.setMemoryMAC(mac, at: option + 2)
    let answer = FrameBytes(frame.base, length: length)
    answer.setChecksum(at: message + 2, over: answer.icmpV6Sum(at: offset, payload: NeighbourDiscovery.fixed + 8))
    return length
  }
}
