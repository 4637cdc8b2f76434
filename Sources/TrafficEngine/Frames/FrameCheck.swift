/// What a received frame turned out to be.
enum FrameVerdict: Equatable, Sendable {
  /// Not one of the sending port's frames of this run.
  case foreign
  /// One of them, with another length, checksum or payload than it was sent with.
  case damaged
  case intact
}

/// Tells the frames of one sending port from others, and whether they are as they were sent.
///
/// Headers may have been rewritten on their way, as a router does, where the checksums are right again.
struct FrameCheck: ~Copyable {
  let layout: FrameLayout
  let magic: UInt32
  /// Streams that the sending port numbers.
  let streams: Int
  /// ``FramePattern``, of ``FramePattern/longest`` bytes.
  private let pattern: UnsafeMutableRawPointer
  /// What the payload of a frame of each length adds to its checksum.
  private let sums: UnsafeMutablePointer<UInt16>

  init(layout: FrameLayout, magic: UInt32, streams: Int) {
    self.layout = layout
    self.magic = magic
    self.streams = streams
    let bytes = FramePattern.bytes(FramePattern.longest)
    pattern = .allocate(byteCount: bytes.count, alignment: 64)
    pattern.copyMemory(from: bytes, byteCount: bytes.count)
    sums = .allocate(capacity: bytes.count + 1)
    sums.initialize(repeating: 0, count: bytes.count + 1)
    for length in layout.payloadOffset..<bytes.count {
      let isHighByte = (length - layout.payloadOffset) % 2 == 1
      let added = UInt16(bytes[length]).littleEndian << (isHighByte ? 8 : 0)
      sums[length + 1] = InternetChecksum.folded(UInt32(sums[length]) + UInt32(added))
    }
  }

  deinit {
    pattern.deallocate()
    sums.deallocate()
  }

  /// Looks at a frame.
  ///
  /// - Parameters:
  ///   - frame: `length` bytes, in one piece.
  ///   - isV6: ``FrameLayout/isV6``, which a loop knows beforehand.
  ///   - mark: takes the frame's mark where it is one of ours.
  @inline(__always)
  func verdict(on frame: UnsafeRawPointer, length: Int, isV6: Bool, mark: inout FrameMark) -> FrameVerdict {
    guard length >= layout.payloadOffset else { return .foreign }
    mark = FrameMark(at: frame + layout.markOffset)
    guard mark.magic == magic else { return .foreign }
    guard Int(mark.length) == length, length <= FramePattern.longest, Int(mark.stream) < streams else {
      return .damaged
    }
    guard hasRightChecksums(frame, length: length, isV6: isV6), hasPattern(frame, length: length) else {
      return .damaged
    }
    return .intact
  }

  /// Whether the checksums of IPv4 and UDP are right, of a payload that is: it is compared, not added up.
  @inline(__always)
  private func hasRightChecksums(_ frame: UnsafeRawPointer, length: Int, isV6: Bool) -> Bool {
    let udp = frame + layout.udpOffset
    let udpLength = udp.loadUnaligned(fromByteOffset: 4, as: UInt16.self)
    guard Int(UInt16(bigEndian: udpLength)) == length &- layout.udpOffset else { return false }
    let addresses = frame + layout.addressOffset
    var sum = addresses.part(0)
    if isV6 {
      let payload = frame.loadUnaligned(fromByteOffset: layout.networkOffset &+ 4, as: UInt16.self)
      guard payload == udpLength else { return false }
      sum &+= addresses.part(8) &+ addresses.part(16) &+ addresses.part(24)
    } else {
      let ip = frame + layout.networkOffset
      let total = ip.loadUnaligned(fromByteOffset: 2, as: UInt16.self)
      guard Int(UInt16(bigEndian: total)) == length &- layout.networkOffset else { return false }
      let header = ip.part(0) &+ UInt64(ip.loadUnaligned(fromByteOffset: 8, as: UInt32.self)) &+ sum
      guard InternetChecksum.folded(header) == 0xffff else { return false }
    }
    // IPv4 may go without a checksum, IPv6 may not.
    let checksum = udp.loadUnaligned(fromByteOffset: 6, as: UInt16.self)
    if checksum == 0 { return !isV6 }
    sum &+= UInt64(UInt16(IPProtocol.udp).bigEndian) &+ UInt64(udpLength) &+ UInt64(sums[length])
    sum &+= udp.part(0) &+ udp.part(8) &+ udp.part(16)
    sum &+= UInt64(udp.loadUnaligned(fromByteOffset: 24, as: UInt16.self))
    return InternetChecksum.folded(sum) == 0xffff
  }

  @inline(__always)
  private func hasPattern(_ frame: UnsafeRawPointer, length: Int) -> Bool {
    var offset = layout.payloadOffset
    var difference = SIMD8<UInt64>.zero
    while offset &+ 64 <= length {
      difference |=
        frame.loadUnaligned(fromByteOffset: offset, as: SIMD8<UInt64>.self)
        ^ pattern.loadUnaligned(fromByteOffset: offset, as: SIMD8<UInt64>.self)
      offset &+= 64
    }
    let halves = difference.lowHalf | difference.highHalf
    let quarters = halves.lowHalf | halves.highHalf
    var rest = quarters.x | quarters.y
    while offset &+ 8 <= length {
      rest |=
        frame.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        ^ pattern.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      offset &+= 8
    }
    while offset < length {
      rest |= UInt64(
        frame.load(fromByteOffset: offset, as: UInt8.self) ^ pattern.load(fromByteOffset: offset, as: UInt8.self))
      offset &+= 1
    }
    return rest == 0
  }
}

extension UnsafeRawPointer {
  /// What the eight bytes from `offset` on add to a one's complement sum.
  @inline(__always)
  fileprivate func part(_ offset: Int) -> UInt64 {
    InternetChecksum.part(loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }
}
