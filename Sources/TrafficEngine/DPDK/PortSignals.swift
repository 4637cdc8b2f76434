import CDPDK
import Glibc
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
  let signals: PortSignals
  private let registrations: OwnedArray<PortCallback>

  init() throws(DPDKError) {
    let signals = PortSignals()
    var registrations = OwnedArray<PortCallback>(capacity: 8)
    var index: UInt32 = 0
    while cdpdk_port_event(index) != RTE_ETH_EVENT_MAX {
      registrations.append(try PortCallback(cdpdk_port_event(index), to: signals))
      index += 1
    }
    self.signals = signals
    self.registrations = registrations
  }
}

/// One kind of event on every port.
struct PortCallback: ~Copyable {
  private let event: rte_eth_event_type
  private let target: Unmanaged<PortSignals>

  init(_ event: rte_eth_event_type, to signals: PortSignals) throws(DPDKError) {
    let target = Unmanaged.passRetained(signals)
    let result = rte_eth_dev_callback_register(everyPort, event, record, target.toOpaque())
    guard result == 0 else {
      target.release()
      throw DPDKError("rte_eth_dev_callback_register", result)
    }
    self.event = event
    self.target = target
  }

  deinit {
    // While the callback runs it cannot be taken back; it is short.
    while rte_eth_dev_callback_unregister(everyPort, event, record, target.toOpaque()) == -EAGAIN { usleep(100) }
    target.release()
  }
}

/// `RTE_ETH_ALL`
private let everyPort = UInt16(RTE_MAX_ETHPORTS)

/// Called on the thread that raises an event, most often EAL's interrupt thread.
private let record: rte_eth_dev_cb_fn = { port, event, target, _ in
  guard let target else { return 0 }
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
  Unmanaged<PortSignals>.fromOpaque(target).takeUnretainedValue().add(
    PortSignal(kind: kind, port: port, device: portName(port), time: .now))
  return 0
}

/// `rte_eth_dev_get_name_by_port`; nil where there is no such port.
func portName(_ port: UInt16) -> String? {
  var letters = [CChar](repeating: 0, count: Int(RTE_ETH_NAME_MAX_LEN))
  guard rte_eth_dev_get_name_by_port(port, &letters) == 0 else { return nil }
  return letters.withUnsafeBytes { text(of: $0) }
}
