import EngineMessages
import Testing

@testable import TrafficEngine
@testable import dpdk_host_engine

@Suite("Rates of ports")
struct PortRatesTests {
  @Test("Bits count the frame check sequence: a full 10G line of 64-byte frames is 7.62 Gbps")
  func lineRate() {
    var last = PacketTotals()
    last.rxPackets = 14_880_952
    last.rxBytes = 14_880_952 * 60
    let rates = PortRates(port: 3, of: last, seconds: 1)
    #expect(rates == PortRates(port: 3, rxPps: 14_880_952, txPps: 0, rxBps: 14_880_952 * 512, txBps: 0, dropPps: 0))
  }

  @Test("No time gives no rate, and never a NaN")
  func noTime() {
    var last = PacketTotals()
    last.txPackets = 5
    let rates = PortRates(port: 0, of: last, seconds: 0)
    #expect(rates == PortRates(port: 0, rxPps: 0, txPps: 0, rxBps: 0, txBps: 0, dropPps: 0))
  }

  @Test("A result is what every worker counted between its own two marks, each queue for itself")
  func marks() {
    let port = PortDescription(port: 1, name: "n", driver: "d", mac: "m", numaNode: nil)
    let measured = [
      MeasuredInterval(
        seconds: 2, counts: [PacketTotals(rxPackets: 20, rxBytes: 1200, txPackets: 4, txBytes: 240, txDropped: 3)]),
      MeasuredInterval(seconds: 3, counts: [PacketTotals(rxPackets: 10, rxBytes: 600)]),
    ]
    let beneath = [Subdevice(name: "s", driver: "t", mac: "u", rxPackets: 20, txPackets: 4)]
    let statistics = PortStatistics(missed: 7, noMbuf: 2, subdevices: beneath)
    let result = PortResult(port, at: 0, measured: measured, seconds: 3, statistics)
    let queues = [
      QueueResult(queue: 0, rxPackets: 20, txPackets: 4, rxPps: 10, txPps: 2),
      QueueResult(queue: 1, rxPackets: 10, txPackets: 0, rxPps: 10 * (1 / 3.0), txPps: 0),
    ]
    #expect(
      result
        == PortResult(
          port: 1, name: "n", driver: "d", rxPackets: 30, txPackets: 4, rxPps: 10, txPps: 4.0 / 3, rxBps: 5120,
          txBps: 4 * 64 * 8 / 3.0, rxMissed: 7, txDropped: 3, rxNoMbuf: 2, queues: queues, subdevices: beneath))
    #expect(PortResult(port, at: 0, measured: Array(measured.prefix(1)), seconds: 1, statistics).queues == nil)
  }

  @Test("Workers that end one after the other share the time from the first's beginning to the last's end")
  func oneAfterTheOther() {
    let counts = [PacketTotals(txPackets: 100)]
    let measured = [
      MeasuredInterval(start: 0, seconds: 1, counts: counts),
      MeasuredInterval(start: 1.5, seconds: 0.5, counts: counts),
      // It slept through the interval.
      MeasuredInterval(start: 7, seconds: 0, counts: [PacketTotals()]),
    ]
    #expect(measured.span == 2 && [MeasuredInterval]().span == 0)
    #expect(measured.meanSeconds == 0.5 && [MeasuredInterval]().meanSeconds == 0)
    let table = CounterTable(workers: 2, ports: 1)
    for worker in 0..<2 {
      table.mark(worker, start: true, end: false)
      table.mark(worker, start: false, end: true)
    }
    let marked = table.measured(hertz: 1e9)
    #expect(marked[0].start == 0 && marked[1].start >= marked[0].seconds)
    #expect(marked.span > 0 && abs(marked.span - (marked[1].start + marked[1].seconds)) < 1e-12)
  }

  @Test("A worker marks its interval as it meets the phases, also where it meets several at once")
  func phases() {
    let table = CounterTable(workers: 1, ports: 1)
    let line = table.line(worker: 0, port: 0)
    let phase = RunPhase()
    var turn = WorkerPhase(phase, worker: 0, counters: table)
    func step() -> (Bool, Bool, Bool) {
      line.countSent(1, bytes: 60)
      return (turn.isOver(), turn.isSending, turn.isMeasuring)
    }
    #expect(step() == (false, true, false))
    phase.move(to: .measuring)
    #expect(step() == (false, true, true))
    #expect(step() == (false, true, true))
    phase.move(to: .draining)
    #expect(step() == (false, false, false) && phase.restingWorkers == 1)
    phase.move(to: .over)
    #expect(step().0)
    #expect(table.measured(hertz: 1e9).counts(ofPort: 0).txPackets == 2, "the third and the fourth of five")

    let hurried = CounterTable(workers: 1, ports: 1)
    let second = RunPhase()
    var late = WorkerPhase(second, worker: 0, counters: hurried)
    hurried.line(worker: 0, port: 0).countSent(9, bytes: 9)
    second.move(to: .over)
    #expect(late.isOver() && second.restingWorkers == 1)
    #expect(hurried.measured(hertz: 1e9).counts(ofPort: 0) == PacketTotals())
  }

  @Test("A worker's counters of a port fill one cache line")
  func cacheLine() {
    #expect(MemoryLayout<PacketCounters>.stride == 64)
    let table = CounterTable(workers: 2, ports: 2)
    for worker in 0..<2 { table.line(worker: worker, port: 1).countSent(3 + worker, bytes: 100) }
    #expect(table.totals() == [PacketTotals(), PacketTotals(txPackets: 7, txBytes: 200)])
    #expect(UInt(bitPattern: table.line(worker: 1, port: 1).counters) % 64 == 0)
  }
}

@Suite("Ports")
struct PortTests {
  @Test("Ports pair up by position, a lone one with itself")
  func pairs() {
    #expect(PortPair.pairs(ofPorts: 1) == [PortPair(first: 0, second: 0)])
    #expect(PortPair.pairs(ofPorts: 2) == [PortPair(first: 0, second: 1)])
    #expect(PortPair.pairs(ofPorts: 3) == [PortPair(first: 0, second: 1), PortPair(first: 2, second: 2)])
  }

  @Test(
    "A port objects to what it cannot carry",
    arguments: [
      (1, 64, nil), (4, 1518, nil), (5, 64, "has 4 queues, 5 are asked for"), (1, 2000, nil),
      (1, 2019, "carries frames of up to 2018 bytes, 2019"), (1, 9000, "carries frames of up to 2018 bytes, 9000"),
    ] as [(Int, Int, String?)])
  func objections(queues: Int, frame: Int, expected: String?) {
    let objection = PortCapabilities(queues: 4, largestMTU: 2000).objection(queues: queues, largestFrame: frame)
    #expect(objection?.hasPrefix(expected ?? "never") == (expected == nil ? nil : true))
  }

  @Test("A port without an MTU carries any frame, and is left its own MTU")
  func unbound() {
    let unbound = PortCapabilities(queues: 1, largestMTU: nil)
    #expect(unbound.objection(queues: 1, largestFrame: 9216) == nil && unbound.mtu(for: 9216) == 0)
    let bound = PortCapabilities(queues: 1, largestMTU: 9198)
    #expect(bound.mtu(for: 1518) == 0 && bound.mtu(for: 1519) == 1501 && bound.mtu(for: 9216) == 9198)
  }

  @Test("An mbuf has room for the largest frame, and for DPDK's own at the least")
  func rooms() {
    #expect(PacketPool.room(forFramesOf: 64) == 2048 + 128)
    #expect(PacketPool.room(forFramesOf: 2049) == 3072 + 128)
    #expect(PacketPool.room(forFramesOf: 9216) == 9216 + 128)
  }

  @Test(
    "A pool fills every descriptor, twice over behind a master, and vmxnet3's second ring",
    arguments: ["net_failsafe", "net_netvsc"])
  func pools(driver: String) {
    let plain = PortDescription(port: 0, name: "a", driver: "net_memif", mac: "", numaNode: nil)
    let twoRings = PortDescription(port: 2, name: "c", driver: "net_vmxnet3", mac: "", numaNode: nil)
    let master = PortDescription(port: 1, name: "b", driver: driver, mac: "", numaNode: nil)
    #expect(poolSize(ports: [plain], queues: 2, burst: 32, ways: 2) > 2 * 2 * 1024)
    #expect(poolSize(ports: [plain], queues: 2, burst: 32, ways: 1) > 2 * 1024)
    #expect(poolSize(ports: [master], queues: 1, burst: 32, ways: 2) > 2 * 2 * 1024)
    #expect(poolSize(ports: [twoRings], queues: 1, burst: 32, ways: 1) > 2 * 1024)
  }

  @Test("An error names function, subject, reason and remedy")
  func errors() {
    let error = DPDKError("rte_eth_dev_configure", -22, on: "port 'net_null0'", remedy: "try less")
    #expect(
      error.description == "rte_eth_dev_configure failed on port 'net_null0': Invalid argument (EINVAL): try less")
    #expect(DPDKError("f", 0).description == "f failed: no error number given")
  }
}

@Suite("Events as text")
struct EventTextTests {
  @Test(
    "Numbers have the unit that fits",
    arguments: [
      (0, "  0.00  pps"), (999, "999.00  pps"), (12_345, " 12.35 kpps"), (57.2e6, " 57.20 Mpps"), (1e11, "100.00 Gpps"),
    ])
  func units(value: Double, expected: String) {
    #expect(scaled(value, "pps") == expected)
  }

  @Test(
    "Decimals are rounded, signs are kept",
    arguments: [
      (0.05, 1, "0.1"), (-0.04, 1, "0.0"), (-1.25, 1, "-1.3"), (2, 3, "2.000"), (1.996, 2, "2.00"), (7.5, 0, "8"),
    ])
  func decimals(value: Double, count: Int, expected: String) {
    #expect(fixed(value, count) == expected)
  }

  @Test("No line of an ordinary run is wider than 80 columns")
  func width() {
    let port = PortResult(
      port: 0, name: "net_failsafe0", driver: "net_failsafe", rxPackets: 99_999_999_999, txPackets: 99_999_999_999,
      rxPps: 999e6, txPps: 999e6, rxBps: 999e9, txBps: 999e9, rxMissed: 999_999, txDropped: 999_999,
      subdevices: [
        Subdevice(
          name: "acf1:00:02.0", driver: "mlx5_pci", mac: "", rxPackets: 99_999_999_999, txPackets: 99_999_999_999),
        Subdevice(name: "net_tap_vsc0", driver: "net_tap", mac: ""),
      ])
    let description = PortDescription(
      port: 0, name: port.name, driver: port.driver, mac: "02:00:00:00:00:01", numaNode: nil,
      subdevices: port.subdevices)
    let loss = Loss(sent: 99_999_999_999, received: 1, lost: 1, reordered: 1, foreign: 1)
    let latency = Latency(
      samples: 1, minimum: 99_999_999, mean: 1, p50: 99_999_999, p90: 1, p99: 99_999_999, p999: 99_999_999,
      maximum: 99_999_999)
    let events: [EngineEvent] = [
      .started(EngineStart(mode: .loopback, dpdk: "DPDK 22.11.11", ports: [description], workers: [1])),
      .sample(
        TrafficSample(
          elapsed: 86_400, ports: [PortRates(port: 0, rxPps: 999e6, txPps: 999e6, rxBps: 999e9, txBps: 999e9)])),
      .result(TrafficResult(seconds: 10, ports: [port], loss: loss, latency: latency)),
    ]
    var text = EventText()
    let lines = events.map { text.lines(of: $0) }.joined().split(separator: "\n")
    #expect(lines.contains("  over acf1:00:02.0 (mlx5_pci), net_tap_vsc0 (net_tap)"))
    #expect(lines.contains("  over acf1:00:02.0    received 99999999999  sent 99999999999"))
    #expect(lines.contains("  over net_tap_vsc0    gone"))
    for line in lines {
      #expect(line.count <= 80, Comment(rawValue: String(line)))
    }
  }
}
