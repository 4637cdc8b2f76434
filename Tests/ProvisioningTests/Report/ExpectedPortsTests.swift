import EngineMessages
import Provisioning
import Testing

@Suite("Judging ports by what carried the packets")
struct ExpectedPortsTests {
  static func beneath(_ name: String, _ driver: String, _ packets: UInt64?) -> Subdevice {
    Subdevice(name: name, driver: driver, mac: "m", rxPackets: packets, txPackets: packets.map { _ in 0 })
  }

  static func vf(_ packets: UInt64?) -> Subdevice { beneath("acf1:00:02.0", "mlx5_pci", packets) }
  static func tap(_ packets: UInt64?) -> Subdevice { beneath("net_tap_vsc0", "net_tap", packets) }

  /// Findings about a port that received as many packets as it sent, a million in all.
  func findings(
    _ driver: String, over subdevices: [Subdevice], expecting expected: ExpectedPorts
  ) -> [Finding] {
    let port = PortResult(
      port: 0, name: "p", driver: driver, rxPackets: 500_000, txPackets: 500_000, rxPps: 5e5, txPps: 5e5, rxBps: 1,
      txBps: 1, rxMissed: 0, txDropped: 0, subdevices: subdevices)
    return judge(
      TrafficResult(seconds: 1, ports: [port]), of: .loopback, against: .init(duration: 1), expecting: expected)
  }

  private let accelerated = ExpectedPorts(driver: "net_failsafe", subdeviceDrivers: ["mlx5_pci", "net_mlx4"])

  @Test("a master with its VF is good, and what little its TAP carried too")
  func good() {
    #expect(findings("net_failsafe", over: [Self.vf(980_000), Self.tap(20_000)], expecting: accelerated).isEmpty)
    #expect(findings("net_failsafe", over: [Self.vf(1_000_000)], expecting: accelerated).isEmpty)
  }

  static let incomplete: [([Subdevice], String)] = [
    ([], "has none"),
    ([tap(0)], "has 'net_tap_vsc0' (net_tap): the synthetic path alone"),
    ([beneath("net_null0", "net_null", 0)], "has 'net_null0' (net_null)"),
    ([vf(nil), tap(0)], "lost 'acf1:00:02.0' (mlx5_pci) during the run"),
    ([vf(nil)], "lost 'acf1:00:02.0' (mlx5_pci) during the run"),
  ]

  @Test("a master without a VF fails and says what came up instead", arguments: incomplete)
  func missing(subdevices: [Subdevice], reason: String) {
    let found = findings("net_failsafe", over: subdevices, expecting: accelerated)
    #expect(found.map(\.id) == ["engine.subdeviceMissing"])
    #expect(found.first?.severity == .blocker)
    #expect(found.first?.message == "requires a sub-device of driver mlx5_pci or net_mlx4, \(reason)")
  }

  @Test("a netvsc without a VF is the synthetic path alone")
  func lonelyNetvsc() {
    let expected = ExpectedPorts(driver: "net_netvsc", subdeviceDrivers: ["net_mana"])
    let found = findings("net_netvsc", over: [], expecting: expected)
    #expect(found.map(\.id) == ["engine.subdeviceMissing"])
    #expect(found.first?.message == "requires a sub-device of driver net_mana, has none: the synthetic path alone")
  }

  @Test("a VF that came back is good, its counts are those since")
  func cameBack() {
    #expect(findings("net_failsafe", over: [Self.vf(nil), Self.vf(700_000)], expecting: accelerated).isEmpty)
  }

  @Test("without a VF required none is missed")
  func noneRequired() {
    #expect(findings("net_failsafe", over: [], expecting: .init(driver: "net_failsafe")).isEmpty)
    #expect(findings("net_null", over: [], expecting: .init()).isEmpty)
  }

  @Test("the raw VF instead of the master is the wrong driver, and that alone")
  func rawVF() {
    #expect(findings("mlx5_pci", over: [], expecting: accelerated).map(\.id) == ["engine.wrongDriver"])
  }

  static let slow: [(String, [Subdevice], String)] = [
    ("net_failsafe", [vf(979_999), tap(20_001)], "20 001 of 1 000 000 (2.0 %)"),
    ("net_failsafe", [vf(0), tap(1_000_000)], "1 000 000 of 1 000 000 (100.0 %)"),
    ("net_failsafe", [vf(0), tap(1_200_000)], "1 200 000 of 1 000 000 (100.0 %)"),
    ("net_netvsc", [vf(750_000)], "250 000 of 1 000 000 (25.0 %)"),
    (
      "net_netvsc", [beneath("a", "mlx5_pci", 500_000), beneath("b", "mlx5_pci", 400_000)],
      "100 000 of 1 000 000 (10.0 %)"
    ),
  ]

  @Test("more than a fiftieth on the synthetic path is told with its numbers, and warned of", arguments: slow)
  func synthetic(driver: String, subdevices: [Subdevice], numbers: String) {
    let found = findings(driver, over: subdevices, expecting: .init(subdeviceDrivers: ["mlx5_pci"]))
    #expect(found.map(\.id) == ["engine.syntheticPath"])
    #expect(found.first?.severity == .warning)
    #expect(
      found.first?.message == "requires 2 % of the packets at most on the synthetic path, took it \(numbers)")
  }

  @Test("no share is made of counts that are not there, and none of ports without two ways")
  func noShare() {
    #expect(findings("net_netvsc", over: [Self.vf(990_000)], expecting: .init()).isEmpty)
    #expect(findings("net_netvsc", over: [Self.vf(1_100_000)], expecting: .init()).isEmpty)
    #expect(findings("net_netvsc", over: [Self.vf(nil)], expecting: .init()).isEmpty)
    #expect(findings("net_netvsc", over: [], expecting: .init()).isEmpty)
    #expect(findings("net_failsafe", over: [Self.beneath("m", "net_memif", 9)], expecting: .init()).isEmpty)
    #expect(findings("net_bonding", over: [Self.tap(1_000_000)], expecting: .init()).isEmpty)
  }

  @Test("counts that no engine can have measured are told, not trapped on")
  func absurd() {
    #expect(
      findings("net_failsafe", over: [Self.tap(.max), Self.tap(.max)], expecting: .init()).map(\.id)
        == ["engine.syntheticPath"])
  }
}
