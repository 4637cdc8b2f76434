import CDPDK

/// One worker's builder of the frames of its streams, in mbufs that carry ``FramePattern`` already.
///
/// A frame costs a copy of its flow's prepared head, one store for checksum and sequence number, and two for the mbuf's
/// fields. Where sizes differ, its length fields too.
struct FlowBuilder: ~Copyable {
  private let layout: FrameLayout
  private let kind: FrameKind
  private let heads: UnsafeMutableRawPointer
  /// Behind the last head.
  private let end: UnsafeRawPointer
  private let sizes: UnsafeMutablePointer<FrameLengths>
  private let sizeCount: Int
  private var head: UnsafeRawPointer
  private var size = 0
  private var round: UInt64 = 0

  /// Bytes of a frame where all are of one size.
  let commonLength: Int?

  /// Bytes from one head to the next: cache lines.
  private static func stride(_ layout: FrameLayout) -> Int { (layout.headBytes + 63) / 64 * 64 }

  init(_ plan: FlowPlan) {
    layout = plan.layout
    kind = FrameKind(of: plan)
    let stride = Self.stride(plan.layout)
    heads = .allocate(byteCount: stride * plan.heads.count, alignment: 64)
    end = UnsafeRawPointer(heads + stride * plan.heads.count)
    head = UnsafeRawPointer(heads)
    sizeCount = plan.sizes.count
    sizes = .allocate(capacity: plan.sizes.count)
    for (index, size) in plan.sizes.enumerated() { (sizes + index).initialize(to: size) }
    let single = Set(plan.sizes.map(\.length)).count == 1 ? plan.sizes.first : nil
    commonLength = single.map { Int($0.length) }
    for (index, prepared) in plan.heads.enumerated() {
      let place = heads + index * stride
      place.copyMemory(from: prepared.bytes, byteCount: prepared.bytes.count)
      if let single { complete(place, with: single) }
    }
  }

  deinit {
    heads.deallocate()
    sizes.deallocate()
  }

  /// Enters what is the same for every frame of a head.
  private func complete(_ place: UnsafeMutableRawPointer, with size: FrameLengths) {
    size.write(to: place, head: place, layout: layout, isV6: layout.isV6)
    let sum = place.loadUnaligned(fromByteOffset: layout.checksumOffset, as: UInt16.self)
    let whole = InternetChecksum.folded(UInt32(sum) + UInt32(size.sum))
    place.storeBytes(of: whole, toByteOffset: layout.checksumOffset, as: UInt16.self)
  }

  /// Builds a frame in each of `count` mbufs.
  ///
  /// - Parameter offsets: takes the bytes of the frames before each where sizes differ; one more place than there are mbufs.
  @inline(__always)
  mutating func build(
    _ packets: UnsafeMutablePointer<OpaquePointer?>, count: Int, offsets: UnsafeMutablePointer<Int>
  ) {
    switch kind {
    case .plain(isMixed: false): fill(packets, count, offsets, isMixed: false, isChecksummed: false, isV6: false)
    case .plain(isMixed: true): fill(packets, count, offsets, isMixed: true, isChecksummed: false, isV6: false)
    case .checksummed(isMixed: false, isV6: false):
      fill(packets, count, offsets, isMixed: false, isChecksummed: true, isV6: false)
    case .checksummed(isMixed: true, isV6: false):
      fill(packets, count, offsets, isMixed: true, isChecksummed: true, isV6: false)
    case .checksummed(isMixed: false, isV6: true):
      fill(packets, count, offsets, isMixed: false, isChecksummed: true, isV6: true)
    case .checksummed(isMixed: true, isV6: true):
      fill(packets, count, offsets, isMixed: true, isChecksummed: true, isV6: true)
    }
  }

  /// The loop itself, of which every combination is compiled by itself.
  @inline(__always)
  private mutating func fill(
    _ packets: UnsafeMutablePointer<OpaquePointer?>, _ count: Int, _ offsets: UnsafeMutablePointer<Int>,
    isMixed: Bool, isChecksummed: Bool, isV6: Bool
  ) {
    let sizes = sizes
    let layout = layout
    let checksumOffset = layout.checksumOffset
    let first = UnsafeRawPointer(heads)
    let end = end
    let length = sizes.pointee.length
    var head = head
    var round = round
    var size = size
    var bytes = 0
    for index in 0..<count {
      let packet = packets[index]
      let frame = cdpdk_mbuf_start(packet)
      frame.storeBytes(of: head.load(as: SIMD64<UInt8>.self), as: SIMD64<UInt8>.self)
      if isV6 {
        frame.storeBytes(
          of: head.load(fromByteOffset: 64, as: SIMD32<UInt8>.self), toByteOffset: 64, as: SIMD32<UInt8>.self)
      }
      var sum: UInt32 = 0
      if isMixed {
        sizes[size].write(to: frame, head: head, layout: layout, isV6: isV6)
        if isChecksummed { sum = UInt32(sizes[size].sum) }
        cdpdk_mbuf_prepare(packet, sizes[size].length)
        bytes &+= Int(sizes[size].length)
        offsets[index &+ 1] = bytes
        size = size &+ 1 == sizeCount ? 0 : size &+ 1
      } else {
        cdpdk_mbuf_prepare(packet, length)
      }
      // The checksum and the six bytes of the sequence number are neighbours.
      var word = round << 16
      if isChecksummed {
        sum &+= UInt32(head.loadUnaligned(fromByteOffset: checksumOffset, as: UInt16.self))
        sum &+= UInt32(truncatingIfNeeded: round & 0xffff) &+ UInt32(truncatingIfNeeded: round >> 16 & 0xffff)
        sum &+= UInt32(truncatingIfNeeded: round >> 32 & 0xffff)
        word |= UInt64(InternetChecksum.udp(InternetChecksum.folded(sum)))
      }
      frame.storeBytes(of: word, toByteOffset: checksumOffset, as: UInt64.self)
      head += isV6 ? 128 : 64
      if head == end {
        head = first
        round &+= 1
      }
    }
    self.head = head
    self.round = round
    self.size = size
  }

  /// Writes the time into a built frame, and changes its checksum by as much (RFC 1624).
  @inline(__always)
  func stamp(_ frame: UnsafeMutableRawPointer, cycles: UInt64) {
    let place = frame + layout.markOffset + FrameMark.timestampOffset
    let old = place.loadUnaligned(as: UInt64.self)
    // Zero says that there is no time stamp.
    let new = old & ~FrameMark.timestampMask | max(1, cycles & FrameMark.timestampMask)
    place.storeBytes(of: new, as: UInt64.self)
    guard case .checksummed = kind else { return }
    let checksum = frame + layout.checksumOffset
    let sum =
      UInt64(~checksum.loadUnaligned(as: UInt16.self)) &+ InternetChecksum.part(~old) &+ InternetChecksum.part(new)
    checksum.storeBytes(of: InternetChecksum.udp(InternetChecksum.folded(sum)), as: UInt16.self)
  }
}
