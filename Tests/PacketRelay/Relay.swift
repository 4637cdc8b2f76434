import CDPDK

/// A packet on its way through the relay.
struct RelayedPacket {
  let mbuf: OpaquePointer
  /// The UDP source port; nil for anything else, which goes through as it is.
  let flow: UInt16?
  /// Its number in its flow, by arrival.
  let number: UInt32
}

/// Moves packets from the first interface to the second, on the calling thread.
struct Relay {
  private let environment: RelayEnvironment
  private var impairment: Impairment
  private var limit: RateLimit?
  /// Cycles without a packet after which what is held goes out.
  private let idle: UInt64
  private let isClean: Bool
  /// Packets that faults may befall.
  private let first: UInt64

  private var disorder = Disorder<RelayedPacket>()
  /// On their way out; with a limit they wait here.
  private var line: [RelayedPacket] = []
  private var head = 0
  private var record = OutputRecord()
  private var numbers = [UInt32](repeating: 0, count: 65_536)
  private var counts = RelayReport()
  private let burst: UnsafeMutablePointer<OpaquePointer?>

  private static let burstSize = 32

  init(environment: RelayEnvironment, impairment: Impairment, limit: RateLimit?, first: UInt64, idle: Double) {
    self.first = first
    self.environment = environment
    self.impairment = impairment
    self.limit = limit
    self.idle = UInt64(environment.hertz * idle)
    isClean = impairment.shares.isNone
    burst = .allocate(capacity: Self.burstSize)
    burst.initialize(repeating: nil, count: Self.burstSize)
  }

  mutating func run(until stop: StopCheck) {
    var lastArrival = cdpdk_tsc()
    var lastCheck = lastArrival
    while true {
      let count = Int(rte_eth_rx_burst(0, 0, burst, UInt16(Self.burstSize)))
      let now = cdpdk_tsc()
      for index in 0..<count {
        guard let mbuf = burst[index] else { continue }
        take(mbuf)
      }
      if count > 0 { lastArrival = now }
      if count == 0, now &- lastArrival > idle, !disorder.isEmpty {
        var out: [RelayedPacket] = []
        disorder.release { out.append($0) }
        for packet in out { enqueue(packet) }
      }
      sendLine(at: now)
      if now &- lastCheck > UInt64(environment.hertz / 1000) {
        lastCheck = now
        if stop.isDue() { return }
      }
    }
  }

  func report() throws -> RelayReport {
    var report = counts
    report.reordered = record.reordered
    report.flows = numbers.count { $0 > 0 }
    report.unplanned = try environment.unplannedLosses()
    return report
  }

  private mutating func take(_ mbuf: OpaquePointer) {
    guard let flow = udpSourcePort(mbuf) else {
      enqueue(RelayedPacket(mbuf: mbuf, flow: nil, number: 0))
      return
    }
    counts.received += 1
    let packet = RelayedPacket(mbuf: mbuf, flow: flow, number: numbers[Int(flow)])
    numbers[Int(flow)] += 1
    if isClean {
      enqueue(packet)
      return
    }
    let fate = counts.received <= first ? impairment.next() : .forward
    if fate != .drop, counts.received <= first, let corruption = impairment.corruption() {
      let length = Int(cdpdk_mbuf_first_length(mbuf))
      let byte = cdpdk_mbuf_data(mbuf).assumingMemoryBound(to: UInt8.self) + (length - corruption.fromEnd)
      byte.pointee ^= corruption.change
      counts.corrupted += 1
    }
    var copy: RelayedPacket?
    if case .duplicate = fate, let second = rte_pktmbuf_copy(mbuf, environment.pool, 0, .max) {
      counts.duplicated += 1
      copy = RelayedPacket(mbuf: second, flow: flow, number: packet.number)
    }
    var out: [RelayedPacket] = []
    if !disorder.pass(packet, fate, copy: copy, out: { out.append($0) }) {
      counts.dropped += 1
      rte_pktmbuf_free(mbuf)
    }
    for packet in out { enqueue(packet) }
  }

  private mutating func enqueue(_ packet: RelayedPacket) {
    if let limit, line.count - head >= limit.queue {
      counts.tailDropped += 1
      rte_pktmbuf_free(packet.mbuf)
    } else {
      line.append(packet)
    }
  }

  /// What the interface does not take stays in the line.
  private mutating func sendLine(at now: UInt64) {
    var allowed = line.count - head
    if limit != nil { allowed = min(allowed, limit?.available(at: now) ?? 0) }
    while allowed > 0 {
      let count = min(allowed, Self.burstSize)
      for index in 0..<count { burst[index] = line[head + index].mbuf }
      let sent = Int(rte_eth_tx_burst(1, 0, burst, UInt16(count)))
      for index in 0..<sent {
        let packet = line[head + index]
        guard let flow = packet.flow else { continue }
        counts.sent += 1
        // Without faults there is nothing to tell, and the record of a long benchmark would be large.
        if !isClean { record.append(flow: flow, number: packet.number) }
      }
      head += sent
      allowed -= sent
      limit?.spend(sent)
      if sent < count { break }
    }
    if head == line.count || head > 65_536 {
      line.removeFirst(head)
      head = 0
    }
  }
}

/// The UDP source port of an untagged IPv4 or IPv6 packet without options or extensions; nil of anything else.
private func udpSourcePort(_ mbuf: OpaquePointer) -> UInt16? {
  let data = UnsafeRawPointer(cdpdk_mbuf_data(mbuf))
  let length = Int(cdpdk_mbuf_first_length(mbuf))
  func number(at offset: Int) -> UInt16 {
    UInt16(bigEndian: data.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }
  func byte(at offset: Int) -> UInt8 { data.load(fromByteOffset: offset, as: UInt8.self) }
  guard length >= 42 else { return nil }
  switch number(at: 12) {
  case 0x0800 where byte(at: 14) == 0x45 && byte(at: 23) == 17: return number(at: 34)
  case 0x86dd where length >= 62 && byte(at: 20) == 17: return number(at: 54)
  default: return nil
  }
}
