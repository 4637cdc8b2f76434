import CDPDK
import Glibc
import Synchronization

/// EAL, a pool, and the two memory interfaces of a relay.
final class RelayEnvironment {
  let pool: OpaquePointer
  /// Of the time stamp counter.
  let hertz: Double
  private let ports: [UInt16] = [0, 1]

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  init(socket: String, cpu: Int, filePrefix: String, packets: Int) throws {
    // An ordinary page holds one packet.
    var words = [
      "packet-relay", "--lcores", "0@\(cpu)", "--no-huge", "-m", String(packets / 256 + 64), "--no-shconf",
      "--no-pci", "--no-telemetry", "--file-prefix", filePrefix,
    ]
    words += (0...1).map { "--vdev=net_memif\($0),role=server,id=\($0),socket=\(socket)" }
    // EAL keeps pointers to its words.
    var vector = words.map { strdup($0) } + [nil]
    cdpdk_log_to_stderr()
    guard vector.withUnsafeMutableBufferPointer({ rte_eal_init(Int32(words.count), $0.baseAddress) }) >= 0 else {
      throw Failure(description: "rte_eal_init failed")
    }
    guard
      let pool = rte_pktmbuf_pool_create(
        "relay", UInt32(packets), 256, 0, UInt16(RTE_MBUF_DEFAULT_BUF_SIZE), Int32(SOCKET_ID_ANY))
    else { throw Failure(description: "no memory for \(packets) packets") }
    self.pool = pool
    hertz = Double(rte_get_tsc_hz())
    func expect(_ result: Int32, _ function: String) throws {
      if result < 0 { throw Failure(description: "\(function) failed: \(result)") }
    }
    for port in ports {
      try expect(cdpdk_configure(port, 1, 0, 0, 0), "rte_eth_dev_configure")
      try expect(rte_eth_rx_queue_setup(port, 0, 1024, 0, nil, pool), "rte_eth_rx_queue_setup")
      try expect(rte_eth_tx_queue_setup(port, 0, 1024, 0, nil), "rte_eth_tx_queue_setup")
      try expect(rte_eth_dev_start(port), "rte_eth_dev_start")
    }
  }

  /// Waits until the engine is there, and then hears no more of it.
  ///
  /// When the engine leaves, memif's handler unmaps the rings, while another thread may be at them (DPDK 22.11,
  /// `memif_disconnect`). A relay serves one run: it keeps its view of the rings, and its interrupt thread to itself.
  ///
  /// - Returns: false where it is time to end first.
  func waitForPeer(until stop: StopCheck) throws -> Bool {
    for port in ports {
      var isUp: Int32 = 0
      while isUp == 0 {
        if stop.isDue() { return false }
        usleep(1000)
        guard cdpdk_link_is_up(port, &isUp) == 0 else {
          throw Failure(description: "rte_eth_link_get_nowait failed on port \(port)")
        }
      }
    }
    try holdInterruptThread()
    return true
  }

  private func holdInterruptThread() throws {
    let event = eventfd(0, Int32(EFD_CLOEXEC))
    // Both stay: the thread outlives us.
    let isHeld = UnsafeMutablePointer<Atomic<Bool>>.allocate(capacity: 1)
    isHeld.initialize(to: Atomic(false))
    let hold: @convention(c) (UnsafeMutableRawPointer?) -> Void = { flag in
      flag?.assumingMemoryBound(to: Atomic<Bool>.self).pointee.store(true, ordering: .releasing)
      while true { pause() }
    }
    guard event >= 0, let handle = rte_intr_instance_alloc(0), rte_intr_fd_set(handle, event) == 0,
      rte_intr_type_set(handle, RTE_INTR_HANDLE_EXT) == 0, rte_intr_callback_register(handle, hold, isHeld) == 0,
      eventfd_write(event, 1) == 0
    else { throw Failure(description: "the interrupt thread cannot be held") }
    while !isHeld.pointee.load(ordering: .acquiring) { usleep(1000) }
  }

  /// Losses that the interfaces counted themselves.
  func unplannedLosses() throws -> UInt64 {
    try ports.reduce(0) { sum, port in
      var statistics = rte_eth_stats()
      guard rte_eth_stats_get(port, &statistics) == 0 else {
        throw Failure(description: "rte_eth_stats_get failed on port \(port)")
      }
      return sum + statistics.imissed + statistics.rx_nombuf + statistics.oerrors
    }
  }
}
