import EngineMessages
import Testing

@testable import TrafficEngine

@Suite("Watching ports")
struct PortWatchTests {
  /// Two ports, the first with a sub-device; the second receives what the first sends.
  struct Scene {
    let start = ContinuousClock.now
    var watch: PortWatch
    var sent: UInt64 = 0
    var arrived: UInt64 = 0
    var events: [PortEvent] = []
    var now: Double = 0

    init(silence: Double = 1, mode: TrafficMode = .loopback) {
      let ports = ["net_failsafe0", "net_ring0"].enumerated().map { index, name in
        PortDescription(port: index + 1, name: name, driver: "d", mac: "m", numaNode: nil)
      }
      watch = PortWatch(
        ports, Self.states(["vf"]), from: start, measuredFrom: start, silence: .seconds(silence), mode: mode)
    }

    static func states(_ subdevices: [String], isUp: Bool = true) -> [PortState] {
      [PortState(isUp: isUp, subdevices: subdevices), PortState(isUp: true, subdevices: [])]
    }

    /// Looks every ten milliseconds, with packets that pass, or not.
    mutating func go(
      to end: Double, sending: Bool = true, losing: Bool = false, _ states: [PortState]? = nil,
      _ signals: [(Double, PortSignal.Kind)] = []
    ) {
      var waiting = signals
      while now < end - 0.001 {
        now += 0.01
        if sending {
          sent += 10
          if !losing { arrived += 10 }
        }
        let due = waiting.filter { $0.0 <= now }
        waiting.removeAll { $0.0 <= now }
        events += watch.look(
          at: start + .seconds(now),
          due.map { PortSignal(kind: $0.1, port: 5, device: "vf", time: start + .seconds($0.0)) }, states,
          [PacketTotals(txPackets: sent), PacketTotals(rxPackets: arrived, arrived: arrived)])
      }
    }
  }

  private func kinds(_ scene: Scene) -> [PortEvent.Kind] { scene.events.map(\.kind) }

  @Test("a VF that goes and comes back is told with its times, and with what it cost")
  func interruption() throws {
    var scene = Scene()
    scene.go(to: 1, Scene.states(["vf"]))
    // Told to go, and there for some time still.
    scene.go(to: 1.2, sending: false, Scene.states(["vf"]), [(1.005, .removal)])
    scene.go(to: 1.5, sending: false, Scene.states([]), [(1.21, .departure)])
    scene.go(to: 1.7, losing: true, Scene.states(["vf"]), [(1.51, .arrival)])
    scene.go(to: 3.5, Scene.states(["vf"]))
    #expect(kinds(scene) == [.removed, .added])
    #expect(scene.events.allSatisfy { $0.port == 1 && $0.device == "vf" })
    let found = try #require(scene.watch.interruptions.first)
    #expect(scene.watch.interruptions.count == 1 && found.port == 1 && found.device == "vf")
    #expect(abs(found.elapsed - 1.005) < 1e-6)
    #expect(abs(try #require(found.absence) - 0.505) < 1e-6)
    #expect(abs(found.standstill - 0.71) < 1e-6, "what was lost after the return did not arrive either")
    #expect(abs(found.resolution - 0.01) < 1e-6)
    #expect(found.lost == 200)
  }

  @Test("a VF that does not come back has no absence, and its standstill is as long as the run")
  func goneForGood() throws {
    var scene = Scene()
    scene.go(to: 1, Scene.states(["vf"]))
    scene.go(to: 3, sending: false, Scene.states([]), [(1.0, .removal), (1.0, .departure)])
    let found = try #require(scene.watch.interruptions.first)
    #expect(found.absence == nil && found.standstill > 1.9)
    #expect(kinds(scene) == [.removed, .silent, .silent])
  }

  @Test("a VF that is there for a moment, and carries nothing, was not back")
  func plugInGivenUp() throws {
    var scene = Scene()
    scene.go(to: 1, Scene.states(["vf"]))
    scene.go(to: 1.5, sending: false, Scene.states([]))
    scene.go(to: 1.52, sending: false, Scene.states(["vf"]))
    scene.go(to: 3, sending: false, Scene.states([]))
    let found = try #require(scene.watch.interruptions.first)
    #expect(scene.watch.interruptions.count == 1 && found.absence == nil && found.standstill > 1.9)
    #expect(kinds(scene).filter { $0 != .silent } == [.removed, .added, .removed])
  }

  @Test("where no driver tells, looking does; and each time counts")
  func polled() {
    var scene = Scene()
    for round in 0..<3 {
      scene.go(to: Double(3 * round + 1), Scene.states(["vf"]))
      scene.go(to: Double(3 * round) + 1.5, Scene.states([]))
      scene.go(to: Double(3 * round + 3), Scene.states(["vf"]))
    }
    #expect(kinds(scene) == [.removed, .added, .removed, .added, .removed, .added])
    #expect(scene.watch.interruptions.allSatisfy { abs(($0.absence ?? 0) - 0.5) < 0.02 && $0.standstill < 0.02 })
    #expect(scene.watch.interruptions.count == 3)
  }

  @Test("a departure that is told after it was seen is the same one")
  func lateSignal() {
    var scene = Scene()
    scene.go(to: 1, Scene.states(["vf"]))
    scene.go(to: 1.1, Scene.states([]))
    scene.go(to: 1.2, Scene.states([]), [(1.05, .departure)])
    scene.go(to: 3, Scene.states(["vf"]))
    #expect(kinds(scene) == [.removed, .added])
    #expect(scene.watch.interruptions.count == 1)
  }

  @Test("links and resets are told, a link once a change")
  func links() {
    var scene = Scene()
    scene.go(to: 0.1, Scene.states(["vf"], isUp: false))
    scene.go(to: 0.2, Scene.states(["vf"], isUp: true), [(0.15, .reset)])
    #expect(kinds(scene) == [.linkDown, .linkUp, .reset] || kinds(scene) == [.linkDown, .reset, .linkUp])
  }

  @Test("a port that moves no packets is silent, from the beginning too; the next time only after twice as long")
  func silence() {
    var scene = Scene(silence: 0.5)
    scene.go(to: 2, sending: false)
    scene.go(to: 3)
    scene.go(to: 3.9, sending: false)
    scene.go(to: 4)
    #expect(kinds(scene) == [.silent, .silent, .resumed, .resumed])
    #expect(scene.events.map(\.port) == [1, 2, 1, 2])
    scene.go(to: 5.5, sending: false)
    #expect(kinds(scene).suffix(2) == [.silent, .silent])
  }

  @Test("a port that receives packets of others alone is not silent, the one whose packets do not arrive is")
  func foreign() {
    let start = ContinuousClock.now
    let ports = (0..<2).map { PortDescription(port: $0, name: "p\($0)", driver: "d", mac: "m", numaNode: nil) }
    var watch = PortWatch(
      ports, Scene.states([]), from: start, measuredFrom: start, silence: .seconds(0.5), mode: .loopback)
    var events: [PortEvent] = []
    for look in 1...200 {
      let count = UInt64(look)
      events += watch.look(
        at: start + .milliseconds(10 * look), [], nil, [PacketTotals(txPackets: count), PacketTotals(rxPackets: count)])
    }
    #expect(!events.isEmpty && events.allSatisfy { $0.kind == .silent && $0.port == 0 })
  }

  @Test("what goes on sending while nothing arrives stands still")
  func oneWay() throws {
    var scene = Scene(silence: 0.5)
    scene.go(to: 1, Scene.states(["vf"]))
    scene.go(to: 1.4, losing: true, Scene.states([]))
    scene.go(to: 3, Scene.states(["vf"]))
    let found = try #require(scene.watch.interruptions.first)
    #expect(abs(found.standstill - 0.41) < 0.011 && found.lost == 400)
    scene.go(to: 4, losing: true)
    #expect(kinds(scene) == [.removed, .added, .silent, .silent])
    var sending = Scene(silence: 0.5, mode: .tx)
    sending.go(to: 1, losing: true)
    #expect(sending.events.map(\.port) == [2], "the first port sends, the second does not")
  }

  @Test("what goes between two runs of traffic, and comes back in the second, is one interruption")
  func betweenRuns() throws {
    var scene = Scene(silence: 0.5)
    scene.go(to: 1, Scene.states(["vf"]))
    scene.go(to: 1.7, sending: false)
    #expect(kinds(scene) == [.silent, .silent])
    // Five seconds later, with counters that begin anew.
    scene.watch = scene.watch.goingOn(from: scene.start + .seconds(6), silence: .seconds(0.5))
    (scene.now, scene.sent, scene.arrived) = (6, 0, 0)
    scene.go(to: 6.5, losing: true, Scene.states([]))
    scene.go(to: 8, Scene.states(["vf"]))
    #expect(kinds(scene) == [.silent, .silent, .removed, .added, .resumed, .resumed])
    let found = try #require(scene.watch.interruptions.first)
    #expect(scene.watch.interruptions.count == 1 && abs(found.elapsed - 6.01) < 0.011)
    #expect(abs(try #require(found.absence) - 0.5) < 0.011 && found.lost == 500)
  }

  @Test("the second of two interruptions is not less certain for the first")
  func twice() {
    var scene = Scene()
    for round in 0..<2 {
      scene.go(to: Double(4 * round + 1), Scene.states(["vf"]))
      scene.go(to: Double(4 * round + 2), sending: false, Scene.states([]))
      scene.go(to: Double(4 * round + 4), Scene.states(["vf"]))
    }
    #expect(scene.watch.interruptions.map { $0.resolution < 0.02 && $0.standstill > 0.9 } == [true, true])
  }

  @Test("a gap that was usual before does not count as certain")
  func seldom() throws {
    var scene = Scene()
    for round in 1...5 {
      scene.go(to: Double(round) * 0.2 - 0.01, sending: false)
      scene.go(to: Double(round) * 0.2)
    }
    scene.go(to: 1.19, sending: false, Scene.states([]))
    scene.go(to: 1.2, Scene.states(["vf"]))
    scene.go(to: 3, Scene.states(["vf"]))
    #expect(abs(try #require(scene.watch.interruptions.first).resolution - 0.2) < 0.011)
  }
}
