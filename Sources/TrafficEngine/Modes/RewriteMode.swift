import EngineMessages

/// Moves packets and writes into them: `forward` with new MAC addresses or routed, both ways of every pair, and `reflect`,
/// from every port to itself.
struct RewriteMode: Sendable {
  let lineup: Lineup
  let phase: RunPhase
  let burst: Int
  /// Makes the bursts that every worker sends on every port before it forwards.
  let flows: FlowSource
  /// From where to where, by position.
  private let ways: [PlannedWay]

  private struct PlannedWay: Sendable {
    let from: Int
    let to: Int
    let own: OwnAddress?
    let rewrite: Rewrite
  }

  /// - Throws: `EngineFailure` for addresses that cannot be written.
  init(
    _ request: EngineRequest, lineup: Lineup, phase: RunPhase, flows: FlowSource
  ) throws(EngineFailure) {
    self.lineup = lineup
    self.phase = phase
    self.flows = flows
    burst = request.burst
    let own = try OwnAddresses(of: request, for: lineup.ports).addresses
    if request.mode == .reflect {
      ways = lineup.ports.indices.map {
        PlannedWay(from: $0, to: $0, own: own[$0], rewrite: .reflection(Reflection()))
      }
      return
    }
    let rewrites = flows.addresses.map { $0.rewrite(request.forwarding) }
    ways = lineup.pairs.flatMap(\.ways).compactMap { from, to in
      rewrites[to].map { PlannedWay(from: from, to: to, own: own[from], rewrite: $0) }
    }
  }

  /// The loop of one worker; returns when the run is over.
  func run(worker: Int) {
    flows.sendFirst(worker: worker)
    let ways = ways.map { way in
      Way(
        from: lineup.port(way.from, worker: worker), to: lineup.port(way.to, worker: worker), own: way.own,
        rewrite: way.rewrite)
    }
    let packets = PacketBurst(capacity: burst)
    let spare = PacketBurst(capacity: burst)
    var turn = WorkerPhase(phase, worker: worker, counters: lineup.counters)
    ways.withUnsafeBufferPointer { move($0, with: packets, spare, until: &turn) }
  }

  /// The rounds themselves, apart from what prepares them, to have the registers for themselves.
  @inline(never)
  private func move(
    _ ways: UnsafeBufferPointer<Way>, with packets: borrowing PacketBurst, _ spare: borrowing PacketBurst,
    until turn: inout WorkerPhase
  ) {
    while !turn.isOver() {
      for way in ways { way.moveBurst(packets, spare: spare) }
    }
  }
}
