import EngineMessages

/// What a command of ours answers: names and values in their order, of which DPDK makes a JSON object.
///
/// A name has letters, digits, `_` and `/` alone, as `rte_telemetry.h` wants them; numbers are whole.
struct TelemetryAnswer: Equatable {
  enum Value: Equatable {
    case text(String)
    case number(UInt64)
    case list([Int])
  }

  private(set) var entries: [(name: String, value: Value)] = []

  static func == (first: Self, second: Self) -> Bool {
    first.entries.elementsEqual(second.entries) { $0.name == $1.name && $0.value == $1.value }
  }

  private mutating func add(_ name: String, _ value: Value) { entries.append((name, value)) }

  private mutating func add(_ name: String, _ rate: Double) {
    // A rate is finite and not negative; a number that is none must not end the process.
    add(name, .number(rate >= 0 && rate < 1e19 ? UInt64(rate.rounded()) : 0))
  }

  /// `/dpdk_host/run`: mode, phase, time and drops, as of the latest event.
  init(run status: RunStatus, at now: ContinuousClock.Instant = .now) {
    add("mode", .text(status.mode.rawValue))
    add("phase", .text(status.phase(at: now).rawValue))
    if let sample = status.sample {
      add("elapsed_ms", max(0, sample.elapsed) * 1000)
      add("rx_pps", sample.ports.reduce(0) { $0 + $1.rxPps })
      add("tx_pps", sample.ports.reduce(0) { $0 + $1.txPps })
      add("drop_pps", sample.ports.reduce(0) { $0 + ($1.dropPps ?? 0) })
    }
    if status.trials > 0 { add("trials", .number(UInt64(status.trials))) }
  }

  /// `/dpdk_host/ports`: the numbers of the ports of the run.
  init(ports status: RunStatus) { add("ports", .list(status.ports.map(\.port))) }

  /// `/dpdk_host/ports,N`: what one of them is; nil where the run has no such port.
  init?(port: Int, of status: RunStatus) {
    guard let found = status.ports.first(where: { $0.port == port }) else { return nil }
    add("name", .text(found.name))
    add("driver", .text(found.driver))
    add("mac", .text(found.mac))
    if let node = found.numaNode, node >= 0 { add("numa_node", .number(UInt64(node))) }
    for (index, subdevice) in found.subdevices.enumerated() { add("subdevice_\(index)", .text(subdevice.name)) }
  }

  /// `/dpdk_host/rates,N`: the latest rates of one port and its queues; nil where there are none.
  init?(ratesOfPort port: Int, of status: RunStatus) {
    guard let rates = status.rates(ofPort: port) else { return nil }
    add("elapsed_ms", max(0, status.sample?.elapsed ?? 0) * 1000)
    add(rates, named: "")
    for queue in rates.queues ?? [] {
      add("queue_\(queue.queue)/rx_pps", queue.rxPps)
      add("queue_\(queue.queue)/tx_pps", queue.txPps)
    }
  }

  /// `/dpdk_host/rates`: the latest rates of all ports, empty before the first sample.
  init(rates status: RunStatus) {
    guard let sample = status.sample else { return }
    add("elapsed_ms", max(0, sample.elapsed) * 1000)
    for port in sample.ports { add(port, named: "port_\(port.port)/") }
  }

  private mutating func add(_ rates: PortRates, named prefix: String) {
    for (name, rate) in [
      ("rx_pps", rates.rxPps), ("tx_pps", rates.txPps), ("rx_bps", rates.rxBps), ("tx_bps", rates.txBps),
    ] { add(prefix + name, rate) }
    if let drops = rates.dropPps { add(prefix + "drop_pps", drops) }
  }
}
