/// The hop limit of what the engine answers, as RFC 1700 recommends it.
private let hopLimit: UInt8 = 64

extension OwnAddress {
  /// Turns an ICMP echo request to this address into its reply (RFC 792).
  ///
  /// Options come back as they are. Fragments are not put together, so they are not answered; nor is what came to a
  /// broadcast address.
  func answerEcho(_ frame: FrameBytes, at offset: Int) -> Int? {
    guard isAddressed(by: frame), let header = frame.ipv4HeaderLength(at: offset) else { return nil }
    let total = Int(frame.word(at: offset + 2))
    let source = frame.memoryLong(at: offset + 12)
    let message = offset + header
    // No fragment: neither an offset nor more to come.
    guard total >= header + 8, offset + total <= frame.length, frame.word(at: offset + 6) & 0x3fff == 0,
      frame.byte(at: offset + 9) == IPProtocol.icmp, frame.memoryLong(at: offset + 16) == v4, source != v4,
      isUnicastV4(firstByte: frame.byte(at: offset + 12)),
      frame.word(at: message) == 0x0800,
      frame.sum(from: offset, count: header).folded == 0xffff,
      frame.sum(from: message, count: total - header).folded == 0xffff
    else { return nil }
    turn(frame)
    frame.set(hopLimit, at: offset + 8)
    frame.setMemoryLong(v4, at: offset + 12)
    frame.setMemoryLong(source, at: offset + 16)
    frame.setChecksum(at: offset + 10, over: frame.sum(from: offset, count: header))
    frame.set(UInt8(0), at: message)
    frame.setChecksum(at: message + 2, over: frame.sum(from: message, count: total - header))
    return frame.length
  }

  /// Turns an ICMPv6 echo request to this address into its reply (RFC 4443).
  ///
  /// One behind extension headers, a fragment for one, is not answered.
  func answerEchoV6(_ frame: FrameBytes, at offset: Int) -> Int? {
    guard isAddressed(by: frame), let payload = frame.icmpV6Length(at: offset), payload >= 8 else { return nil }
    let source = frame.v6(at: offset + 8)
    let message = offset + FrameBytes.ipv6Header
    guard frame.v6(at: offset + 24) == address, source != address, source != SIMD16(), source[0] != 0xff,
      frame.word(at: message) == 0x8000, frame.icmpV6Sum(at: offset, payload: payload).folded == 0xffff
    else { return nil }
    turn(frame)
    frame.set(hopLimit, at: offset + 7)
    frame.set(address, at: offset + 8)
    frame.set(source, at: offset + 24)
    frame.set(UInt8(129), at: message)
    frame.setChecksum(at: message + 2, over: frame.icmpV6Sum(at: offset, payload: payload))
    return frame.length
  }

  /// Neither this network (0/8), loopback, multicast nor reserved.
  private func isUnicastV4(firstByte: UInt8) -> Bool { firstByte > 0 && firstByte < 224 && firstByte != 127 }
}

extension FrameBytes {
  func sum(from offset: Int, count: Int) -> OnesComplementSum {
    var sum = OnesComplementSum()
    sum.add(base + offset, count: count)
    return sum
  }

  /// Puts the checksum into its field.
  ///
  /// - Parameter sum: is made when the field is zero. To take the old one off afterwards would not do: where all words are
  ///   zero it left the other zero of a one's complement sum.
  func setChecksum(at offset: Int, over sum: @autoclosure () -> OnesComplementSum) {
    set(UInt16(0), at: offset)
    base.storeBytes(of: sum().checksum, toByteOffset: offset, as: UInt16.self)
  }

  /// Bytes of the ICMPv6 message right behind the IPv6 header at `offset`; nil where there is none whole.
  func icmpV6Length(at offset: Int) -> Int? {
    guard hasIPv6Header(at: offset), byte(at: offset + 6) == IPProtocol.icmpV6 else { return nil }
    let payload = Int(word(at: offset + 4))
    return payload >= 4 && offset + Self.ipv6Header + payload <= length ? payload : nil
  }

  /// The sum of an ICMPv6 message with the pseudo-header of RFC 8200: both addresses, length and protocol.
  func icmpV6Sum(at offset: Int, payload: Int) -> OnesComplementSum {
    var sum = sum(from: offset + 8, count: 32 + payload)
    sum.add(UInt16(truncatingIfNeeded: payload).bigEndian)
    sum.add(UInt16(IPProtocol.icmpV6).bigEndian)
    return sum
  }
}
