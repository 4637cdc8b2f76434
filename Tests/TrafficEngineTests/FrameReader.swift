import CDPDK
import EngineMessages

@testable import TrafficEngine

/// A frame as another program would read it: network byte order, sums in sixteen-bit steps, nothing of the engine's own.
struct FrameReader {
  let bytes: [UInt8]
  private let network: Int

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    network = Self.word(bytes, 12) == 0x8100 ? 18 : 14
  }

  private static func word(_ bytes: [UInt8], _ offset: Int) -> Int { Int(bytes[offset]) << 8 | Int(bytes[offset + 1]) }

  func word(_ offset: Int) -> Int { Self.word(bytes, offset) }

  var vlan: Int? { network == 18 ? word(14) : nil }
  var etherType: Int { word(network - 2) }
  var isV6: Bool { etherType == 0x86dd }
  var source: [UInt8] { isV6 ? Array(bytes[network + 8..<network + 24]) : Array(bytes[network + 12..<network + 16]) }
  var destination: [UInt8] {
    isV6 ? Array(bytes[network + 24..<network + 40]) : Array(bytes[network + 16..<network + 20])
  }
  var udp: Int { network + (isV6 ? 40 : 20) }
  var sourcePort: Int { word(udp) }
  var destinationPort: Int { word(udp + 2) }
  var udpLength: Int { word(udp + 4) }
  var checksum: Int { word(udp + 6) }
  var payload: ArraySlice<UInt8> { bytes[(udp + 8)...] }

  /// The fixed fields of the IP header that are not as they should be.
  var wrongHeaderFields: [String] {
    let fields: [(String, Int, Int)] =
      isV6
      ? [
        ("version", Int(bytes[network]), 0x60), ("payload length", word(network + 4), bytes.count - network - 40),
        ("next header", Int(bytes[network + 6]), 17), ("hop limit", Int(bytes[network + 7]), 64),
      ]
      : [
        ("version", word(network), 0x4500), ("total length", word(network + 2), bytes.count - network),
        ("flags", word(network + 6), 0x4000), ("time to live", Int(bytes[network + 8]), 64),
        ("protocol", Int(bytes[network + 9]), 17),
        ("checksum", Self.sum(bytes[network..<network + 20]), 0xffff),
      ]
    return fields.filter { $0.1 != $0.2 }.map(\.0) + (udpLength == bytes.count - udp ? [] : ["UDP length"])
  }

  /// Whether the UDP packet and its pseudo-header add up to all ones.
  var hasRightChecksum: Bool {
    let pseudo = source + destination + [0, 17, UInt8(udpLength >> 8), UInt8(udpLength & 0xff)]
    return Self.sum(pseudo + bytes[udp...]) == 0xffff
  }

  private static func sum(_ bytes: some Collection<UInt8>) -> Int {
    var sum = 0
    for (index, byte) in bytes.enumerated() { sum += index % 2 == 0 ? Int(byte) << 8 : Int(byte) }
    while sum > 0xffff { sum = (sum & 0xffff) + (sum >> 16) }
    return sum
  }
}

/// Memory laid out as the mbufs of a filled pool, without one.
final class FrameMemory {
  let packets: UnsafeMutablePointer<OpaquePointer?>
  let count: Int

  /// - Parameter room: bytes of the longest frame.
  init(_ count: Int, room: Int = 9_216) {
    self.count = count
    packets = .allocate(capacity: count)
    let pattern = FramePattern.bytes(room)
    for index in 0..<count {
      let memory = UnsafeMutableRawPointer.allocate(byteCount: 256 + room, alignment: 64)
      memory.initializeMemory(as: UInt8.self, repeating: 0, count: 256)
      // `buf_addr`
      memory.storeBytes(of: memory + 128, as: UnsafeMutableRawPointer.self)
      (memory + 256).copyMemory(from: pattern, byteCount: room)
      (packets + index).initialize(to: OpaquePointer(memory))
    }
  }

  deinit {
    for index in 0..<count { UnsafeMutableRawPointer(packets[index])?.deallocate() }
    packets.deallocate()
  }

  /// Where a frame begins.
  func frame(_ index: Int) -> UnsafeMutableRawPointer { cdpdk_mbuf_data(packets[index]) }

  func length(_ index: Int) -> Int { Int(cdpdk_mbuf_length(packets[index])) }

  func bytes(_ index: Int) -> [UInt8] {
    Array(UnsafeRawBufferPointer(start: frame(index), count: length(index)))
  }
}

extension FrameAddresses {
  /// One flow of each family.
  static let v4 = FrameAddresses(
    sourceMAC: MACAddress([2, 0, 0, 0, 0, 1]), destinationMAC: MACAddress([2, 0, 0, 0, 0, 2]),
    source: .v4([198, 18, 0, 1]), destination: .v4([198, 18, 0, 2]), sourcePort: 49_152, destinationPort: 9)

  static let v6 = FrameAddresses(
    sourceMAC: v4.sourceMAC, destinationMAC: v4.destinationMAC,
    source: .v6([0x20, 1, 0, 2] + [UInt8](repeating: 0, count: 11) + [1]),
    destination: .v6([0x20, 1, 0, 2] + [UInt8](repeating: 0, count: 11) + [2]), sourcePort: 49_152, destinationPort: 9)
}

extension FlowPlan {
  static let magic: UInt32 = 0xabcdef

  /// A plan of some flows, one stream each, at full rate.
  static func flows(
    _ addresses: FrameAddresses, _ flows: Int = 1, sizes: [Int], vlan: Int? = nil, isChecksummed: Bool = true
  ) -> FlowPlan {
    let layout = FrameLayout(isV6: addresses.source.isV6, isTagged: vlan != nil)
    return FlowPlan(
      layout: layout,
      heads: (0..<flows).map {
        FrameHead(addresses.flow($0), layout: layout, vlan: vlan, stream: UInt16($0), magic: magic)
      },
      sizes: sizes.map { FrameLengths($0, layout: layout) }, isChecksummed: isChecksummed, isStamped: true,
      pacer: Pacer(
        rate: .maximum, share: PacerShare(queue: 0, of: 1), burst: 32, frameSizes: sizes, hertz: 1e9, start: 0, now: 0))
  }
}
