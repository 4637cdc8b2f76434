import EngineMessages
import Foundation
import Testing

@testable import packet_relay

extension EngineProgram {
  @Suite(
    "Truth", .enabled(if: RelayedEngine.isPossible, "needs two CPUs: one for the engine's worker, one for the relay"))
  struct TruthTests {
    private func run(
      _ options: [String], flows: Int, frameSizes: [Int] = [64], packets: UInt64 = 200_000
    ) throws -> (loss: Loss, relay: RelayReport) {
      let request = EngineRequest(
        mode: .loopback, frameSizes: frameSizes, flows: flows, packets: packets, warmUp: 0,
        rate: .packetsPerSecond(150_000))
      let (ended, relay) = try RelayedEngine(options).run(request)
      let result = try ended.result()
      let loss = try #require(result.loss)
      try #require(unplannedLosses(result, relay) == 0, "inconclusive: the interfaces lost packets themselves")
      #expect(loss.sent == packets && relay.received == packets && relay.flows == flows)
      #expect(relay.sent == packets - relay.dropped + relay.duplicated && loss.foreign == 0)
      return (loss, relay)
    }

    private static let seeds: [(UInt64, Int)] = [(1, 1), (2, 1), (0x5eed, 1), (3, 16), (4, 16), (0xfeed, 250)]

    @Test("loss, duplication and reordering are what a relay did, to the packet", arguments: seeds)
    func faults(seed: UInt64, flows: Int) throws {
      let (loss, relay) = try run(
        ["--seed", "\(seed)", "--drop", "7", "--duplicate", "5", "--delay", "6", "--swap", "9"], flows: flows)
      // The plan was carried out: each fault some hundred times.
      #expect(relay.dropped > 500 && relay.duplicated > 500)
      #expect(loss.lost == relay.dropped)
      #expect(loss.received == relay.received - relay.dropped)
      #expect(loss.duplicated == relay.duplicated)
      #expect(flows > 1 || relay.reordered > 500)
      #expect(loss.reordered == relay.reordered)
    }

    @Test("each fault by itself shows as itself alone", arguments: ["drop", "duplicate", "delay", "swap"])
    func single(fault: String) throws {
      // The engine ends when every packet came once: what comes again behind the last one would not be seen.
      let (loss, relay) = try run(["--\(fault)", "20", "--first", "49000"], flows: 1, packets: 50_000)
      #expect(loss.lost == relay.dropped && (relay.dropped > 0) == (fault == "drop"))
      #expect(loss.duplicated == relay.duplicated && (relay.duplicated > 0) == (fault == "duplicate"))
      #expect(loss.reordered == relay.reordered && (relay.reordered > 0) == ["delay", "swap"].contains(fault))
    }

    @Test("a relay without faults has nothing to tell, and nor has the engine")
    func clean() throws {
      let (loss, _) = try run([], flows: 16, packets: 50_000)
      #expect(loss == Loss(sent: 50_000, received: 50_000, lost: 0, reordered: 0, foreign: 0))
    }

    @Test("every packet with a changed byte is damaged")
    func damage() throws {
      // The relay changes one of the last 16 bytes, behind the mark of a frame of this size.
      let (loss, relay) = try run(["--corrupt", "10"], flows: 4, frameSizes: [256])
      #expect(relay.corrupted > 500)
      #expect(loss.damaged == relay.corrupted && loss.received == relay.received - relay.corrupted)
      #expect(loss.lost == loss.damaged, "what came damaged did not arrive")
    }
  }
}
