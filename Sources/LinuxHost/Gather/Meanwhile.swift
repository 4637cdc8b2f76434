import Dispatch
import Provisioning
import Synchronization

/// Facts that another thread reads while this one goes on.
///
/// Looking for DPDK's files and reading the kernel's tables of sockets takes as long as asking for its devices; none waits for
/// another.
final class Meanwhile<Value: Sendable>: Sendable {
  private let outcome = Mutex<(value: Value, unreadable: [UnreadableFile])?>(nil)
  private let isFound = DispatchSemaphore(value: 0)

  init(_ root: HostRoot, _ read: @Sendable @escaping (inout FactReader) -> Value) {
    DispatchQueue.global(qos: .userInitiated).async {
      var reader = FactReader(root)
      let value = read(&reader)
      self.outcome.withLock { $0 = (value, reader.unreadable) }
      self.isFound.signal()
    }
  }

  /// Waits for the value, and records in `reader` what could not be read. To be called once.
  func get(into reader: inout FactReader) -> Value {
    while true {
      isFound.wait()
      guard let outcome = outcome.withLock({ $0 }) else { continue }
      for file in outcome.unreadable { reader.record(file.path, file.reason) }
      return outcome.value
    }
  }
}
