/// Lets packets out in the order that their fates give them.
struct Disorder<Packet> {
  private var arrivals: UInt64 = 0
  /// With the arrival that each goes out behind.
  private var held: [(due: UInt64, packet: Packet)] = []
  /// The packet that waits for the one it changes places with, and what came in between.
  private var open: (packet: Packet, due: UInt64, between: [Packet])?

  var isEmpty: Bool { held.isEmpty && open == nil }

  /// Takes a packet, and puts out what may go now.
  ///
  /// - Parameter copy: the packet's second copy, where its fate is to have one.
  /// - Returns: false where the packet is to be dropped: it stays the caller's.
  mutating func pass(_ packet: Packet, _ fate: Fate, copy: Packet?, out: (Packet) -> Void) -> Bool {
    let now = arrivals
    arrivals += 1
    switch fate {
    case .drop: break
    case .forward: put(packet, out)
    case .duplicate(let after):
      put(packet, out)
      if let copy { held.append((now + UInt64(after), copy)) }
    case .delay(let count): held.append((now + UInt64(count), packet))
    case .swap(let distance):
      // One change of places at a time.
      if open == nil { open = (packet, now + UInt64(distance), []) } else { put(packet, out) }
    }
    if let change = open, change.due <= now { close(change, out) }
    if !held.isEmpty { releaseDue(at: now, out) }
    return fate != .drop
  }

  /// Puts out all that is held.
  mutating func release(out: (Packet) -> Void) {
    if let change = open { close(change, out) }
    releaseDue(at: .max, out)
  }

  private mutating func put(_ packet: Packet, _ out: (Packet) -> Void) {
    if open == nil { out(packet) } else { open?.between.append(packet) }
  }

  private mutating func close(_ change: (packet: Packet, due: UInt64, between: [Packet]), _ out: (Packet) -> Void) {
    var between = change.between
    let last = between.popLast()
    open = nil
    if let last { out(last) }
    for packet in between { out(packet) }
    out(change.packet)
  }

  private mutating func releaseDue(at now: UInt64, _ out: (Packet) -> Void) {
    for entry in held where entry.due <= now { put(entry.packet, out) }
    held.removeAll { $0.due <= now }
  }
}
