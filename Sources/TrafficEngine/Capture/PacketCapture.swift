import CDPDK
import EngineMessages
import Glibc

/// The first packets of every port, both ways, on their way into a pcapng file (`rte_pcapng`).
///
/// Copies lie in memory until the workers have returned, and are written then, in the order of their time: nothing is written
/// while traffic is measured, and a run without a capture pays nothing.
struct PacketCapture: ~Copyable {
  private let path: String
  private let file: OpaquePointer
  private let ports: Int
  private let shelves: UnsafeMutablePointer<CaptureShelf>
  private var taps: OwnedArray<CaptureTap>
  // The last to go: what lies on the shelves is in it.
  private let pool: CapturePool

  /// Puts the taps on; the ports are started, and no worker runs.
  init(
    _ capture: Capture, into target: consuming CaptureFile, ports: [PortDescription], request: EngineRequest
  ) throws {
    let pool = try CapturePool(
      packets: capture.packets * ports.count, largestFrame: request.frameSizes.max() ?? 64)
    let flag = try captureFlag()
    let file = try openFile(consume target, path: capture.path, ports: ports)
    let shelves = UnsafeMutablePointer<CaptureShelf>.allocate(capacity: ports.count)
    for index in ports.indices { (shelves + index).initialize(to: CaptureShelf(capacity: capture.packets)) }
    var taps = OwnedArray<CaptureTap>(capacity: ports.count * request.queues)
    do {
      for (index, port) in ports.enumerated() {
        for queue in 0..<request.queues {
          taps.append(
            try CaptureTap(
              port: UInt16(port.port), queue: UInt16(queue), shelf: shelves + index, pool: pool.raw,
              length: pool.length, flag: flag))
        }
      }
    } catch {
      rte_pcapng_close(file)
      throw error
    }
    path = capture.path
    self.file = file
    self.ports = ports.count
    self.shelves = shelves
    self.taps = taps
    self.pool = pool
  }

  deinit {
    rte_pcapng_close(file)
    shelves.deinitialize(count: ports)
    shelves.deallocate()
  }

  /// Writes what was kept; every worker has returned.
  ///
  /// - Returns: how it went, in words for a reader of the result.
  consuming func finish() -> EngineNotice {
    var copies = (0..<ports).flatMap { shelves[$0].contents() }
    let missing = (0..<ports).reduce(0) { $0 + shelves[$1].missing() }
    var clock = timespec()
    clock_gettime(CLOCK_REALTIME, &clock)
    let now = Double(clock.tv_sec) * 1e9 + Double(clock.tv_nsec)
    let (cycles, hertz) = (cdpdk_tsc(), Double(rte_get_tsc_hz()))
    for copy in copies {
      let age = Double(Int64(bitPattern: cycles &- copy.cycles)) / hertz
      cdpdk_capture_set_time(copy.packet, UInt64(now - age * 1e9))
    }
    copies.sort { Int64(bitPattern: $0.cycles &- $1.cycles) < 0 }
    for start in stride(from: 0, to: copies.count, by: Self.batch) {
      var packets = copies[start..<min(copies.count, start + Self.batch)].map { Optional($0.packet) }
      guard rte_pcapng_write_packets(file, &packets, UInt16(packets.count)) >= 0 else {
        return EngineNotice(
          message: "capture file '\(path)' is incomplete, as it cannot be written: \(String(cString: strerror(errno)))")
      }
    }
    let lack = missing > 0 ? ", and had no memory for \(missing) more" : ""
    return EngineNotice(message: "captured \(copies.count) packets in '\(path)'\(lack)")
  }

  private static let batch = 256
}

/// The bit of an mbuf's flags that says that its packet was copied (`rte_mbuf_dynflag_register`).
private func captureFlag() throws(DPDKError) -> UInt64 {
  var description = rte_mbuf_dynflag()
  withUnsafeMutableBytes(of: &description.name) { $0.copyBytes(from: "dpdk_host_captured".utf8) }
  let bit = rte_mbuf_dynflag_register(&description)
  guard bit >= 0 else {
    throw DPDKError("rte_mbuf_dynflag_register", cdpdk_errno(), remedy: "leave --capture out")
  }
  return 1 << UInt64(bit)
}

private func openFile(
  _ target: consuming CaptureFile, path: String, ports: [PortDescription]
) throws -> OpaquePointer {
  let descriptor = try target.take()
  guard let file = rte_pcapng_fdopen(descriptor, nil, nil, "dpdk-host-engine", nil) else {
    let code = cdpdk_errno()
    close(descriptor)
    throw DPDKError("rte_pcapng_fdopen", code, on: "capture file '\(path)'")
  }
  for port in ports {
    guard cdpdk_capture_add_port(file, UInt16(port.port), port.name) >= 0 else {
      rte_pcapng_close(file)
      throw DPDKError("rte_pcapng_add_interface", cdpdk_errno(), on: "port '\(port.name)'")
    }
  }
  return file
}
