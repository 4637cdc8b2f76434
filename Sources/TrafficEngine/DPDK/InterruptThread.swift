import CDPDK
import Glibc
import Synchronization

/// Holds EAL's interrupt thread in a callback of its own, for good: the last thing before `rte_eal_cleanup`.
///
/// Nobody ends that thread, and `rte_eal_cleanup` unmaps the memory that its list of interrupt sources lies in
/// (DPDK 22.11, `eal_interrupts.c`). A device that is removed at that moment (memif's socket) wakes it, and it reads what
/// is gone. Held, it reads nothing until the process ends.
///
/// The source is one of our own: `rte_eal_cleanup` waits for the callbacks of alarms to return.
func parkInterruptThread() {
  let event = eventfd(0, Int32(EFD_CLOEXEC))
  guard event >= 0, let handle = rte_intr_instance_alloc(privateInstance) else { return }
  // Descriptor, handle and flag stay: the thread that has them outlives us.
  let isParked = UnsafeMutablePointer<Atomic<Bool>>.allocate(capacity: 1)
  isParked.initialize(to: Atomic(false))
  let park: @convention(c) (UnsafeMutableRawPointer?) -> Void = { flag in
    flag?.assumingMemoryBound(to: Atomic<Bool>.self).pointee.store(true, ordering: .releasing)
    while true { pause() }
  }
  guard rte_intr_fd_set(handle, event) == 0, rte_intr_type_set(handle, RTE_INTR_HANDLE_EXT) == 0,
    rte_intr_callback_register(handle, park, isParked) == 0, eventfd_write(event, 1) == 0
  else { return }
  for _ in 1...patience where !isParked.pointee.load(ordering: .acquiring) { usleep(1000) }
}

/// Milliseconds that the thread may take to finish what it is at.
private let patience = 1000

/// `RTE_INTR_INSTANCE_F_PRIVATE`, a macro that Swift does not see: the handle is for this process alone.
private let privateInstance: UInt32 = 0
