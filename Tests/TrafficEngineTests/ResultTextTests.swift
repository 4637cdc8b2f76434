import EngineMessages
import Testing

@testable import dpdk_host_engine

@Suite("A result in words")
struct ResultTextTests {
  private static let port = PortResult(
    port: 0, name: "net_null0", driver: "net_null", rxPackets: 10, txPackets: 20, rxPps: 5, txPps: 10, rxBps: 2560,
    txBps: 5120, rxMissed: 1, txDropped: 2)

  private func lines(_ result: TrafficResult) -> [String] {
    resultText(result).split(separator: "\n").map(String.init)
  }

  private func lines(_ change: (inout PortResult) -> Void) -> [String] {
    var port = Self.port
    change(&port)
    return lines(TrafficResult(seconds: 2, ports: [port]))
  }

  @Test("A port without anything special has three lines")
  func plain() {
    #expect(
      lines { _ in } == [
        "measured 2.000 s", "port 0  net_null0 (net_null)",
        "  received               10    5.00  pps    2.56 kbps  missed  1",
        "  sent                   20   10.00  pps    5.12 kbps  dropped 2",
      ])
  }

  @Test("Queues have a line each where there are several")
  func queues() {
    let found = lines {
      $0.queues = [
        QueueResult(queue: 0, rxPackets: 4, txPackets: 8, rxPps: 2, txPps: 4),
        QueueResult(queue: 1, rxPackets: 6, txPackets: 12, rxPps: 3, txPps: 6),
      ]
    }
    #expect(found.count == 6)
    #expect(found[5] == "  queue   1  received              6    3.00  pps  sent             12    6.00  pps")
  }

  @Test("What memory was wanting for, and where the port counted otherwise, is said; where they agree, nothing is")
  func account() {
    func added(_ account: PortAccount, noMbuf: UInt64 = 0) -> [String] {
      Array(
        lines {
          $0.account = account
          $0.rxNoMbuf = noMbuf
        }.dropFirst(4))
    }
    func account(_ received: UInt64, of sent: UInt64, errors: UInt64 = 0) -> PortAccount {
      PortAccount(
        received: 10, portReceived: received, unread: 2, sent: 20, portSent: sent, portSendErrors: errors,
        uncompleted: 3)
    }
    let agreeing = account(12, of: 17)
    #expect(added(agreeing) == [])
    #expect(added(agreeing, noMbuf: 3) == ["  not received for want of memory: 3"])
    #expect(
      added(account(13, of: 15, errors: 1)) == [
        "  differs: the port counted 13 received, the engine 10", "  differs: the port counted 15 sent, the engine 20",
        "  the port counted 1 send errors",
      ])
  }

  @Test(
    "Counters that began anew are said to have, and no difference is made of it",
    arguments: [
      (PortAccount.Restart.linkDown, " when its link went down"), (.removed, " when a device was removed"),
      (.lower, ", lower than before"),
    ])
  func restart(restart: PortAccount.Restart, reason: String) {
    let found = lines {
      $0.account = PortAccount(
        received: 467_316, portReceived: 0, unread: 2, sent: 9, portSent: 0, portSendErrors: 0, uncompleted: 3,
        restart: restart)
    }
    #expect(found.dropFirst(4) == ["  the port's counters began anew\(reason): not compared"])
  }

  @Test("A sub-device that was removed and came back counts since then")
  func returned() {
    var port = Self.port
    port.subdevices = [
      Subdevice(name: "net_tap0", driver: "net_tap", mac: "m", rxPackets: 0, txPackets: 41_196),
      Subdevice(name: "net_tap1", driver: "net_tap", mac: "m", rxPackets: 1, txPackets: 2),
    ]
    let interruption = Interruption(
      port: 0, device: "net_tap0", elapsed: 1, absence: 4, standstill: 4, resolution: 0.002)
    let found = lines(TrafficResult(seconds: 2, ports: [port], interruptions: [interruption]))
    #expect(
      found[4...5] == [
        "  over net_tap0        received 0  sent 41196  since it came back",
        "  over net_tap1        received 1  sent 2",
      ])
  }

  @Test("Loss and latency tell damaged packets, the far percentiles and how sure they are")
  func lossAndLatency() {
    let loss = Loss(sent: 9, received: 7, lost: 1, reordered: 2, duplicated: 3, foreign: 4, damaged: 1)
    var latency = Latency(
      samples: 5, minimum: 1_000, mean: 2_000, p50: 2_000, p90: 3_000, p99: 4_000, p999: 5_000, maximum: 7_000)
    #expect(
      lines(TrafficResult(seconds: 1, ports: [], loss: loss, latency: latency)).dropFirst() == [
        "loss     1 of 9 sent in all  (reordered 2, duplicated 3, foreign 4)",
        "damaged  1 arrived with another length, checksum or payload",
        "latency  min 1.0  p50 2.0  p90 3.0  p99 4.0  µs", "         p99.9 5.0  max 7.0  µs",
      ])
    latency.p9999 = 6_000
    latency.uncertainty = 250
    let last = lines(TrafficResult(seconds: 1, ports: [], latency: latency)).last
    #expect(last == "         p99.9 5.0  p99.99 6.0  max 7.0  µs  (up to 0.250 less)")
  }

  @Test("Samples in plain lines have queues and drops where there are any")
  func sample() {
    var text = EventText()
    var rates = PortRates(port: 1, rxPps: 2e6, txPps: 0, rxBps: 1e9, txBps: 0, dropPps: 0)
    func lines() -> [Substring] {
      text.lines(of: .sample(TrafficSample(elapsed: 1, ports: [rates]))).split(separator: "\n")
    }
    #expect(lines() == ["    1.0 s  port 1  rx   2.00 Mpps   1.00 Gbps  tx   0.00  pps   0.00  bps"])
    rates.dropPps = 5
    rates.queues = [QueueRates(queue: 0, rxPps: 2e6, txPps: 0), QueueRates(queue: 1, rxPps: 0, txPps: 0)]
    #expect(
      lines().dropFirst() == [
        "           queue   0  rx   2.00 Mpps  tx   0.00  pps", "           queue   1  rx   0.00  pps  tx   0.00  pps",
        "           dropped   5.00  pps",
      ])
  }
}
