import CDPDK
import Glibc

/// DPDK's environment abstraction layer: one a process, from `rte_eal_init` to `rte_eal_cleanup`.
///
/// Whatever DPDK gives out must be gone before this is: ports first, then pools.
struct EAL: ~Copyable {
  private let words: [UnsafeMutablePointer<CChar>?]
  private let vector: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  private let mapFiles: MapFiles?

  /// Takes the memory, starts the lcores and probes the devices.
  ///
  /// EAL's log goes to standard error. The lcores inherit the signal mask of the caller.
  ///
  /// - Parameter mapFiles: what to delete in the end; nil where EAL leaves no files.
  init(arguments: [String], mapFiles: MapFiles?) throws(DPDKError) {
    cdpdk_log_to_stderr()
    // EAL keeps pointers to the words and writes to the vector of them: both live as long as it does.
    let words = arguments.map { strdup($0) } + [nil]
    let vector = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: words.count)
    vector.initialize(from: words, count: words.count)
    guard rte_eal_init(Int32(arguments.count), vector) >= 0 else {
      // The process is of no use to DPDK after this: the words stay.
      let code = cdpdk_errno()
      closeTelemetry()
      removeRuntimeDirectory()
      mapFiles?.remove()
      throw DPDKError("rte_eal_init", code, remedy: "EAL says why on standard error")
    }
    self.words = words
    self.vector = vector
    self.mapFiles = mapFiles
  }

  deinit {
    closeTelemetry()
    // A failsafe that is left to its bus takes its sub-devices off the list that the bus walks, and the bus crashes.
    for port in allPorts { _ = rte_eth_dev_close(port) }
    parkInterruptThread()
    rte_eal_cleanup()
    removeRuntimeDirectory()
    mapFiles?.remove()
    for word in words { free(word) }
    vector.deallocate()
  }

  /// As `DPDK 22.11.11` (`rte_version`).
  var version: String { rte_version().map { String(cString: $0) } ?? "DPDK" }

  /// Lcores that can run packet loops: all but the main one.
  var workers: [Lcore] {
    let ids = sequence(first: cdpdk_first_worker()) { cdpdk_next_worker($0) }
    return ids.prefix { $0 < UInt32(RTE_MAX_LCORE) }.map { Lcore(id: $0) }
  }

  /// Ports that no other port owns, in the order of their numbers; a failsafe's sub-devices are not among them, nor is
  /// ``PlaceholderPort``.
  var ports: [UInt16] {
    var placeholder: UInt16 = 0
    guard rte_eth_dev_get_port_by_name(PlaceholderPort.device, &placeholder) == 0 else { return allPorts }
    return allPorts.filter { $0 != placeholder }
  }

  /// The names of devices, of those that are given by their devargs, that came to be no port.
  func portless(among devargs: [String]) -> [String] {
    devargs.map { String($0.prefix { $0 != "," }) }.filter { name in
      // A driver that makes ports of other names, and a device of a bus, whose ports it may name otherwise.
      guard !name.hasPrefix("net_vdev_netvsc"), !namesPCIDevice(name) else { return false }
      var port: UInt16 = 0
      return rte_eth_dev_get_port_by_name(name, &port) != 0
    }
  }

  private var allPorts: [UInt16] {
    var found: [UInt16] = []
    var next = cdpdk_next_unowned_port(0)
    while next < UInt64(RTE_MAX_ETHPORTS) {
      found.append(UInt16(next))
      next = cdpdk_next_unowned_port(UInt16(next) + 1)
    }
    return found
  }
}

/// Removes what EAL creates whatever it is told, and with our arguments puts a telemetry socket in at most: its runtime
/// directory, and the one that holds those of all DPDK programs where ours was the only one.
private func removeRuntimeDirectory() {
  guard let pointer = rte_eal_get_runtime_dir() else { return }
  let directory = String(cString: pointer)
  guard rmdir(directory) == 0, let slash = directory.lastIndex(of: "/") else { return }
  _ = rmdir(String(directory[..<slash]))
}

/// A thread of EAL's, pinned to a CPU, or to several.
struct Lcore: Equatable, Sendable {
  let id: UInt32

  /// The NUMA node of its CPU (`rte_lcore_to_socket_id`).
  var numaNode: Int { Int(rte_lcore_to_socket_id(id)) }

  /// The CPUs that it may run on (`rte_lcore_cpuset`).
  var cpus: [Int] { (0..<1024).filter { cdpdk_lcore_has_cpu(id, UInt32($0)) != 0 } }
}
