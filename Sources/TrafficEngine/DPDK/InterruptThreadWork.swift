import CDPDK
import Glibc
import Synchronization

/// Runs `work` on EAL's interrupt thread, and waits for it (`rte_eal_alarm_set`).
///
/// That thread is the one on which drivers raise events, and on which a failsafe closes and opens its sub-devices: what is read
/// of a sub-device on it cannot be freed meanwhile.
///
/// - Throws: ``DPDKError`` where the alarm cannot be set.
func onInterruptThread<Value>(_ work: () -> Value) throws(DPDKError) -> Value {
  var value: Value?
  let result = withoutActuallyEscaping({ value = work() }) { work in
    let order = UnsafeMutablePointer<InterruptThreadOrder>.allocate(capacity: 1)
    order.initialize(to: InterruptThreadOrder(work: work))
    defer {
      order.deinitialize(count: 1)
      order.deallocate()
    }
    let result = rte_eal_alarm_set(1, { InterruptThreadOrder.run($0) }, order)
    guard result == 0 else { return result }
    while !order.pointee.isDone.load(ordering: .acquiring) { usleep(50) }
    return 0
  }
  try check(result, "rte_eal_alarm_set")
  guard let value else { throw DPDKError("rte_eal_alarm_set", 0) }
  return value
}

/// Waits until EAL's interrupt thread has dealt with what was raised before: twice around, as an alarm may come before an event
/// of the same moment.
func settleInterruptThread() {
  for _ in 0..<2 { try? onInterruptThread {} }
}

/// What the interrupt thread is handed.
private struct InterruptThreadOrder: ~Copyable {
  let work: () -> Void
  let isDone = Atomic<Bool>(false)

  init(work: @escaping () -> Void) { self.work = work }

  static func run(_ argument: UnsafeMutableRawPointer?) {
    guard let order = argument?.assumingMemoryBound(to: InterruptThreadOrder.self) else { return }
    order.pointee.work()
    order.pointee.isDone.store(true, ordering: .releasing)
  }
}
