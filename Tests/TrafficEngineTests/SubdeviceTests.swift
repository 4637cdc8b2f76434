import EngineMessages
import Testing

@testable import TrafficEngine

@Suite("Sub-devices")
struct SubdeviceTests {
  private func failsafe(_ number: Int, mac: String, over names: String...) -> MasterPort {
    MasterPort(driver: "net_failsafe", mac: mac, device: "net_failsafe\(number)", subdevices: names)
  }

  private func owned(by id: UInt64, _ device: String, mac: String, owner: String = "Fail-safe") -> OwnedPort {
    OwnedPort(
      ownerID: id, ownerName: owner, device: device, subdevice: Subdevice(name: device, driver: "d", mac: mac))
  }

  private func names(_ ports: [OwnedPort], by masters: [MasterPort]) -> [[String]] {
    let ports = ClaimedPorts(of: ports, by: masters)
    return ports.claimed.map { $0.map(\.name) } + [ports.unclaimed.map(\.name)]
  }

  @Test("a VF comes with the TAP that the devargs name, as both have one owner; order and MAC addresses do not matter")
  func tapAndVF() {
    let masters = [failsafe(0, mac: "m", over: "net_tap_vsc0"), failsafe(1, mac: "m", over: "net_tap_vsc1")]
    let ports = [
      owned(by: 2, "acf1:00:02.0", mac: "m"), owned(by: 1, "bcf1:00:02.0", mac: "m"),
      owned(by: 2, "net_tap_vsc1", mac: "m"), owned(by: 1, "net_tap_vsc0", mac: "m"),
    ]
    #expect(names(ports, by: masters) == [["bcf1:00:02.0", "net_tap_vsc0"], ["acf1:00:02.0", "net_tap_vsc1"], []])
  }

  @Test("a VF whose TAP did not come up is known by the MAC address that its failsafe took over")
  func lonelyVF() {
    let masters = [failsafe(0, mac: "a", over: "net_tap_vsc0"), failsafe(1, mac: "b", over: "net_tap_vsc1")]
    #expect(names([owned(by: 9, "acf1:00:02.0", mac: "b")], by: masters) == [[], ["acf1:00:02.0"], []])
  }

  @Test("what two masters could own is nobody's")
  func ambiguous() {
    let masters = [failsafe(0, mac: "a"), failsafe(1, mac: "a")]
    #expect(names([owned(by: 1, "x", mac: "a"), owned(by: 2, "y", mac: "c")], by: masters) == [[], [], ["x", "y"]])
  }

  @Test("a netvsc calls itself by its device, a MANA function has ports of several")
  func netvsc() {
    let masters = [
      MasterPort(driver: "net_netvsc", mac: "a", device: "uuid-a", subdevices: []),
      MasterPort(driver: "net_netvsc", mac: "b", device: "uuid-b", subdevices: []), failsafe(0, mac: "b"),
    ]
    let ports = [
      owned(by: 1, "7870:00:00.0", mac: "b", owner: "uuid-b"), owned(by: 2, "7870:00:00.0", mac: "a", owner: "uuid-a"),
      owned(by: 3, "1:00:02.0", mac: "b", owner: "uuid-c"),
    ]
    #expect(names(ports, by: masters) == [["7870:00:00.0"], ["7870:00:00.0"], [], ["1:00:02.0"]])
  }

  @Test(
    "devargs of a failsafe name its sub-devices",
    arguments: [
      ("dev(net_null0)", ["net_null0"]), ("mac=02:00:00:00:00:01,dev(a,x=1),dev(b)", ["a", "b"]),
      ("fd(12),dev(net_tap_vsc0,remote=eth1)", ["net_tap_vsc0"]), ("exec(echo dev(x))", []),
      ("dev(net_failsafe1,dev(net_null0))", ["net_failsafe1"]), ("dev(acf1:00:02.0)", ["acf1:00:02.0"]),
      ("", []), ("dev()", []), ("dev", []), (")),(", []), ("dev(", []),
    ])
  func devargs(text: String, expected: [String]) { #expect(failsafeSubdevices(in: text) == expected) }

  private func counted(_ name: String, rx: UInt64?, tx: UInt64?) -> Subdevice {
    Subdevice(name: name, driver: "d", mac: "m", rxPackets: rx, txPackets: tx)
  }

  @Test("counts are those of the interval, of a sub-device that came back those since, of one that is gone none")
  func counts() {
    let first = PortStatistics(
      missed: 5, subdevices: [counted("tap", rx: 10, tx: 20), counted("vf", rx: 7, tx: 8), counted("x", rx: 9, tx: 9)])
    let last = PortStatistics(
      missed: 4, subdevices: [counted("tap", rx: 11, tx: 23), counted("new", rx: 1, tx: 2), counted("x", rx: 3, tx: 9)])
    let expected = [
      counted("tap", rx: 1, tx: 3), counted("new", rx: 1, tx: 2), counted("x", rx: 3, tx: 0),
      counted("vf", rx: nil, tx: nil),
    ]
    #expect(PortStatistics(from: first, to: last) == PortStatistics(missed: 0, subdevices: expected))
  }
}
