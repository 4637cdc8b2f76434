import CDPDK
import EngineMessages
import Testing

@testable import TrafficEngine

@Suite("RSS hashes")
struct RSSTests {
  // No PMD here spreads what arrives by a hash that it is told: net_null and net_ring make queues alike of themselves,
  // net_memif has a ring a queue, and a net_tap's kernel spreads by a hash of its own. So what is configured is tested, and
  // with real drivers what they refuse; queues that add up are tested with net_memif.

  private let all = PortCapabilities(
    queues: 4, largestMTU: 9000, flowTypes: cdpdk_rss_ip() | cdpdk_rss_udp() | cdpdk_rss_tcp())
  /// As a netvsc on a host that hashes TCP alone.
  private let tcpOnly = PortCapabilities(
    queues: 4, largestMTU: 9000, flowTypes: cdpdk_rss_ip_least() | cdpdk_rss_tcp_least())
  private let none = PortCapabilities(queues: 4, largestMTU: 9000)

  @Test("What is asked for is configured, and else what is best for UDP")
  func bits() {
    #expect(all.hashBits(of: [.ip]) == cdpdk_rss_ip())
    #expect(all.hashBits(of: [.udp, .tcp]) == cdpdk_rss_udp() | cdpdk_rss_tcp())
    #expect(all.hashBits(of: []) == cdpdk_rss_ip() | cdpdk_rss_udp())
    #expect(tcpOnly.hashBits(of: []) == cdpdk_rss_ip_least(), "of what the port knows")
    #expect(none.hashBits(of: []) == 0)
  }

  @Test("What the port cannot hash by is refused with what it can")
  func objections() {
    #expect(all.objection(queues: 2, hashes: RSSHash.allCases, largestFrame: 64) == nil)
    #expect(
      tcpOnly.objection(queues: 2, hashes: [.ip, .udp], largestFrame: 64)
        == "cannot hash by udp, and can by ip,tcp: choose of --rss ip,tcp")
    #expect(
      none.objection(queues: 2, hashes: [.tcp], largestFrame: 64)
        == "cannot hash by tcp, and can by nothing: leave --rss out")
    var onlyV4 = none
    onlyV4.flowTypes = cdpdk_rss_udp_least() & (cdpdk_rss_udp_least() - 1)
    #expect(onlyV4.hashes.isEmpty, "of both IPv4 and IPv6, or not at all")
  }
}

extension EngineProgram {
  @Suite("Queues")
  struct QueueTests {
    private static let twoQueues = ["--lcores", "0@0,1@0,2@1", "--queues", "2"]

    @Test("A driver that hashes takes what is asked for, one that does not names what is missing")
    func drivers() throws {
      let null = ["--vdev", "net_null0"] + Self.twoQueues
      #expect(try EngineProcess.run("rx", null + ["--rss", "ip,udp,tcp"]).result().ports[0].queues?.count == 2)
      let refused = try EngineProcess.run("rx", memoryInterfaces() + Self.twoQueues + ["--rss", "udp"])
      #expect(refused.code == 1)
      let message = try refused.failure().message
      #expect(message == "port 'net_memif0' cannot hash by udp, and can by nothing: leave --rss out")
    }

    @Test("Queues' numbers add up to those of their port, in samples and in the result")
    func sums() throws {
      let ended = try EngineProcess.run(
        "loopback", memoryInterfaces() + Self.twoQueues + ["--rate", "100kpps", "--stats-period", "0.1"], duration: 0.5)
      for port in try ended.result().ports {
        let queues = try #require(port.queues)
        #expect(queues.map(\.queue) == [0, 1])
        #expect(queues.reduce(0) { $0 + $1.rxPackets } == port.rxPackets)
        #expect(queues.reduce(0) { $0 + $1.txPackets } == port.txPackets)
        #expect(queues.allSatisfy { ($0.txPackets > 0) == (port.txPackets > 0) }, "each queue has its share")
      }
      let samples = try ended.events().compactMap { event in if case .sample(let sample) = event { sample } else { nil }
      }
      #expect(!samples.isEmpty)
      for port in samples.flatMap(\.ports) {
        let queues = try #require(port.queues)
        #expect(abs(queues.reduce(0) { $0 + $1.txPps } - port.txPps) < 1)
        #expect(abs(queues.reduce(0) { $0 + $1.rxPps } - port.rxPps) < 1)
      }
    }
  }
}
