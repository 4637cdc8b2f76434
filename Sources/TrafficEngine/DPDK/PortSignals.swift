import CDPDK
import Synchronization

/// Something that a driver, or ethdev itself, raised (`rte_eth_event_type`).
struct PortSignal: Equatable, Sendable {
  enum Kind: Equatable, Sendable {
    /// `RTE_ETH_EVENT_NEW`: a device is there; its owner may not have claimed it yet.
    case arrival
    /// `RTE_ETH_EVENT_DESTROY`
    case departure
    /// `RTE_ETH_EVENT_INTR_RMV`: the device is about to go.
    case removal
    /// `RTE_ETH_EVENT_INTR_LSC`
    case link(isUp: Bool)
    /// `RTE_ETH_EVENT_INTR_RESET` and its like.
    case reset
  }

  var kind: Kind
  /// The port that it was raised on; numbers are given out again.
  var port: UInt16
  /// Its name then; nil for an arrival, at which ethdev does not tell it yet.
  var device: String?
  var time: ContinuousClock.Instant
}

/// Signals on their way from the thread that raised them to the main lcore.
final class PortSignals: Sendable {
  private let waiting = Mutex<[PortSignal]>([])

  /// More than these are dropped: a link that flaps must not fill the memory.
  static let most = 4096

  func add(_ signal: PortSignal) {
    waiting.withLock { if $0.count < Self.most { $0.append(signal) } }
  }

  /// Those since the last time, in the order raised.
  func take() -> [PortSignal] {
    waiting.withLock { signals in
      defer { signals.removeAll() }
      return signals
    }
  }
}

/// Listens to every port there is and will be (`rte_eth_dev_callback_register` with `RTE_ETH_ALL`), until it goes.
struct PortCallbacks: ~Copyable {
  /// What was raised since the last one went.
  let signals = raisedSignals

  init() throws(DPDKError) {
    var index: UInt32 = 0
    while cdpdk_port_event(index) != RTE_ETH_EVENT_MAX {
      let result = rte_eth_dev_callback_register(everyPort, cdpdk_port_event(index), record, nil)
      guard result == 0 else {
        Self.end(before: index)
        throw DPDKError("rte_eth_dev_callback_register", result)
      }
      index += 1
    }
  }

  deinit { Self.end(before: .max) }

  /// One that runs at this moment stays, as DPDK does not tell for every port; what it writes to stays, too.
  private static func end(before last: UInt32) {
    var index: UInt32 = 0
    while index < last, cdpdk_port_event(index) != RTE_ETH_EVENT_MAX {
      _ = rte_eth_dev_callback_unregister(everyPort, cdpdk_port_event(index), record, nil)
      index += 1
    }
  }
}

/// One a process, as EAL is: the interrupt thread may write to it for as long as it runs.
private let raisedSignals = PortSignals()

/// `RTE_ETH_ALL`
private let everyPort = UInt16(RTE_MAX_ETHPORTS)

/// Called on the thread that raises an event, most often EAL's interrupt thread.
private let record: rte_eth_dev_cb_fn = { port, event, _, _ in
  let kind: PortSignal.Kind
  switch event {
  case RTE_ETH_EVENT_NEW: kind = .arrival
  case RTE_ETH_EVENT_DESTROY: kind = .departure
  case RTE_ETH_EVENT_INTR_RMV: kind = .removal
  case RTE_ETH_EVENT_INTR_LSC:
    var up: Int32 = 0
    guard cdpdk_link_is_up(port, &up) == 0 else { return 0 }
    kind = .link(isUp: up != 0)
  default: kind = .reset
  }
  raisedSignals.add(PortSignal(kind: kind, port: port, device: portName(port), time: .now))
  return 0
}

/// `rte_eth_dev_get_name_by_port`; nil where there is no such port.
func portName(_ port: UInt16) -> String? {
  var letters = [CChar](repeating: 0, count: Int(RTE_ETH_NAME_MAX_LEN))
  guard rte_eth_dev_get_name_by_port(port, &letters) == 0 else { return nil }
  return letters.withUnsafeBytes { text(of: $0) }
}
