import CDPDK

/// One of the treatments that there are.
enum Rewrite: Equatable, Sendable {
  case mac(MACRewrite)
  case ipv4(IPv4Rewrite)
  case ipv6(IPv6Rewrite)
  case reflection(Reflection)
}

/// One way from a port to a port, the same one for what is reflected.
struct Way: Sendable {
  let from: WorkerPort
  let to: WorkerPort
  /// What questions are answered on the way in; nil looks for none.
  let own: OwnAddress?
  let rewrite: Rewrite

  /// Moves one burst: answers, rewrites, sends; what is refused or not taken is freed and counted as dropped.
  ///
  /// What stays the same all the run is looked at once a burst.
  @inline(__always)
  func moveBurst(_ burst: borrowing PacketBurst, spare: borrowing PacketBurst) {
    let packets = burst.packets
    let received = from.queue.receive(into: packets, limit: burst.capacity)
    guard received > 0 else { return }
    var count = received
    var answered = 0
    if let own {
      answered = totalBytes(packets, count: received)
      count = own.answer(packets, count: received, on: from, with: spare.packets)
      answered &-= totalBytes(packets, count: count)
    }
    let bytes: Int
    switch rewrite {
    case .mac(let rewrite): bytes = move(packets, count, rewrite, refused: spare.packets)
    case .ipv4(let rewrite): bytes = move(packets, count, rewrite, refused: spare.packets)
    case .ipv6(let rewrite): bytes = move(packets, count, rewrite, refused: spare.packets)
    case .reflection(let rewrite): bytes = move(packets, count, rewrite, refused: spare.packets)
    }
    from.line.countReceived(received, bytes: bytes &+ answered)
  }

  /// Rewrites and sends packets.
  ///
  /// - Parameter refused: room for as many.
  /// - Returns: bytes of all of them.
  @inline(__always)
  private func move<Treatment: FrameRewrite>(
    _ packets: UnsafeMutablePointer<OpaquePointer?>, _ count: Int, _ rewrite: Treatment,
    refused: UnsafeMutablePointer<OpaquePointer?>
  ) -> Int {
    var bytes = 0
    var passed = 0
    var stopped = 0
    for index in 0..<count {
      rte_prefetch0(cdpdk_mbuf_data(packets[min(index &+ Self.ahead, count &- 1)]))
      let packet = packets[index]
      bytes &+= Int(cdpdk_mbuf_length(packet))
      let mayPass = rewrite.apply(to: FrameBytes(of: packet))
      guard Treatment.refuses else { continue }
      if mayPass {
        packets[passed] = packet
        passed &+= 1
      } else {
        refused[stopped] = packet
        stopped &+= 1
      }
    }
    if !Treatment.refuses { passed = count }
    var sendable = bytes
    if stopped > 0 {
      sendable &-= totalBytes(refused, count: stopped)
      freePackets(refused, count: stopped)
      to.line.countDropped(stopped)
    }
    if passed > 0 { to.sendOrDrop(packets, count: passed, bytes: sendable) }
    return bytes
  }

  /// How far ahead of its turn the data of a packet is fetched into the cache.
  private static let ahead = 4
}
