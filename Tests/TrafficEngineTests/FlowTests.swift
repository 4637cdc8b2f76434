import Testing

@testable import TrafficEngine

@Suite("Flows")
struct FlowTests {
  @Test("Flows take addresses and ports of a range in turn, and count their source ports up")
  func ranges() {
    var addresses = FrameAddresses.v4
    addresses.source = .v4([198, 18, 0, 254])
    addresses.sources = 3
    addresses.destinations = 2
    addresses.sourcePort = 65_534
    addresses.destinationPorts = 4
    let flows = (0..<7).map { addresses.flow($0) }
    #expect(flows.map(\.source.bytes.last) == [254, 255, 0, 254, 255, 0, 254])
    #expect(flows[2].source == .v4([198, 18, 1, 0]))
    #expect(flows.map(\.destination.bytes.last) == [2, 3, 2, 3, 2, 3, 2])
    #expect(flows.map(\.sourcePort) == [65_534, 65_535, 0, 1, 2, 3, 4])
    #expect(flows.map(\.destinationPort) == [9, 10, 11, 12, 9, 10, 11])
  }

  @Test("An address of IPv6 is counted up through all its bytes")
  func carries() {
    let last = [UInt8](repeating: 0xff, count: 15)
    #expect(IPAddress.v6([0x20] + last).advanced(by: 1) == .v6([0x21] + [UInt8](repeating: 0, count: 15)))
    #expect(FrameAddresses.v6.source.advanced(by: 0x1_0000).bytes[12...] == [0, 1, 0, 1])
  }

  @Test("Each flow has one worker where there are enough, and several streams where there are not")
  func division() {
    func workers(_ flows: Int, _ workers: Int) -> [[Int]] {
      let streams = FlowStreams(flows: flows, workers: workers)
      return (0..<workers).map { streams.streams(ofWorker: $0) }
    }
    #expect(workers(1, 1) == [[0]])
    #expect(workers(5, 2) == [[0, 2, 4], [1, 3]])
    #expect(workers(2, 3) == [[0], [1], [2]])
    let shared = FlowStreams(flows: 2, workers: 3)
    #expect((0..<shared.count).map { shared.flow(ofStream: $0) } == [0, 1, 0])
    let many = FlowStreams(flows: 16_384, workers: 256)
    #expect((0..<256).flatMap { many.streams(ofWorker: $0) }.sorted() == Array(0..<16_384))
  }

  @Test("As many flows as there may be are as many different ones")
  func different() {
    var addresses = FrameAddresses.v4
    addresses.sources = 7
    addresses.destinations = 5
    let tuples = (0..<16_384).map { index in
      let flow = addresses.flow(index)
      return flow.source.bytes + flow.destination.bytes + [UInt8(flow.sourcePort >> 8), UInt8(flow.sourcePort & 0xff)]
    }
    #expect(Set(tuples).count == 16_384)
  }
}
