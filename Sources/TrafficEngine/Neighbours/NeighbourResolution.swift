import CDPDK
import EngineMessages

/// Asks on ports that are up for the MAC addresses of their peers: the main lcore's work before there are workers.
///
/// While it waits it answers for the ports' own addresses: two engines that look for each other both go on. What else
/// arrives meanwhile is thrown away.
struct NeighbourResolution {
  let ports: [PortDescription]
  /// One a port, by position.
  let sources: [PacketSource]
  let signals: StopSignals

  /// Between two requests for one address.
  static let period = Duration.milliseconds(200)
  static let longestWait = Duration.seconds(5)

  /// - Returns: the request with every MAC address that was asked for; nil where a signal came first.
  /// - Throws: `EngineFailure` that names the port and the address which nobody answers for.
  func resolve(_ request: EngineRequest) throws(EngineFailure) -> EngineRequest? {
    var open = try request.neighbourQuestions(of: ports)
    guard !open.isEmpty else { return request }
    let own = try OwnAddresses(of: request, for: ports)
    let packets = PacketBurst(capacity: 32)
    var resolved = request
    let start = ContinuousClock.now
    var due = start
    while true {
      if ContinuousClock.now >= due {
        for question in open { send(question, with: packets) }
        due += Self.period
      }
      for port in ports.indices {
        for queue in 0..<request.queues {
          let queue = PortQueue(port: UInt16(ports[port].port), queue: UInt16(queue))
          for (found, mac) in receive(on: queue, for: open.filter { $0.port == port }, own.addresses[port], packets) {
            resolved = try resolved.resolving(ports[port], of: ports, to: mac)
            open.removeAll { $0 == found }
          }
        }
      }
      guard let first = open.first else { return resolved }
      if ContinuousClock.now >= start + Self.longestWait { throw silence(on: first) }
      if signals.wait(until: ContinuousClock.now + .milliseconds(1)) { return nil }
    }
  }

  /// What cannot be sent is sent the next time.
  ///
  /// It is no longer than the head that the senders' frames, of the same family, write anew in its mbuf.
  private func send(_ question: NeighbourQuestion, with burst: borrowing PacketBurst) {
    guard sources[question.port].allocate(into: burst.packets, count: 1) else { return }
    let frame = question.request.frame
    UnsafeMutableRawBufferPointer(start: cdpdk_mbuf_data(burst.packets[0]), count: frame.count).copyBytes(from: frame)
    cdpdk_mbuf_set_length(burst.packets[0], UInt16(frame.count))
    let sent = PortQueue(port: UInt16(ports[question.port].port), queue: 0).send(burst.packets, count: 1)
    if sent == 0 { freePackets(burst.packets, count: 1) }
  }

  /// Takes one burst: enters what it tells, answers what it asks, and frees the rest.
  private func receive(
    on queue: PortQueue, for open: [NeighbourQuestion], _ own: OwnAddress?, _ burst: borrowing PacketBurst
  ) -> [(NeighbourQuestion, MACAddress)] {
    let count = queue.receive(into: burst.packets, limit: burst.capacity)
    var found: [(NeighbourQuestion, MACAddress)] = []
    for index in 0..<count {
      let packet = burst.packets + index
      // The answer to a question is written over it.
      let frame = FrameBytes(of: packet.pointee)
      for question in open {
        if let mac = question.request.answer(in: frame) { found.append((question, mac)) }
      }
      let isAnswer = own.map { $0.mayConcern(frame) && $0.answer(packet.pointee) } ?? false
      if !isAnswer || queue.send(packet, count: 1) == 0 { freePackets(packet, count: 1) }
    }
    return found
  }

  private func silence(on question: NeighbourQuestion) -> EngineFailure {
    let way = question.request.address.isV6 ? "neighbour solicitations" : "ARP requests"
    return EngineFailure(
      message: "nobody answered the \(way) of port '\(ports[question.port].name)' for '\(question.destination)' "
        + "in \(Self.longestWait.components.seconds) seconds: is it up and on this link? Else give its MAC address, or "
        + "its router's, with --destination-mac")
  }
}
