/// The order in which packets went out, by flow and by their number in it.
struct OutputRecord {
  private var entries: [(flow: UInt16, number: UInt32)] = []

  mutating func append(flow: UInt16, number: UInt32) { entries.append((flow, number)) }

  /// Packets of type P reordered (RFC 4737, 3.3): those with a lower number than one before them of their flow. Of a packet
  /// that went out twice the first copy counts alone (3.3).
  var reordered: UInt64 {
    var flows: [UInt16: (next: UInt32, seen: Set<UInt32>)] = [:]
    var reordered: UInt64 = 0
    for entry in entries {
      let isFirst = flows[entry.flow, default: (0, [])].seen.insert(entry.number).inserted
      guard isFirst, let next = flows[entry.flow]?.next else { continue }
      if entry.number >= next { flows[entry.flow]?.next = entry.number + 1 } else { reordered += 1 }
    }
    return reordered
  }
}
