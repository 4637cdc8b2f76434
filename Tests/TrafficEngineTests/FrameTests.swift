import Testing

@testable import TrafficEngine

@Suite("Frames")
struct FrameTests {
  private static let addresses = FrameAddresses(
    sourceMAC: MACAddress([2, 0, 0, 0, 0, 1]), destinationMAC: MACAddress([2, 0, 0, 0, 0, 2]),
    source: .v4([198, 18, 0, 1]),
    destination: .v4([198, 18, 0, 2]), sourcePort: 49_152, destinationPort: 9)

  private func bytes(size: Int, sourcePort: UInt16 = 49_152) -> [UInt8] {
    var frame = [UInt8](repeating: 0xee, count: 64)
    let template = FrameTemplate(Self.addresses, size: size)
    frame.withUnsafeMutableBytes { buffer in
      if let base = buffer.baseAddress { template.write(to: base, sourcePort: sourcePort) }
    }
    return frame
  }

  private func word(_ bytes: [UInt8], _ offset: Int) -> Int { Int(bytes[offset]) << 8 | Int(bytes[offset + 1]) }

  @Test("The headers are those of Ethernet, IPv4 and UDP")
  func headers() {
    let frame = bytes(size: 64, sourcePort: 50_000)
    #expect(Array(frame[0..<14]) == [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0])
    #expect(Array(frame[14..<16]) == [0x45, 0])
    #expect(Array(frame[20..<24]) == [0x40, 0, 64, 17])
    #expect(Array(frame[26..<34]) == [198, 18, 0, 1, 198, 18, 0, 2])
    #expect(word(frame, 34) == 50_000)
    #expect(word(frame, 36) == 9)
    #expect(word(frame, 40) == 0)
  }

  @Test("Lengths and checksum fit the frame size, check sequence excluded", arguments: [64, 65, 570, 1518, 2052])
  func lengths(size: Int) {
    let frame = bytes(size: size)
    #expect(FrameTemplate(Self.addresses, size: size).length == size - 4)
    #expect(word(frame, 16) == size - 4 - 14)
    #expect(word(frame, 38) == size - 4 - 14 - 20)
    // One's complement: a header with its right checksum adds up to all ones.
    let sum = stride(from: 14, to: 34, by: 2).reduce(0) { $0 + word(frame, $1) }
    #expect((sum & 0xffff) + (sum >> 16) == 0xffff)
  }

  @Test("A mark fits the smallest frame and reads back, whatever lies around it")
  func mark() {
    #expect(FrameMark.smallestFrame == 60)
    var frame = [UInt8](repeating: 0xee, count: 64)
    let mark = FrameMark(magic: 0xdead_beef, stream: 513, sequence: 0xffff_0000_0001, timestamp: 0x1234_5678_9abc)
    frame.withUnsafeMutableBytes { if let base = $0.baseAddress { mark.write(to: base) } }
    let read = frame.withUnsafeBytes { buffer in buffer.baseAddress.map { FrameMark(of: $0) } }
    #expect(read == mark)
    #expect(frame[..<42].allSatisfy { $0 == 0xee } && frame[60...].allSatisfy { $0 == 0xee })
  }

  @Test("A time stamp is written without the rest, and cycles survive its wrap")
  func timestamps() {
    var frame = [UInt8](repeating: 0, count: 64)
    var mark = FrameMark(magic: 7, stream: 3, sequence: 99)
    frame.withUnsafeMutableBytes { if let base = $0.baseAddress { mark.write(to: base) } }
    mark.timestamp = 5
    mark.sequence = 100
    frame.withUnsafeMutableBytes { if let base = $0.baseAddress { mark.writeTimestamp(to: base) } }
    let read = frame.withUnsafeBytes { buffer in buffer.baseAddress.map { FrameMark(of: $0) } }
    #expect(read == FrameMark(magic: 7, stream: 3, sequence: 99, timestamp: 5))
    #expect(FrameMark.cycles(from: FrameMark.mask, to: 0x7_0000_0000_0004) == 5)
  }

  @Test(
    "Addresses are read whole or not at all",
    arguments: ["", "2:0:0:0:0:1", "02:00:00:00:00", "02:00:00:00:00:01:02", "02:00:00:00:00:0g", "+2:00:00:00:00:01x"])
  func badMAC(text: String) {
    #expect(MACAddress(parsing: text) == nil)
  }

  @Test(
    "IPv4 addresses are read whole or not at all",
    arguments: ["", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.-4", "1.2.3.+4"])
  func badIPv4(text: String) {
    #expect(IPAddress(parsing: text) == nil)
  }

  @Test("A MAC address reads as it is written")
  func macText() {
    #expect(MACAddress(parsing: "7c:1e:52:3e:fd:09")?.text == "7c:1e:52:3e:fd:09")
  }
}
