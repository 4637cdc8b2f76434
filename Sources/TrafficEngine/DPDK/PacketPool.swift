import CDPDK

/// A mempool of mbufs on one NUMA node (`rte_pktmbuf_pool_create`, `rte_mempool_free`).
struct PacketPool: ~Copyable {
  let source: PacketSource
  private let name: String
  private let packets: Int

  /// Mbufs that an lcore keeps for itself, as many as a `dpdk-testpmd` lcore does.
  static let cacheSize = 256

  /// - Parameters:
  ///   - largestFrame: bytes that one mbuf has room for, with the frame check sequence.
  ///   - numaNode: nil takes memory of any node.
  init(name: String, packets: Int, largestFrame: Int, numaNode: Int?) throws(DPDKError) {
    let node = numaNode.map(Int32.init) ?? Int32(SOCKET_ID_ANY)
    let room = Self.room(forFramesOf: largestFrame)
    guard
      let raw = rte_pktmbuf_pool_create(name, UInt32(packets), UInt32(Self.cacheSize), 0, UInt16(room), node)
    else {
      let place = numaNode.map { " of node \($0)" } ?? ""
      // Beside its room an mbuf takes 128 bytes for its fields and 192 for the mempool's.
      throw DPDKError(
        "rte_pktmbuf_pool_create", cdpdk_errno(), on: "pool '\(name)'",
        remedy: "\(packets) packets need about \(packets * (room + 320) / 1_048_576 + 1) MiB of memory\(place)")
    }
    source = PacketSource(raw: raw)
    self.name = name
    self.packets = packets
  }

  /// Bytes of an mbuf for frames of a size, headroom included; DPDK's own default at the least. In whole KiB, as some
  /// ports take receive buffers in no other sizes.
  static func room(forFramesOf largestFrame: Int) -> Int {
    max(Int(RTE_MBUF_DEFAULT_DATAROOM), (largestFrame + 1023) / 1024 * 1024) + Int(RTE_PKTMBUF_HEADROOM)
  }

  /// Fills every mbuf with ``FramePattern`` (`rte_mempool_obj_iter`); none may be in use.
  ///
  /// It stays there as long as nobody writes behind the first ``FrameLayout/headBytes`` bytes of an mbuf.
  ///
  /// - Throws: ``DPDKError`` where it did not come to every mbuf.
  func fill() throws(DPDKError) {
    let room = Int(rte_pktmbuf_data_room_size(source.raw)) - Int(RTE_PKTMBUF_HEADROOM)
    var pattern = FramePattern.bytes(room)
    let filled = pattern.withUnsafeMutableBytes { bytes in
      var bytes = UnsafeRawBufferPointer(bytes)
      return rte_mempool_obj_iter(
        source.raw,
        { _, argument, object, _ in
          guard let object, let bytes = argument?.load(as: UnsafeRawBufferPointer.self), let base = bytes.baseAddress
          else { return }
          cdpdk_mbuf_start(OpaquePointer(object)).copyMemory(from: base, byteCount: bytes.count)
        }, &bytes)
    }
    guard Int(filled) == packets else {
      throw DPDKError(
        "rte_mempool_obj_iter", 0, on: "pool '\(name)'", remedy: "it came to \(filled) of \(packets) packets")
    }
  }

  deinit { rte_mempool_free(source.raw) }
}

/// Where a worker gets its mbufs; valid as long as the ``PacketPool`` that it comes from.
struct PacketSource: @unchecked Sendable {
  // Sendable, as a mempool may be used by every lcore at once.
  let raw: OpaquePointer

  /// Takes `count` mbufs or none (`rte_pktmbuf_alloc_bulk`).
  ///
  /// - Returns: whether they were there.
  @inline(__always)
  func allocate(into packets: UnsafeMutablePointer<OpaquePointer?>, count: Int) -> Bool {
    rte_pktmbuf_alloc_bulk(raw, packets, UInt32(truncatingIfNeeded: count)) == 0
  }

  /// As ``allocate(into:count:)``, but for the mbufs' fields: they are as their last user left them, and
  /// `cdpdk_mbuf_prepare` has to be called for each (`rte_mempool_get_bulk`).
  @inline(__always)
  func take(into packets: UnsafeMutablePointer<OpaquePointer?>, count: Int) -> Bool {
    cdpdk_take(raw, packets, UInt32(truncatingIfNeeded: count)) == 0
  }
}
