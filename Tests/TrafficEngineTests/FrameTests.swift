import EngineMessages
import Testing

@testable import TrafficEngine

@Suite("Frames")
struct FrameTests {
  struct Kind: Sendable, CustomTestStringConvertible {
    let isV6: Bool
    let vlan: Int?
    var addresses: FrameAddresses { isV6 ? .v6 : .v4 }
    var layout: FrameLayout { FrameLayout(isV6: isV6, isTagged: vlan != nil) }
    var testDescription: String { (isV6 ? "IPv6" : "IPv4") + (vlan.map { " in VLAN \($0)" } ?? "") }
  }

  static let kinds = [false, true].flatMap { isV6 in [nil, 4094].map { Kind(isV6: isV6, vlan: $0) } }

  /// The smallest, what lies around whole vectors, odd ones, the largest.
  private static func sizes(_ layout: FrameLayout) -> [Int] {
    let smallest = layout.smallestFrame
    return Array(smallest...smallest + 70) + [570, 571, 1518, 2049, 8999, 9000, 9216]
  }

  private func build(_ plan: FlowPlan, _ count: Int) -> FrameMemory {
    let longest = plan.sizes.map { Int($0.length) }.max() ?? 0
    let memory = FrameMemory(count, room: max(longest, plan.layout.headBytes))
    var builder = FlowBuilder(plan)
    var offsets = [Int](repeating: 0, count: count + 1)
    builder.build(memory.packets, count: count, offsets: &offsets)
    return memory
  }

  @Test("A frame of any size is what another program takes for right", arguments: kinds)
  func everySize(kind: Kind) {
    for size in Self.sizes(kind.layout) {
      let memory = build(.flows(kind.addresses, sizes: [size], vlan: kind.vlan), 2)
      let frame = FrameReader(memory.bytes(1))
      #expect(frame.bytes.count == size - 4)
      #expect(frame.wrongHeaderFields.isEmpty && frame.isV6 == kind.isV6 && frame.vlan == kind.vlan, "size \(size)")
      #expect(frame.checksum != 0 && frame.hasRightChecksum, "size \(size)")
      #expect(Array(frame.payload.dropFirst(18)) == Array(FramePattern.bytes(size - 4)[(frame.udp + 26)...]))
    }
  }

  @Test("Mixed sizes come in turn, each with lengths and checksum of its own", arguments: kinds)
  func mixedSizes(kind: Kind) {
    let sizes = Self.sizes(kind.layout).shuffled()
    let memory = FrameMemory(sizes.count)
    var builder = FlowBuilder(.flows(kind.addresses, 3, sizes: sizes, vlan: kind.vlan))
    var offsets = [Int](repeating: 0, count: sizes.count + 1)
    builder.build(memory.packets, count: sizes.count, offsets: &offsets)
    for (index, size) in sizes.enumerated() {
      let frame = FrameReader(memory.bytes(index))
      #expect(frame.bytes.count == size - 4 && offsets[index + 1] - offsets[index] == size - 4)
      #expect(frame.wrongHeaderFields.isEmpty && frame.hasRightChecksum, "size \(size)")
      #expect(frame.sourcePort == 49_152 + index % 3)
    }
    #expect(builder.commonLength == nil)
  }

  @Test("The headers carry the addresses, and the tag its VLAN with priority 0", arguments: kinds)
  func headers(kind: Kind) {
    let frame = FrameReader(build(.flows(kind.addresses, sizes: [128], vlan: kind.vlan), 1).bytes(0))
    #expect(Array(frame.bytes[0..<12]) == [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1])
    #expect(frame.etherType == (kind.isV6 ? 0x86dd : 0x0800))
    #expect(frame.source == kind.addresses.source.bytes && frame.destination == kind.addresses.destination.bytes)
    #expect(frame.sourcePort == 49_152 && frame.destinationPort == 9)
  }

  @Test("Without checksums IPv4 says that there is none, and IPv6 has one all the same")
  func plain() {
    for sizes in [[64], [64, 570]] {
      let frame = FrameReader(build(.flows(.v4, sizes: sizes, isChecksummed: false), 2).bytes(1))
      #expect(frame.checksum == 0 && frame.wrongHeaderFields.isEmpty)
    }
    let frame = FrameReader(build(.flows(.v6, sizes: [84], isChecksummed: false), 2).bytes(1))
    #expect(frame.checksum != 0 && frame.hasRightChecksum)
  }

  @Test("Each flow is numbered by itself, a number a round", arguments: [1, 3, 16_384])
  func numbers(flows: Int) {
    let count = flows * 2 + 3
    let memory = build(.flows(.v4, flows, sizes: [64]), count)
    for index in 0..<count {
      let mark = FrameMark(at: memory.frame(index) + 42)
      #expect(
        mark
          == FrameMark(
            sequence: UInt64(index / flows), stream: UInt16(index % flows), magic: FlowPlan.magic, length: 60))
    }
  }

  @Test("The checksum is right for numbers of any height, and never zero")
  func checksums() {
    // The sum takes every value that there is: one of them is the one of which the checksum would be zero.
    let memory = FrameMemory(1)
    var builder = FlowBuilder(.flows(.v4, sizes: [64]))
    var offsets = [0, 0]
    var wrong = 0
    for _ in 0..<70_000 {
      builder.build(memory.packets, count: 1, offsets: &offsets)
      let mark = memory.frame(0) + 40
      if mark.loadUnaligned(as: UInt16.self) == 0 { wrong += 1 }
    }
    #expect(wrong == 0)
    #expect(FrameReader(memory.bytes(0)).hasRightChecksum)
    #expect(FrameMark(at: memory.frame(0) + 42).sequence == 69_999)
  }

  @Test("A time stamp goes into a built frame, again and again, with the checksum right", arguments: kinds)
  func stamps(kind: Kind) {
    let plan = FlowPlan.flows(kind.addresses, sizes: [128], vlan: kind.vlan)
    let memory = build(plan, 1)
    let builder = FlowBuilder(plan)
    for cycles: UInt64 in [0, 1, 0xffff, 0xff_ffff_ffff, 0x12_3456_789a, 0xffff_ff00_0000_0007] {
      builder.stamp(memory.frame(0), cycles: cycles)
      let frame = FrameReader(memory.bytes(0))
      let mark = FrameMark(at: memory.frame(0) + kind.layout.markOffset)
      #expect(mark.timestamp == max(1, cycles & 0xff_ffff_ffff))
      #expect(mark.magic == FlowPlan.magic && mark.length == 124 && mark.sequence == 0)
      #expect(frame.hasRightChecksum)
    }
  }

  @Test("A mark reads back, whatever lies around it, and cycles survive a time stamp's wrap")
  func mark() {
    var frame = [UInt8](repeating: 0xee, count: 64)
    let mark = FrameMark(
      sequence: 0xffff_0000_0001, stream: 513, timestamp: 0x12_3456_789a, magic: 0xde_adbe, length: 9212)
    frame.withUnsafeMutableBytes { if let base = $0.baseAddress { mark.write(to: base + 42) } }
    let read = frame.withUnsafeBytes { buffer in buffer.baseAddress.map { FrameMark(at: $0 + 42) } }
    #expect(read == mark)
    #expect(frame[..<42].allSatisfy { $0 == 0xee } && frame[60...].allSatisfy { $0 == 0xee })
    #expect(FrameMark.cycles(from: FrameMark.timestampMask, to: 0x7_0000_0000_0004) == 5)
    #expect(FrameMark.cycles(from: 1000, to: 999) == 0, "a counter that lags tells no minute")
    #expect(FrameMark.cycles(from: 1, to: 0x80_0000_0000) == 0x7f_ffff_ffff)
  }

  @Test("The smallest frame that fits is the one that requests are held to", arguments: kinds)
  func smallest(kind: Kind) {
    let smallest = FlowEndpoints.smallestFrame(isV6: kind.isV6, isTagged: kind.vlan != nil)
    #expect(kind.layout.smallestFrame == smallest && kind.layout.payloadOffset <= smallest - 4)
    #expect(kind.layout.headBytes >= kind.layout.payloadOffset)
  }

  @Test("The payload looks like itself at its own place alone")
  func pattern() {
    let bytes = FramePattern.bytes(9216)
    for shift in 1...4096 { #expect(bytes[..<64] != bytes[shift..<shift + 64]) }
    #expect(Set(bytes).count == 256 && FramePattern.bytes(100) == Array(bytes[..<100]))
  }

  @Test(
    "Addresses are read whole or not at all",
    arguments: ["", "2:0:0:0:0:1", "02:00:00:00:00", "02:00:00:00:00:01:02", "02:00:00:00:00:0g", "+2:00:00:00:00:01x"])
  func badMAC(text: String) {
    #expect(MACAddress(parsing: text) == nil)
  }

  @Test(
    "IP addresses are read whole or not at all",
    arguments: [
      "", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.-4", "1.2.3.+4", "2001:2", "2001::2::1", "2001:2::1%eth0",
    ])
  func badIP(text: String) {
    #expect(IPAddress(parsing: text) == nil)
  }

  @Test("A MAC address reads as it is written")
  func macText() {
    #expect(MACAddress(parsing: "7c:1e:52:3e:fd:09")?.text == "7c:1e:52:3e:fd:09")
  }
}
