import Dispatch
import Synchronization

/// A value that another thread finds while this one goes on.
///
/// Looking for DPDK's files takes as long as asking the kernel for its devices; the two do not wait for each other.
final class Meanwhile<Value: Sendable>: Sendable {
  private let value = Mutex<Value?>(nil)
  private let isFound = DispatchSemaphore(value: 0)

  init(_ find: @Sendable @escaping () -> Value) {
    DispatchQueue.global(qos: .userInitiated).async {
      let found = find()
      self.value.withLock { $0 = found }
      self.isFound.signal()
    }
  }

  /// Waits for it. To be called once.
  func get() -> Value {
    while true {
      isFound.wait()
      if let found = value.withLock({ $0 }) { return found }
    }
  }
}
