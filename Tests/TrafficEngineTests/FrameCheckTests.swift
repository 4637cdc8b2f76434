import EngineMessages
import Testing

@testable import TrafficEngine

@Suite("Checks of what arrives")
struct FrameCheckTests {
  private typealias Kind = FrameTests.Kind

  /// Frames as they were built, and a receiver of theirs, without a port.
  private struct Line: ~Copyable {
    let memory: FrameMemory
    let check: FrameCheck
    let isV6: Bool

    init(_ kind: FrameTests.Kind, size: Int, frames: Int = 1) {
      let plan = FlowPlan.flows(kind.addresses, sizes: [size], vlan: kind.vlan)
      memory = FrameMemory(frames)
      var builder = FlowBuilder(plan)
      var offsets = [Int](repeating: 0, count: frames + 1)
      builder.build(memory.packets, count: frames, offsets: &offsets)
      check = FrameCheck(layout: plan.layout, magic: FlowPlan.magic, streams: 1)
      isV6 = kind.isV6
    }

    func verdict(length: Int? = nil) -> FrameVerdict {
      var mark = FrameMark(sequence: 0, stream: 0, magic: 0, length: 0)
      return check.verdict(on: memory.frame(0), length: length ?? memory.length(0), isV6: isV6, mark: &mark)
    }

    /// The verdict with one byte changed.
    func verdict(changing offset: Int, by bits: UInt8) -> FrameVerdict {
      let place = (memory.frame(0) + offset).assumingMemoryBound(to: UInt8.self)
      place.pointee ^= bits
      defer { place.pointee ^= bits }
      return verdict()
    }
  }

  @Test("A frame of any size is intact as it was built", arguments: FrameTests.kinds)
  func intact(kind: FrameTests.Kind) {
    for size in Array(kind.layout.smallestFrame..<kind.layout.smallestFrame + 140) + [1518, 9000, 9215, 9216] {
      let line = Line(kind, size: size)
      #expect(line.verdict() == .intact, "size \(size)")
    }
  }

  @Test("One wrong bit anywhere from the IP addresses on is seen", arguments: FrameTests.kinds, [0, 1, 133, 200])
  func damaged(kind: FrameTests.Kind, more: Int) {
    let line = Line(kind, size: kind.layout.smallestFrame + more)
    let magic = kind.layout.markOffset + 13..<kind.layout.markOffset + 16
    // What a router changes in a header of IPv6, its hop limit and flow label, no checksum covers.
    let first = kind.isV6 ? kind.layout.addressOffset : kind.layout.networkOffset
    for offset in first..<line.memory.length(0) {
      for bit in 0..<8 {
        let verdict = line.verdict(changing: offset, by: 1 << bit)
        #expect(verdict == (magic.contains(offset) ? .foreign : .damaged), "byte \(offset), bit \(bit)")
      }
    }
  }

  @Test("A frame that lost or gained bytes is damaged, one too short for a mark foreign", arguments: FrameTests.kinds)
  func lengths(kind: FrameTests.Kind) {
    let line = Line(kind, size: 200)
    #expect(line.verdict(length: 195) == .damaged && line.verdict(length: 197) == .damaged)
    #expect(line.verdict(length: kind.layout.payloadOffset) == .damaged)
    #expect(line.verdict(length: kind.layout.payloadOffset - 1) == .foreign)
  }

  @Test("An IPv4 total length that is not the frame's is damage, though the header's checksum is right")
  func totalLength() {
    for vlan in [nil, 7] {
      let line = Line(Kind(isV6: false, vlan: vlan), size: 200)
      let header = line.memory.frame(0) + (vlan == nil ? 14 : 18)
      // As much less here as more in the identification keeps the sum.
      for (offset, change) in [(2, UInt16.max), (4, 1)] {
        let word = UInt16(bigEndian: header.loadUnaligned(fromByteOffset: offset, as: UInt16.self)) &+ change
        header.storeBytes(of: word.bigEndian, toByteOffset: offset, as: UInt16.self)
      }
      #expect(FrameReader(line.memory.bytes(0)).wrongHeaderFields == ["total length"])
      #expect(line.verdict() == .damaged)
    }
  }

  @Test("A payload shifted, or of another place, is damaged though its sum may be right")
  func shifted() {
    let line = Line(Kind(isV6: false, vlan: nil), size: 200)
    let payload = line.memory.frame(0) + 60
    let first = payload.loadUnaligned(as: UInt16.self)
    payload.storeBytes(of: payload.loadUnaligned(fromByteOffset: 2, as: UInt16.self), as: UInt16.self)
    payload.storeBytes(of: first, toByteOffset: 2, as: UInt16.self)
    #expect(FrameReader(line.memory.bytes(0)).hasRightChecksum)
    #expect(line.verdict() == .damaged)
  }

  @Test("IPv4 may arrive without a checksum, IPv6 may not")
  func without() {
    for isV6 in [false, true] {
      let line = Line(Kind(isV6: isV6, vlan: nil), size: 200)
      (line.memory.frame(0) + (isV6 ? 60 : 40)).storeBytes(of: 0, as: UInt16.self)
      #expect(line.verdict() == (isV6 ? .damaged : .intact))
    }
  }

  @Test("A router's work is no damage: other addresses, with the checksums to them")
  func routed() {
    let kind = Kind(isV6: false, vlan: nil)
    let line = Line(kind, size: 200)
    var addresses = FrameAddresses.v4
    addresses.source = .v4([10, 0, 0, 7])
    addresses.destination = .v4([10, 9, 8, 7])
    let other = FrameMemory(1)
    var builder = FlowBuilder(.flows(addresses, sizes: [200]))
    var offsets = [0, 0]
    builder.build(other.packets, count: 1, offsets: &offsets)
    line.memory.frame(0).copyMemory(from: other.frame(0), byteCount: other.length(0))
    #expect(line.verdict() == .intact)
  }

  @Test("A receiver counts damaged frames apart, and neither as received nor as foreign")
  func counted() throws {
    let line = Line(Kind(isV6: false, vlan: nil), size: 100, frames: 8)
    let memory = line.memory
    (memory.frame(2) + 70).storeBytes(of: 0, as: UInt64.self)
    // Its magic: nobody's any more.
    (memory.frame(5) + 42 + 13).storeBytes(of: 0, as: UInt16.self)
    let counters = CounterTable(workers: 1, ports: 1)
    let port = WorkerPort(queue: PortQueue(port: 0, queue: 0), line: counters.line(worker: 0, port: 0))
    var receiver = LoopbackReceiver(
      on: port, check: FrameCheck(layout: line.check.layout, magic: FlowPlan.magic, streams: 1), burst: 8, hertz: 1e9)
    receiver.enter(memory.packets, count: 8, at: 100, recordsLatency: true)
    receiver.enter(memory.packets, count: 1, at: 100, recordsLatency: true)
    let loss = receiver.outcome(LookRecord()).loss(ofSent: 9)
    #expect(loss == Loss(sent: 9, received: 6, lost: 3, reordered: 0, duplicated: 1, foreign: 1, damaged: 1))
    #expect(counters.totals()[0].rxPackets == 9 && counters.totals()[0].arrived == 6)
  }
}
