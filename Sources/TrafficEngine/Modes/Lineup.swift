import EngineMessages

/// One port as one worker sees it: its queue, and the counters that only this worker writes.
struct WorkerPort: Sendable {
  let queue: PortQueue
  let line: CounterLine
}

/// Ports, workers and counters of a run; worker N serves queue N of every port.
struct Lineup: Sendable {
  let ports: [PortDescription]
  let workers: Int
  let counters: CounterTable

  init(ports: [PortDescription], workers: Int) {
    self.ports = ports
    self.workers = workers
    counters = CounterTable(workers: workers, ports: ports.count)
  }

  func port(_ index: Int, worker: Int) -> WorkerPort {
    WorkerPort(
      queue: PortQueue(port: UInt16(ports[index].port), queue: UInt16(worker)),
      line: counters.line(worker: worker, port: index))
  }

  var pairs: [PortPair] { PortPair.pairs(ofPorts: ports.count) }
}

/// Two ports that belong together, by position: 0 and 1, 2 and 3; a lone last one with itself.
struct PortPair: Equatable, Sendable {
  let first: Int
  let second: Int

  static func pairs(ofPorts count: Int) -> [PortPair] {
    stride(from: 0, to: count, by: 2).map { PortPair(first: $0, second: min($0 + 1, count - 1)) }
  }

  /// Both ways between the two, or the one from a lone port to itself.
  var ways: [(from: Int, to: Int)] {
    first == second ? [(first, second)] : [(first, second), (second, first)]
  }
}
